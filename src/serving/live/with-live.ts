import type { Catalogue } from '../catalogue/catalogue.ts'
import { createNewMovies } from '../new-movies/new-movies.ts'
import type { Snapshot, StoredSnapshot } from '../snapshot.ts'
import { createChangedUsers } from './changed-users.ts'
import { editedCatalogue, editedJoin, unknownEdits } from './edited-catalogue.ts'
import type { LiveOverlay } from './live-overlay.ts'

/** Gives a catalogue with what was told of movies since; made anew only when more was told. */
export function createEditor(overlay: LiveOverlay): (catalogue: Catalogue) => Catalogue {
  let made: { from: Catalogue; edit: LiveOverlay['newestEdit']; edited: Catalogue } | null = null
  return (from) => {
    const edit = overlay.newestEdit
    if (made?.from !== from || made.edit !== edit)
      made = { from, edit, edited: editedCatalogue(from, unknownEdits(from, overlay.edits), edit) }
    return made.edited
  }
}

/** A snapshot of what is stored and of what was told since, from the one before. */
export function withLive(
  stored: StoredSnapshot,
  overlay: LiveOverlay,
  edit: (catalogue: Catalogue) => Catalogue,
  before: Snapshot | null,
): Snapshot {
  const live = overlay.view!
  const edited = edit(stored.catalogue)
  const isSame = before?.live === live && before.imports === overlay.imports
  const { model, catalogue } = stored
  const told = [...catalogue.table.toldIds, ...overlay.edits.keys()]
  return {
    ...stored,
    ...editedJoin(stored, model.movies, catalogue, unknownEdits(catalogue, overlay.edits)),
    catalogue: edited,
    live,
    edit: overlay.newestEdit,
    imports: overlay.imports,
    changedUsers: isSame ? before.changedUsers : createChangedUsers(live),
    newMovies: createNewMovies({ ...stored, catalogue: edited, live }, told),
  }
}
