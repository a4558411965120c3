import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { TestContext } from 'node:test'
import { pino } from 'pino'
import { encodeModel } from '../../src/model/file/model-file.ts'
import type { Model } from '../../src/model/model.ts'
import { openArms } from '../../src/serving/experiment/experiment-arms.ts'
import { createFileStore } from '../../src/storage/file-store.ts'
import { createModelRegistry } from '../../src/storage/model-registry.ts'
import { importMovies } from '../../src/storage/movies/import-movies.ts'
import { cardOf, emptyReport } from './models.ts'
import { removeFolder } from './remove-folder.ts'

export const moviesCsv = `movieId,title,genres
m1,"Amélie (2001)",Comedy|Romance
m2,"Matrix, The (1999)",Action|Sci-Fi
m3,Matrix Reloaded (2003),Action|Sci-Fi
m4,Untitled,(no genres listed)
x1,Not Rated Yet (2016),Drama
`

/** A store of the test's own in a folder that goes with the test, and what it takes to fill it. */
export async function openStore(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'marquee-serving-'))
  t.after(() => removeFolder(folder))
  const store = createFileStore(folder)
  const registry = createModelRegistry(store)
  return {
    folder,
    store,
    registry,
    /** Publishes a model under a version; a later `day` makes it newer. */
    publish: (model: Model, version: string, day = 1, report = emptyReport) =>
      registry.publish(
        { tensors: encodeModel(model), report },
        cardOf(version, `2026-01-${String(day).padStart(2, '0')}T00:00:00.000Z`),
      ),
    importMovies: (csv = moviesCsv) => importMovies(store, Readable.from([Buffer.from(csv)])),
  }
}
export type TestStore = Awaited<ReturnType<typeof openStore>>

/** A logger whose lines the test can read. */
export function keptLog() {
  const lines: Record<string, unknown>[] = []
  const logger = pino({ level: 'debug' }, { write: (line) => void lines.push(JSON.parse(line)) })
  return { logger, lines }
}

/**
 * The answer path over the store; it looks for changes only when it is told unless `pollMs` is
 * given.
 */
export async function serve(t: TestContext, { store, registry }: TestStore, pollMs = 3_600_000) {
  const { logger, lines } = keptLog()
  const serving = await openArms({ store, registry, pollMs, logger })
  t.after(() => serving.close())
  return { serving, lines }
}
