import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createProgram } from '../../src/cli/program.ts'
import { loaderArgs } from '../support/loader.ts'

const program = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))

/** What `marquee …` writes to standard output, in a process of its own, on the CPU alone. */
export async function runMarquee(args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...loaderArgs, program, ...args],
    { env: { ...process.env, MARQUEE_TENSORFLOW_BACKEND: 'wasm' } },
  )
  return stdout
}

/** Runs `marquee …` in this process: an error is the program's own. */
export async function parse(args: readonly string[]): Promise<void> {
  await createProgram().parseAsync([...args], { from: 'user' })
}

/**
 * The help that `marquee …` prints in a terminal of so many columns, and the error that ends it.
 */
export async function helpOf(args: readonly string[], columns = 80) {
  let text = ''
  const program = createProgram({
    getOutHelpWidth: () => columns,
    writeOut: (part) => {
      text += part
    },
  })
  const error = await program.parseAsync([...args], { from: 'user' }).then(
    () => null,
    (cause: unknown) => cause as Error & { exitCode?: number },
  )
  return { text, error }
}
