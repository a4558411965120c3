import type { Redis } from 'ioredis'
import type { ModelRegistry } from '../../../storage/model-registry.ts'
import type { ObjectStore } from '../../../storage/object-store.ts'
import type { BackendPreference } from '../../../training/engines/engine.ts'
import type { JobWork } from '../job-tools.ts'
import type { PartTold } from './follow-part.ts'

/** Everything outside of itself that a part of a job uses. */
export type PartTools = {
  readonly store: ObjectStore
  readonly registry: ModelRegistry
  readonly redis: Redis
  readonly prefix: string
  readonly work: JobWork
  readonly backend: BackendPreference
  readonly signal: AbortSignal
  /** Tells how far it is. */
  tell(told: PartTold): void
}
