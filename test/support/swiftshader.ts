import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** Software Vulkan, where Debian's package chromium is installed. */
export const swiftShader = '/usr/lib/chromium/vk_swiftshader_icd.json'

/** The environment of a process that is to find it; without it, nothing is changed. */
export const onSwiftShader: Record<string, string> = existsSync(swiftShader)
  ? { VK_ICD_FILENAMES: swiftShader, LD_LIBRARY_PATH: '/usr/lib/chromium' }
  : {}

/** The environment of a process that finds no Vulkan driver. */
export const noVulkan = { VK_ICD_FILENAMES: '/nowhere', VK_DRIVER_FILES: '/nowhere' }

/**
 * What a program prints as its last line, as JSON (Dawn prints its complaints above). A process of
 * its own, because drivers are found by the environment that a process starts with.
 */
export async function runProgram<Printed>(
  program: URL,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Printed> {
  const loader = process.execArgv.filter((arg) => !arg.startsWith('--test'))
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...loader, fileURLToPath(program), ...args],
    { env: { ...process.env, ...env }, maxBuffer: 1 << 26 },
  )
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Printed
}
