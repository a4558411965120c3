import { describeConfig } from '../config.ts'

/** Prints each environment variable with its default and meaning. */
export function printConfig(): void {
  for (const { name, meaning, default: value } of describeConfig())
    process.stdout.write(`${name}${value === '' ? '' : ` (default ${value})`}\n    ${meaning}\n`)
}
