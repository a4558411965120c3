import { existsSync } from 'node:fs'

/** Software Vulkan, where Debian's package chromium is installed. */
export const swiftShader = '/usr/lib/chromium/vk_swiftshader_icd.json'

/** The environment of a process that is to find it; without it, nothing is changed. */
export const withSwiftShader: Record<string, string> = existsSync(swiftShader)
  ? { VK_ICD_FILENAMES: swiftShader, LD_LIBRARY_PATH: '/usr/lib/chromium' }
  : {}

/** The environment of a process that finds no Vulkan driver. */
export const noVulkan = { VK_ICD_FILENAMES: '/nowhere', VK_DRIVER_FILES: '/nowhere' }
