import { MarqueeError } from '../../errors.ts'

/** Hyper-parameters by name, not yet checked. */
export type Settings = Readonly<Record<string, unknown>>

const ownOptions: Record<string, string> = {
  algorithm: '--algorithm',
  engine: '--engine',
  seed: '--seed',
  split: '--valid and --split',
}

/** True of a field of a training that an option of its own gives, and not `--set`. */
export function hasOption(field: string): boolean {
  return Object.hasOwn(ownOptions, field)
}

/**
 * The settings of each algorithm, from `NAME=VALUE` for all of them and `ALGORITHM.NAME=VALUE` for
 * one; the later of two wins. An `invalid-request` error for what cannot be read.
 */
export function readSettings(
  texts: readonly string[],
  algorithms: readonly string[],
): (algorithm: string) => Settings {
  const settings = texts.map((text) => readSetting(text, algorithms))
  return (algorithm) =>
    Object.fromEntries(
      settings
        .filter((setting) => setting.algorithm === null || setting.algorithm === algorithm)
        .map(({ name, value }) => [name, value]),
    )
}

/** `epochs=5` to the name 'epochs' and the value 5: JSON, or text where it is not JSON. */
function readSetting(text: string, algorithms: readonly string[]) {
  const at = text.indexOf('=')
  if (at < 1) throw invalid(`--set ${text}: expected NAME=VALUE.`)
  const fullName = text.slice(0, at)
  const algorithm = algorithms.find((known) => fullName.startsWith(`${known}.`)) ?? null
  const name = algorithm === null ? fullName : fullName.slice(algorithm.length + 1)
  if (hasOption(name)) throw invalid(`--set ${name}: use ${ownOptions[name]}.`)
  return { algorithm, name, value: readValue(text.slice(at + 1)) }
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function invalid(message: string): MarqueeError {
  return new MarqueeError('invalid-request', message)
}
