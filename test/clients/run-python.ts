import { execFile, execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** Why what needs it is skipped; false where there is a Python that the client is for. */
export const noPython = (() => {
  try {
    const isNew = 'import sys; sys.exit(sys.version_info < (3, 9))'
    execFileSync('python3', ['-c', isNew], { stdio: 'ignore' })
    return false
  } catch {
    return 'no python3 of 3.9 or later'
  }
})()

const source = fileURLToPath(new URL('../../clients/python/src', import.meta.url))

/** Runs Python with the client, for which a warning is an error; gives what it printed. */
export async function runPython(args: string[], modules = source): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)('python3', ['-W', 'error', ...args], {
    env: { ...process.env, PYTHONPATH: modules, PYTHONDONTWRITEBYTECODE: '1' },
    maxBuffer: 1e8,
  })
  // Where what is left open is told.
  if (stderr !== '') throw new Error(stderr)
  return stdout
}
