import { LRUCache } from 'lru-cache'
import type { LiveView } from './live-view.ts'
import type { LiveUser } from './own-ratings.ts'
import { positionText } from './positions.ts'

/** Vectors of a user whose ratings changed. */
export type ChangedVectors = {
  /** [size] in the user space */
  readonly x: Float64Array
  /** [k] in the ranking; null without one */
  readonly ranking: Float32Array | null
}

/** A user whose ratings changed, and their vectors, which are worked out when first asked for. */
export type RememberedUser = LiveUser & {
  vectors: ChangedVectors | Promise<ChangedVectors> | null
}

/** Users as they were last asked for, until more is told of them. */
export type ChangedUsers = {
  /** Null for a user of whom nothing changed. */
  find(userId: string): RememberedUser | null
}

const mostBytes = 64_000_000
/** Of vectors and objects, about. */
const bytesOfUser = 2_000
const bytesOfRating = 16

/** A memory of some tens of megabytes; who was not asked for longest goes first. */
export function createChangedUsers(view: LiveView): ChangedUsers {
  const users = new LRUCache<string, { told: string; user: RememberedUser | false }>({
    maxSize: mostBytes,
    sizeCalculation: ({ user }) =>
      bytesOfUser + (user ? bytesOfRating * user.now.rating.length : 0),
  })
  return {
    find(userId) {
      const position = view.toldOfUser(userId)
      if (!position) return null
      const told = positionText(position)
      const known = users.get(userId)
      if (known?.told === told) return known.user || null
      const changes = view.changesOf(userId)
      const user = changes && { ...changes, vectors: null }
      users.set(userId, { told, user: user ?? false })
      return user
    },
  }
}
