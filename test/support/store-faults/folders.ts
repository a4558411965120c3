import { AsyncLocalStorage } from 'node:async_hooks'
import fs, { type FileHandle } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createFileStore } from '../../../src/storage/file-store.ts'
import type { ObjectStore } from '../../../src/storage/object-store.ts'
import { Calls, type FaultKind, type Place, type StoreKind } from './faults.ts'

const real = { ...fs }
const running = new AsyncLocalStorage<{ readonly calls: Calls; readonly root: string }>()
/** What a network file system may send again, whose answer was lost (link(2), rename(2): "Bugs"). */
const repeated = ['link', 'rename', 'rm', 'rmdir', 'mkdir']
const watched = [...repeated, 'open', 'readFile', 'readdir', 'stat', 'statfs'] as const
const ofHandle = ['write', 'sync', 'close', 'read', 'stat'] as const
const slowMs = 30

/**
 * Makes the calls of `node:fs/promises` fail where a run of `folderKind` asks for it, until the function
 * that is given is called. Calls of others, and on other folders, are as they were.
 */
export function tamperWithFiles(): () => void {
  const patched = fs as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>
  const original = real as unknown as typeof patched
  for (const name of watched)
    patched[name] = async (...args) => {
      const run = running.getStore()
      const call = () => original[name]!(...args)
      const path = String(args.at(name === 'link' || name === 'rename' ? 1 : 0))
      if (!run || !path.startsWith(run.root)) return call()
      const where = relative(run.root, path).replace(/\.writing-.*/, '.writing')
      const result = await tampered(run.calls, `${name} ${where}`, call, null)
      return name === 'open' ? watchedHandle(result as FileHandle, run.calls, where) : result
    }
  syncBuiltinESMExports()
  return () => {
    Object.assign(fs, real)
    syncBuiltinESMExports()
  }
}

function watchedHandle(file: FileHandle, calls: Calls, where: string): FileHandle {
  const methods = file as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>
  for (const name of ofHandle) {
    const original = methods[name]!.bind(file)
    methods[name] = (...args) => {
      const [bytes] = args
      const half =
        name === 'write' && bytes instanceof Uint8Array
          ? () => original(bytes.subarray(0, bytes.length >> 1))
          : null
      const call = () => original(...args)
      return tampered(calls, `${name} ${where}`, call, half).catch((error: unknown) => {
        // A process that was killed keeps no file open.
        if (name === 'close') void original().catch(() => {})
        throw error
      })
    }
  }
  return file
}

async function tampered(
  calls: Calls,
  what: string,
  call: () => Promise<unknown>,
  half: (() => Promise<unknown>) | null,
): Promise<unknown> {
  const kind = calls.next(what)
  switch (kind) {
    case null:
      return call()
    case 'slow':
      await sleep(slowMs)
      return call()
    case 'twice': {
      const first = await call()
      return repeated.includes(what.split(' ')[0]!) ? call() : first
    }
    case 'unheard':
      await closed(await call())
      break
    case 'cut':
      await closed(await (half ?? call)().catch(() => null))
      break
    default:
      break
  }
  throw Object.assign(new Error(`EIO: ${kind} at ${what}`), { code: 'EIO', syscall: what })
}

/** Who asked does not know that it was opened. */
async function closed(result: unknown): Promise<void> {
  if (result !== null && typeof result === 'object' && 'close' in result)
    await (result as FileHandle).close()
}

const faults: readonly FaultKind[] = ['fail', 'unheard', 'twice', 'slow', 'cut', 'gone']

/** A store in a folder; `create` may put a faulty one in its place. */
export function folderKind(
  name = 'folder',
  create: (root: string) => ObjectStore = createFileStore,
): StoreKind {
  const placeAt = (root: string): Place => ({
    store: createFileStore(root),
    async run(fault, flow, onFault) {
      // Whoever is told of the fault is not to meet it.
      const told = onFault && AsyncLocalStorage.bind(onFault)
      const calls = new Calls(fault, told)
      const error = await running.run({ calls, root }, async () => {
        try {
          await flow(create(root))
          return null
        } catch (error) {
          return error
        }
      })
      // What the run did not wait for is over for it.
      calls.isDead = true
      return { error, calls: calls.made }
    },
    async unfinished() {
      const paths = await real.readdir(root, { recursive: true })
      return paths.filter((path) => /(^|\/)\.(writing|claim)-/.test(path))
    },
    async age() {
      const past = new Date(Date.now() - 3_600_000)
      for (const path of await this.unfinished()) await real.utimes(join(root, path), past, past)
    },
    async copy() {
      const to = await real.mkdtemp(join(tmpdir(), 'marquee-faults-'))
      await real.cp(root, to, { recursive: true })
      return placeAt(to)
    },
    remove: () => real.rm(root, { recursive: true, force: true }),
  })
  return {
    name,
    faults,
    place: async () => placeAt(await real.mkdtemp(join(tmpdir(), 'marquee-faults-'))),
  }
}

/** A store on a file system that has no hard links. */
export function withoutLinks(root: string): ObjectStore {
  return createFileStore(root, { hasLinks: false })
}
