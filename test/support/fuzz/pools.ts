import type { Answer } from './check-answer.ts'
import type { Operation } from './document.ts'

/** So many ids of a kind are remembered; of more the oldest go. */
const mostIds = 64

/** Ids by kind, those that the service was started with and those that its answers named since. */
export type Pools = {
  /** The ids that a parameter or a member of this name may hold in a request to the operation. */
  of(operation: Operation, name: string): readonly string[] | undefined
  /** Takes the ids out of an answer. */
  learn(operation: Operation, answer: Answer): void
}

const kindOfName: Readonly<Record<string, string>> = {
  ...{ userId: 'user', userIds: 'user', movieId: 'movie', movieIds: 'movie', ids: 'movie' },
  ...{ excludeMovieIds: 'movie', excludeMovieId: 'movie', candidateMovieIds: 'movie' },
  ...{ candidateMovieId: 'movie', version: 'model', other: 'model', treatment: 'model' },
  ...{ cursor: 'cursor', 'If-None-Match': 'tag', genres: 'genre', genre: 'genre' },
}
/** The kind of what the `id` or `name` of an address is, and of what an answer calls so. */
const kindOfOperation: readonly (readonly [RegExp, string])[] = [
  [/Training|Schedule\/run/, 'job'],
  [/Schedule/, 'schedule'],
  [/Experiment/, 'experiment'],
  [/rasure|eraseUser/, 'erasure'],
  [/[iI]mport/, 'import'],
]

/** Pools with these ids to begin with. */
export function createPools(known: Readonly<Record<string, readonly string[]>>): Pools {
  const pools = new Map(Object.entries(known).map(([kind, ids]) => [kind, [...ids]]))
  const kindOf = ({ id }: Operation, name: string) =>
    kindOfName[name] ??
    (name === 'id' || name === 'name'
      ? kindOfOperation.find(([pattern]) => pattern.test(id))?.[1]
      : undefined)
  const add = (kind: string, id: unknown) => {
    if (typeof id !== 'string' || id === '') return
    const ids = pools.get(kind) ?? []
    pools.set(kind, ids)
    if (ids.includes(id)) return
    ids.push(id)
    if (ids.length > mostIds && !Object.hasOwn(known, kind)) ids.shift()
  }
  return {
    of(operation, name) {
      const kind = kindOf(operation, name)
      const ids = kind === undefined ? undefined : pools.get(kind)
      // Erasing, hiding and removing all that there is would leave nothing to ask for.
      if (/^(eraseUser|deleteMovie|patchMovie|putMovie)$/.test(operation.id)) return ids?.slice(-20)
      return ids
    },
    learn(operation, { status, headers, body }) {
      if (status >= 300) return
      const { etag } = headers
      if (typeof etag === 'string') add('tag', etag)
      if (!String(headers['content-type']).startsWith('application/json')) return
      const answer = JSON.parse(body.toString()) as Record<string, unknown> | null
      add('cursor', answer?.['nextCursor'])
      if (!/^(start|put|run|erase|import|undo)/.test(operation.id)) return
      const kind = kindOf(operation, 'id')
      if (kind) add(kind, answer?.['id'] ?? answer?.['name'] ?? answer?.['segment'])
      add('job', answer?.['job'])
    },
  }
}
