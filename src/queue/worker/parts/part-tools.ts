import type { ModelRegistry } from '../../../storage/model-registry.ts'
import type { ObjectStore } from '../../../storage/object-store.ts'
import type { JobWork } from '../job-tools.ts'
import type { PartTold } from './follow-part.ts'

/** Everything outside of itself that a part of a job uses. */
export type PartTools = {
  readonly store: ObjectStore
  readonly registry: ModelRegistry
  readonly work: JobWork
  readonly signal: AbortSignal
  /** Tells how far it is. */
  tell(told: PartTold): void
}
