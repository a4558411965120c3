import { execFile } from 'node:child_process'
import { dirname } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const [own] = process.versions.node.split('.')

/** The major versions of Node that Marquee runs on, but this process's own. */
export const otherVersions = ['20', '22', '24'].filter((version) => version !== own)

/**
 * An environment whose `node` is the newest of a major version, from npm; a sentence where that cannot
 * be had.
 */
export async function environmentOf(version: string): Promise<NodeJS.ProcessEnv | string> {
  try {
    const ask = ['--yes', `node@${version}`, '-p', 'process.execPath']
    // Not in the checkout, whose packages would be looked through first.
    const { stdout } = await run('npx', ask, { cwd: '/', timeout: 120_000 })
    return { ...process.env, PATH: `${dirname(stdout.trim())}:${process.env['PATH']}` }
  } catch (error) {
    const lines = String(error instanceof Error ? error.message : error).split('\n')
    return `npx did not get node@${version}: ${lines.at(1) || lines[0]}`
  }
}
