import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Logger } from 'pino'
import { isDamage, MarqueeError } from '../../errors.ts'
import { openRatings } from '../../storage/exports/merged-ratings.ts'
import { headerOf } from '../../storage/imports/stored-imports.ts'
import type { ObjectStore } from '../../storage/object-store.ts'
import { declaredScaleOf } from '../../storage/ratings/declared-scale.ts'
import {
  liveRangeOf,
  segmentKey,
  segmentNames,
  versionOf,
} from '../../storage/segments/segment-names.ts'
import type { TaskRunner } from '../thread/task-runner.ts'
import { importPosition, newLabel } from './import-positions.ts'
import type { LiveOverlay } from './live-overlay.ts'
import type { LiveState } from './live-state.ts'

/** So many ratings of imports count before the training that takes them: 100 MB of memory. */
const mostRatings = 1_000_000
const rowsAtOnce = 1_000
/** To hash a byte of a segment, look at its numbers and tabulate its ids. */
const operationsPerByte = 10

/**
 * Gives an overlay the ratings of imports that the serving model's data lack. Of more than a million
 * the later imports wait for the next training. One that is damaged is named in the log, and the
 * others count.
 */
export class ImportFollower {
  readonly #store: ObjectStore
  readonly #tasks: TaskRunner
  readonly #overlay: LiveOverlay
  readonly #newestKnown: () => string | null
  readonly #logger: Logger
  /** By name: how many ratings the overlay was given of it. */
  readonly #given = new Map<string, number>()
  /** Those that are not to be given: damaged ones, and what is too much. */
  readonly #refused = new Set<string>()
  /** What answers has what was taken back, until all has been given again. */
  #isUndoing = false
  /** Resolves once what was taken back no longer counts. */
  undone: Promise<void> = Promise.resolve()

  /**
   * What is long is done by `tasks`. `newestKnown` gives the newest import that the data of the serving model have, "" for none and
   * null before the first model.
   */
  constructor(
    store: ObjectStore,
    tasks: TaskRunner,
    overlay: LiveOverlay,
    newestKnown: () => string | null,
    logger: Logger,
  ) {
    this.#store = store
    this.#tasks = tasks
    this.#overlay = overlay
    this.#newestKnown = newestKnown
    this.#logger = logger
  }

  /** Gives what is new; one call at a time, and none while the overlay changes its model. */
  async look(): Promise<void> {
    const newest = this.#newestKnown()
    if (newest === null || this.#isUndoing) return
    const names = await this.#imports()
    const there = new Set(names)
    if ([...this.#given.keys()].some((name) => !there.has(name))) {
      this.#given.clear()
      this.#isUndoing = true
      this.undone = this.#overlay.onMissing().finally(() => {
        this.#isUndoing = false
      })
    } else await this.#give(names, newest, false)
  }

  /** Gives all again, to an overlay that begins anew; as `look`. */
  async giveAgain(): Promise<void> {
    const newest = this.#newestKnown()
    if (newest === null) return
    this.#given.clear()
    this.#refused.clear()
    await this.#give(await this.#imports(), newest, true)
  }

  async #imports(): Promise<string[]> {
    const names = await segmentNames(this.#store, 'ratings')
    return names.filter((name) => liveRangeOf(name) === null)
  }

  async #give(names: readonly string[], newest: string, isAgain: boolean): Promise<void> {
    const lacking = names.filter((name) => name > newest)
    const isNew = (name: string) => !this.#given.has(name) && !this.#refused.has(name)
    const states = this.#overlay.takersOfImports(isAgain)
    const wanted = lacking.filter(isNew)
    // What is answered meanwhile is neither what was before nor what will be.
    if (wanted.length > 0) for (const state of states) state.imports = newLabel()
    for (const name of wanted)
      try {
        await this.#giveOne(name, newest, states)
      } catch (err) {
        if (!(err instanceof MarqueeError)) throw err
        // What the disk did not give now it may give at the next look.
        if (isDamage(err)) this.#refused.add(name)
        this.#logger.error({ err, import: name }, 'An import does not count in answers.')
      }
    const counted = lacking.filter((name) => this.#given.has(name))
    const imports = counted.length === 0 ? '' : versionOf(counted).slice(0, 8)
    for (const state of states) state.imports = imports
  }

  async #giveOne(name: string, newest: string, states: readonly LiveState[]): Promise<void> {
    const key = segmentKey('ratings', name)
    const rows = (await headerOf(this.#store, key))?.shapes.get('rating')?.[0] ?? 0
    const lacking = [...this.#given].filter(([one]) => one > newest)
    const given = lacking.reduce((sum, [, count]) => sum + count, 0)
    if (given + rows > mostRatings) {
      this.#refused.add(name)
      this.#logger.info(
        { import: name, ratings: rows },
        'An import counts from the next training on: it is too large to count at once.',
      )
      return
    }
    const bytes = await this.#store.get(key)
    if (bytes === null) return
    const scale = await declaredScaleOf(this.#store)
    const operations = operationsPerByte * bytes.length
    const ratings = openRatings(
      await this.#tasks.run('importedRatings', operations, { bytes, key }, scale),
    )
    const position = importPosition(name)
    for (const { table } of states) table.reserve(ratings.rating.length)
    for (let from = 0; from < ratings.rating.length; from += rowsAtOnce) {
      const to = Math.min(from + rowsAtOnce, ratings.rating.length)
      for (const state of states) state.takeImport(ratings, { from, to }, position)
      await nextTurn()
    }
    this.#given.set(name, rows)
  }
}
