import {
  Command,
  type ErrorOptions,
  InvalidArgumentError,
  Option,
  type OutputConfiguration,
} from 'commander'
import type { z } from 'zod'
import { MarqueeError } from '../errors.ts'
import { suggest } from '../suggest.ts'
import { describeValues, jsonSchemaOf, valuesOf } from './settings/describe-values.ts'

const widestHelp = 100

/** A command whose misuse is an `invalid-request` error of one line that says what was expected. */
export class MarqueeCommand extends Command {
  override createCommand(name?: string): MarqueeCommand {
    return new MarqueeCommand(name)
  }

  override error(message: string, { code }: ErrorOptions = {}): never {
    const unknown = this.args.find((word) => word.startsWith('-'))
    // A misspelt option says more than that the option it was meant for is missing.
    if (code === 'commander.missingMandatoryOptionValue' && unknown !== undefined)
      return this.error(`unknown option '${unknown}'`, { code: 'commander.unknownOption' })
    const text = message.replace(/^error: /, '').replace(/\.?$/, '.')
    const sentence = text.charAt(0).toUpperCase() + text.slice(1)
    const [, name = ''] = /'(.*)'/.exec(text) ?? []
    throw new MarqueeError('invalid-request', `${sentence} ${this.#expected(code, name)}`)
  }

  #expected(code: string | undefined, name: string): string {
    const help = this.createHelp()
    if (code === 'commander.unknownCommand')
      return suggest(
        name,
        help.visibleCommands(this).map((command) => command.name()),
      )
    if (code === 'commander.unknownOption')
      return suggest(
        name,
        help.visibleOptions(this).flatMap(({ long }) => long ?? []),
      )
    return `See marquee ${this.parent ? `${this.name()} ` : ''}--help.`
  }

  /** Shows how the command is used, after its options. */
  examples(...lines: string[]): this {
    return this.addHelpText('after', `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`)
  }
}

/** The program without its commands, which inherit how it prints and fails. */
export function createRoot(version: string, output: OutputConfiguration): MarqueeCommand {
  const root = new MarqueeCommand('marquee')
  root
    .version(version, '--version', 'Prints the version.')
    .helpOption('-h, --help', 'Prints this help.')
    .helpCommand('help [command]', 'Prints the help of a command.')
    .exitOverride()
    .showSuggestionAfterError(false)
    .configureHelp({
      optionDescription: ({ description }) => description,
      subcommandTerm: (command) => command.name(),
    })
    .configureOutput({
      getOutHelpWidth: () => Math.min(widestHelp, process.stdout.columns ?? 80),
      ...output,
    })
    // Asked for the help of a command that is not there, commander would print that of all.
    .addHelpText('before', () => {
      const name = root.args.find((word) => word !== 'help' && !word.startsWith('-'))
      return name === undefined
        ? ''
        : root.error(`unknown command '${name}'`, { code: 'commander.unknownCommand' })
    })
  return root
}

/**
 * An option whose values, default and words are those of a zod schema of a number or a name; with
 * `isRepeated` it may be given several times and is a list, without a default.
 */
export function fieldOption(flags: string, field: z.ZodType, { isRepeated = false } = {}): Option {
  const schema = jsonSchemaOf(field)
  const option = new Option(flags, `${schema.description} (${describeValues(schema)})`)
  if (!isRepeated) option.default(schema.default)
  return option.argParser<unknown>((text, previous) => {
    const value = schema.enum || text.trim() === '' ? text : Number(text)
    const parsed = field.safeParse(value)
    if (!parsed.success) throw new InvalidArgumentError(`Expected: ${valuesOf(schema)}.`)
    return isRepeated ? [...((previous as unknown[]) ?? []), parsed.data] : parsed.data
  })
}
