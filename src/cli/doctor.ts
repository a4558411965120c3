import { parseArgs } from 'node:util'
import { MarqueeError } from '../errors.ts'
import type { EngineReport, EngineState } from '../model/engine-report.ts'
import type { BackendPreference } from '../training/engines/engine.ts'
import { enginesOn } from './doctor/probe-backend.ts'
import { probeEngines } from './doctor/probe-engines.ts'
import { invalid, misused } from './training-arguments.ts'

const usage = `Usage: marquee doctor [--json] [--require cuda|webgpu|wasm]

Tries every engine on every device of this machine, each in a process of its own, and says which are
there, which are not and why. With --require it fails unless that backend is there.
`

/** Prints what this machine can train on; a `no-engine` error when what is required is missing. */
export async function doctorCommand(args: string[], preference: BackendPreference): Promise<void> {
  const { json, help, require } = readArguments(args)
  if (help) {
    process.stdout.write(usage)
    return
  }
  if (require !== undefined && !Object.hasOwn(enginesOn, require))
    throw invalid(`--require ${require}: expected ${Object.keys(enginesOn).join(', ')}.`)
  endWithParent()
  const report = await probeEngines(preference)
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : describe(report))
  if (
    require !== undefined &&
    !report.engines.some((state) => state.backend === require && state.isAvailable)
  )
    throw new MarqueeError('no-engine', `The backend "${require}" is required and not there.`)
}

/** A server or worker that asks, and is killed, leaves no doctor behind. */
function endWithParent(): void {
  process.on('disconnect', () => process.exit(1))
  process.channel?.unref()
}

function readArguments(args: string[]) {
  const flag = { type: 'boolean', default: false } as const
  try {
    const options = {
      json: flag,
      help: { ...flag, short: 'h' },
      require: { type: 'string' },
    } as const
    return parseArgs({ args, options }).values
  } catch (cause) {
    throw misused(cause, 'See marquee doctor --help.')
  }
}

/** The report as lines for people. */
export function describe({ host, engines, auto }: EngineReport): string {
  const lines = engines.map((state) => `  ${nameOf(state).padEnd(22)}${availabilityOf(state)}`)
  const taken = auto.map(
    ({ algorithm, engine, backend }) => `  ${algorithm.padEnd(22)}${nameOf({ engine, backend })}`,
  )
  return `Engines on ${host}:\n${lines.join('\n')}\n\n"auto" takes:\n${taken.join('\n')}\n`
}

function availabilityOf({ isAvailable, isSoftware, device, reason }: EngineState): string {
  if (!isAvailable) return `missing: ${reason}`
  return isSoftware ? `software, "auto" never takes it: ${device}` : `ready: ${device}`
}

function nameOf({ engine, backend }: { engine: string; backend: string }): string {
  return engine === 'tensorflow' ? `${engine} on ${backend}` : engine
}
