import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

/** The program of a Chromium of this machine; null where there is none. */
export async function findChromium(): Promise<string | null> {
  const folders = process.env['PATH']?.split(delimiter) ?? []
  for (const name of ['chromium', 'chromium-browser', 'google-chrome'])
    for (const folder of folders)
      try {
        await access(join(folder, name), constants.X_OK)
        return join(folder, name)
      } catch {}
  return null
}
