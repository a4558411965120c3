import { randomUUID } from 'node:crypto'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createFileStore } from '../../../src/storage/file-store.ts'
import type { ObjectStore } from '../../../src/storage/object-store.ts'
import { createStore } from '../../../src/storage/open-store.ts'
import { removeFolder } from '../remove-folder.ts'
import { firstFolderOf, type S3Trouble, s3Environment, type startS3 } from '../s3.ts'
import { Calls, type FaultKind, type Place, type StoreKind } from './faults.ts'

type Server = Awaited<ReturnType<typeof startS3>>

const troubles: Readonly<Record<FaultKind, S3Trouble>> = {
  ...{ fail: 'refuse', unheard: 'lose-answer', twice: 'twice', slow: 'slow', late: 'late' },
  ...{ cut: 'cut', gone: 'deny' },
}
/** An answer that is cut is asked for again: nobody is killed. */
const faults = Object.keys(troubles) as FaultKind[]
/** Until then what is late has come. */
const quietMs = 350

/** What the server has in a folder of its own, read without asking it, which takes much longer. */
function behind(folder: string): ObjectStore {
  const files = createFileStore(folder)
  const object = '._S3rver_object'
  return {
    ...files,
    get: (key) => files.get(key + object),
    open: (key) => files.open(key + object),
    stat: (key) => files.stat(key + object),
    async list(prefix) {
      const keys = await files.list(prefix)
      return keys.filter((key) => key.endsWith(object)).map((key) => key.slice(0, -object.length))
    },
    put: readOnly,
    putIfAbsent: readOnly,
    putIfPresent: readOnly,
    remove: readOnly,
  }
}

async function readOnly(): Promise<never> {
  throw new Error('Whoever looks writes nothing.')
}

/** A store under a prefix of a server's bucket; the requests that may meet faults have another name of the server's. */
export function bucketKind(server: Server, name = 'bucket'): StoreKind {
  const watched = server.url.replace('127.0.0.1', 'localhost')
  const runs = new Map<string, Server['trouble']['next']>()
  server.trouble.next = (request) => {
    const isWatched = request.headers.host?.startsWith('localhost') === true
    return (isWatched && runs.get(firstFolderOf(request))?.(request)) || null
  }
  const placeAt = (prefix: string): Place => {
    const folder = join(server.folder, 'films', prefix)
    const location = server.locationAt(watched, `/${prefix}`)
    return {
      store: behind(folder),
      async run(fault, flow, onFault) {
        const calls = new Calls(fault, onFault)
        let isLate = false
        runs.set(`films/${prefix}`, ({ method, url }) => {
          const kind = calls.next(`${method} ${url?.replace(`/films/${prefix}/`, '')}`)
          if (kind === 'cut') calls.isDead = false
          isLate ||= kind === 'late'
          return kind && troubles[kind]
        })
        try {
          await flow(createStore({ location, environment: s3Environment }))
          return { error: null, calls: calls.made }
        } catch (error) {
          return { error, calls: calls.made }
        } finally {
          calls.isDead = true
          if (isLate) await sleep(quietMs)
        }
      },
      unfinished: async () => [],
      age: async () => {},
      async copy() {
        const to = randomUUID()
        await cp(folder, join(server.folder, 'films', to), { recursive: true })
        return placeAt(to)
      },
      remove: () => removeFolder(folder),
    }
  }
  return { name, faults, place: async () => placeAt(randomUUID()) }
}
