import { pino } from 'pino'
import { giveStoredEvents } from '../../live/segment-events.ts'
import type { ObjectStore } from '../../storage/object-store.ts'
import { ImportFollower } from '../live/import-follower.ts'
import { LiveOverlay } from '../live/live-overlay.ts'
import { createEditor, withLive } from '../live/with-live.ts'
import type { Snapshot, StoredSnapshot } from '../snapshot.ts'
import { inPlace } from '../thread/task-runner.ts'

/** A snapshot with all that the store has by now and the model's data lack, as a server's has. */
export async function batchSnapshot(store: ObjectStore, stored: StoredSnapshot): Promise<Snapshot> {
  const { live: known = [], newestImport = '' } = stored.card.data
  const live = new LiveOverlay()
  // What is damaged or too large the servers tell.
  const quiet = pino({ level: 'silent' })
  const imports = new ImportFollower(store, inPlace, live, () => newestImport, quiet)
  await live.serve(stored, () => {})
  await giveStoredEvents(store, known, (events) => live.take(events))
  await imports.look()
  return withLive(stored, live, createEditor(live), null)
}
