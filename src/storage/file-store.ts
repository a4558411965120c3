import { randomUUID } from 'node:crypto'
import {
  type FileHandle,
  mkdir,
  open,
  readdir,
  readFile,
  rm,
  rmdir,
  stat,
  statfs,
} from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { Readable } from 'node:stream'
import { writingPrefix } from './integrity/leftovers.ts'
import {
  inTurns,
  isKey,
  type ObjectStore,
  type Parts,
  refuseKey,
  type StoredBytes,
} from './object-store.ts'
import { owner } from './owner.ts'
import { linkOnce, noLinks, renameIfAbsent, renameOnce } from './rename-if-absent.ts'
import { onDisk } from './store-fault.ts'

/**
 * An object store in a folder: temporary file, fsync, rename, fsync of the folder. Where the file
 * system has no hard links, as `hasLinks` may say, a claim beside the file decides who puts it first.
 */
export function createFileStore(root: string, { hasLinks = true } = {}): ObjectStore {
  const pathOf = (key: string) => {
    if (!isKey(key)) throw refuseKey(key)
    return join(root, key)
  }

  const write = async (key: string, parts: Parts) => {
    const temporary = join(dirname(pathOf(key)), `${writingPrefix}${owner}-${randomUUID()}`)
    try {
      const file = await create(temporary)
      try {
        for await (const part of parts) await writeAll(file, part)
        await file.sync()
      } finally {
        await file.close()
      }
      return temporary
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  }

  const replace = async (key: string, parts: Parts, check?: () => Promise<unknown>) => {
    const temporary = await write(key, parts)
    try {
      await check?.()
      await renameOnce(temporary, pathOf(key))
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
    await syncFolder(dirname(pathOf(key)))
  }

  return guarded({
    async get(key) {
      try {
        return await readFile(pathOf(key))
      } catch (error) {
        if (hasCode(error, 'ENOENT')) return null
        throw error
      }
    },
    async open(key) {
      try {
        return await openStored(pathOf(key))
      } catch (error) {
        if (hasCode(error, 'ENOENT')) return null
        throw error
      }
    },
    put: (key, parts) => replace(key, parts),
    async putIfPresent(key, parts) {
      try {
        // No file system renames on this condition: it holds until microseconds before.
        await replace(key, parts, () => stat(pathOf(key)))
        return true
      } catch (error) {
        if (hasCode(error, 'ENOENT')) return false
        throw error
      }
    },
    async putIfAbsent(key, parts) {
      const temporary = await write(key, parts)
      const path = pathOf(key)
      try {
        // A hard link, unlike a rename, refuses a name that is taken.
        if (hasLinks) await linkOnce(temporary, path)
        else await renameIfAbsent(temporary, path)
        await syncFolder(dirname(path))
        return true
      } catch (error) {
        if (hasCode(error, 'EEXIST')) return false
        if (!noLinks.some((code) => hasCode(error, code))) throw error
        hasLinks = false
        return await this.putIfAbsent(key, parts)
      } finally {
        // What is put stays put; a later process sweeps.
        await rm(temporary, { force: true }).catch(() => {})
      }
    },
    async list(prefix) {
      const folder = join(root, prefix.slice(0, prefix.lastIndexOf('/') + 1))
      const keys: string[] = []
      // Unfinished writes are nobody's yet; `sweepLeftovers` removes those that nobody finishes. Other
      // names that are no keys are of people, who may keep copies there.
      for await (const path of filesIn(folder)) keys.push(relative(root, path).split(sep).join('/'))
      return keys.filter((key) => isKey(key) && key.startsWith(prefix)).sort()
    },
    async remove(key) {
      await rm(pathOf(key), { force: true })
      // The folder of a model goes with its last file.
      await rmdir(dirname(pathOf(key))).catch(() => {})
    },
    async room() {
      const { bavail, bsize } = await statfs(root)
      return bavail * bsize
    },
    async stat(key) {
      const found = await stat(pathOf(key), { bigint: true }).catch(() => null)
      if (found === null) return null
      const { ino, size, mtimeNs, mtimeMs } = found
      return { changedMs: Number(mtimeMs), stamp: `${ino}-${size}-${mtimeNs}` }
    },
  })
}

/** The same store, whose failures name no path. */
function guarded(store: ObjectStore): ObjectStore {
  return {
    get: inTurns((key) => onDisk(false, () => store.get(key))),
    open: (key) => onDisk(false, () => store.open(key)),
    stat: (key) => onDisk(false, () => store.stat(key)),
    room: () => onDisk(false, () => store.room()),
    list: (prefix) => onDisk(false, () => store.list(prefix)),
    put: (key, parts) => onDisk(true, () => store.put(key, parts)),
    putIfPresent: (key, parts) => onDisk(true, () => store.putIfPresent(key, parts)),
    putIfAbsent: (key, parts) => onDisk(true, () => store.putIfAbsent(key, parts)),
    remove: (key) => onDisk(true, () => store.remove(key)),
  }
}

async function openStored(path: string): Promise<StoredBytes> {
  const file = await open(path, 'r')
  const { size } = await file.stat().catch(async (error: unknown) => {
    await file.close()
    throw error
  })
  return {
    size,
    async read(from, to) {
      const length = Math.max(0, Math.min(to, size) - from)
      const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, from)
      return buffer.subarray(0, bytesRead)
    },
    stream(from, to) {
      // A stream of a file takes no empty range.
      if (from < to) return file.createReadStream({ start: from, end: to - 1 })
      void file.close()
      return Readable.from([])
    },
    close: () => file.close(),
  }
}

/** The paths of all files below a folder; unlike readdir, one that goes away hides no other. */
async function* filesIn(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  })
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* filesIn(path)
    else if (entry.isFile()) yield path
  }
}

/** Creates a file and its folder, again when `remove` took the empty folder in between. */
async function create(path: string): Promise<FileHandle> {
  for (let attempt = 1; ; attempt++) {
    try {
      await mkdir(dirname(path), { recursive: true })
      return await open(path, 'wx', 0o640)
    } catch (error) {
      if (!hasCode(error, 'ENOENT') || attempt === 10) throw error
    }
  }
}

type Writable = { write(bytes: Uint8Array): Promise<{ bytesWritten: number }> }

async function writeAll(file: Writable, part: Uint8Array): Promise<void> {
  let rest = part
  while (rest.length > 0) {
    const { bytesWritten } = await file.write(rest.subarray(0, 64 * 1024 * 1024))
    rest = rest.subarray(bytesWritten)
  }
}

/** A rename is atomic, but durable only when its folder has reached the disk too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
