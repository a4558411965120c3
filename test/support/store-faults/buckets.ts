import { randomUUID } from 'node:crypto'
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createStore } from '../../../src/storage/open-store.ts'
import { type S3Trouble, s3Environment, type startS3 } from '../s3.ts'
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

/** A store under a prefix of a server's bucket; the one that meets faults has a name of its own for it. */
export function bucketKind(server: Server, name = 'bucket'): StoreKind {
  const watched = server.url.replace('127.0.0.1', 'localhost')
  const placeAt = (prefix: string): Place => {
    const folder = join(server.folder, 'films', prefix)
    const settingsAt = (url: string) => {
      return { location: server.locationAt(url, `/${prefix}`), environment: s3Environment }
    }
    return {
      settings: settingsAt(server.url),
      async run(fault, flow, onFault) {
        const calls = new Calls(fault, onFault)
        let isLate = false
        server.trouble.next = ({ headers, method, url }) => {
          if (!headers.host?.startsWith('localhost')) return null
          const kind = calls.next(`${method} ${url?.replace(`/films/${prefix}/`, '')}`)
          if (kind === 'cut') calls.isDead = false
          isLate ||= kind === 'late'
          return kind && troubles[kind]
        }
        try {
          await flow(createStore(settingsAt(watched)))
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
      remove: () => rm(folder, { recursive: true, force: true }),
    }
  }
  return { name, faults, place: async () => placeAt(randomUUID()) }
}
