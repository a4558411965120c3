import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type FoundAdapter, findAdapter } from '../../src/training/engines/webgpu/adapter.ts'

const swiftShader = '/usr/lib/chromium/vk_swiftshader_icd.json'

/**
 * The adapter to measure. Without any, but with the software Vulkan of Debian's package chromium,
 * the program is started again with that and ends with it; an error where there is neither.
 */
export async function adapterOrSoftware(program: string): Promise<FoundAdapter> {
  try {
    return await findAdapter({ takesSoftware: true })
  } catch (error) {
    if (!existsSync(swiftShader) || process.env['VK_ICD_FILENAMES']) throw error
    const software = { VK_ICD_FILENAMES: swiftShader, LD_LIBRARY_PATH: '/usr/lib/chromium' }
    const { status } = spawnSync(
      process.execPath,
      [...process.execArgv, fileURLToPath(program), ...process.argv.slice(2)],
      { stdio: 'inherit', env: { ...process.env, ...software } },
    )
    process.exit(status ?? 1)
  }
}

/** What NVIDIA's own tool says of card and driver; null where it is not there. */
export function nvidiaDriver(): string | null {
  try {
    const query = ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader']
    return execFileSync('nvidia-smi', query, { encoding: 'utf8', stdio: 'pipe' }).trim()
  } catch {
    return null
  }
}
