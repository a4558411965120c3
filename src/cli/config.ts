import { type Config, environment } from '../config.ts'

/** Each variable with its meaning and default, for people. */
export function describeConfig(): { name: string; meaning: string; default: string }[] {
  const defaults = environment.parse({})
  return Object.entries(environment.shape).map(([name, schema]) => {
    const value = defaults[name as keyof Config]
    return {
      name,
      meaning: schema.description ?? '',
      default: Array.isArray(value) ? '' : String(value),
    }
  })
}

/** Prints each environment variable with its default and meaning. */
export function printConfig(): void {
  for (const { name, meaning, default: value } of describeConfig())
    process.stdout.write(`${name}${value === '' ? '' : ` (default ${value})`}\n    ${meaning}\n`)
}
