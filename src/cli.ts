import { CommanderError } from 'commander'
import { createProgram } from './cli/program.ts'
import { MarqueeError } from './errors.ts'

// A reader that has seen enough, such as head, closes the pipe.
process.stdout.on('error', () => process.exit(0))

const args = process.argv.slice(2)
try {
  await createProgram().parseAsync(args.length > 0 ? args : ['--help'], { from: 'user' })
} catch (error) {
  if (!(error instanceof CommanderError && error.exitCode === 0)) fail(error)
}

/** Ends the process, whatever it still has open. */
function fail(error: unknown): void {
  // What a user can put right is one line; anything else is a fault of ours and shows where it is.
  const text =
    error instanceof MarqueeError
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error)
  process.stderr.write(`marquee: ${text}\n`, () => process.exit(1))
}
