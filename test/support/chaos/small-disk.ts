import { spawnSync } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A disk in memory, which can be filled and made read-only. */
export type SmallDisk = {
  fill(): Promise<void>
  empty(): Promise<void>
  /** False where it could not be, as while a file is being written. */
  setReadOnly(isReadOnly: boolean): boolean
  unmount(): Promise<void>
}

const sizeMib = 64
const filler = '.filler'

/** Mounts one at a folder (Linux, as root); null where that cannot be done. */
export function mountSmallDisk(folder: string): SmallDisk | null {
  const done = (...args: string[]) => spawnSync(args[0]!, args.slice(1)).status === 0
  if (process.getuid?.() !== 0) return null
  if (!done('mount', '-t', 'tmpfs', '-o', `size=${sizeMib}m`, 'marquee-chaos', folder)) return null
  const path = join(folder, filler)
  return {
    async fill() {
      const part = Buffer.alloc(1024 ** 2)
      for (;;)
        try {
          await writeFile(path, part, { flag: 'a' })
        } catch {
          return
        }
    },
    empty: () => rm(path, { force: true }),
    setReadOnly: (isReadOnly) => done('mount', '-o', `remount,${isReadOnly ? 'ro' : 'rw'}`, folder),
    async unmount() {
      done('umount', '--lazy', folder)
    },
  }
}
