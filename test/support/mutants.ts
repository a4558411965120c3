import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import { MarqueeError } from '../../src/errors.ts'
import { decodeModel, encodeModel } from '../../src/model/file/model-file.ts'
import { createRandom } from '../../src/numeric/random/random.ts'
import { createFileStore } from '../../src/storage/file-store.ts'
import { checkStore } from '../../src/storage/integrity/check-store.ts'
import { createModelRegistry } from '../../src/storage/model-registry.ts'
import { importMovies } from '../../src/storage/movies/import-movies.ts'
import { loadMovies } from '../../src/storage/movies/load-movies.ts'
import { inFolder } from '../../src/storage/open-store.ts'
import { declaredScaleOf } from '../../src/storage/ratings/declared-scale.ts'
import { importRatings } from '../../src/storage/ratings/import-ratings.ts'
import { loadRatings } from '../../src/storage/ratings/load-ratings.ts'
import { importUsers } from '../../src/storage/users/import-users.ts'
import { loadUsers } from '../../src/storage/users/load-users.ts'
import { verifyTensors } from '../../src/storage/verify-tensors.ts'
import { cardOf, emptyReport, rankedModel } from './models.ts'

/** What a reader makes of a damaged file. */
export type Outcome = 'refused' | 'true' | 'other answer' | 'fault'
export type MutantReport = {
  readonly mutants: number
  /** By the kind of file: how many had each outcome. */
  readonly outcomes: Record<string, Partial<Record<Outcome, number>>>
  /** Mutants that were neither refused nor harmless, so that they can be made again. */
  readonly violations: string[]
}
export type MutateOptions = {
  readonly folder: string
  readonly mutants: number
  readonly seed: number
  /** After each so many the store is repaired and must be whole. */
  readonly repairEvery?: number
  /** Something between file and reader, so that a test can plant a fault. */
  readonly undo?: (key: string, mutant: Buffer, good: Buffer) => Buffer
}

/** What is read of a store, by the kind of file that it depends on; a damaged part is an error. */
function readersOf(folder: string): Record<string, () => Promise<unknown>> {
  const store = createFileStore(folder)
  const registry = createModelRegistry(store)
  /** A damaged segment must be named, and is then as good as refused. */
  const whole = async <T extends { damaged: readonly { reason: string }[] }>(
    loaded: Promise<T>,
  ) => {
    const { damaged, ...rest } = await loaded
    if (damaged[0]) throw new MarqueeError('damaged-segment', damaged[0].reason)
    return rest
  }
  return {
    card: () => registry.card('v2'),
    report: () => registry.report('v2'),
    async model() {
      const card = await registry.card('v2')
      const bytes = await registry.tensors(card)
      verifyTensors(card, bytes)
      return decodeModel(bytes).movieFactors.data
    },
    pointer: () => registry.pointer(),
    ratings: () =>
      whole(loadRatings(store).then(({ ratings, damaged }) => ({ ...ratings, damaged }))),
    movies: () => whole(loadMovies(store)),
    users: () => whole(loadUsers(store)),
    scale: () => declaredScaleOf(store),
  }
}

/** Fills an empty folder; gives the files of each kind. */
async function fill(folder: string): Promise<Record<string, string[]>> {
  const store = createFileStore(folder)
  const registry = createModelRegistry(store)
  const text = (lines: string) => Readable.from([Buffer.from(lines)])
  const model = encodeModel(rankedModel())
  for (const version of ['v1', 'v2'])
    await registry.publish({ tensors: model, start: model, report: emptyReport }, cardOf(version))
  const lines = Array.from(
    { length: 60 },
    (_, i) => `u${i % 7},m${i % 11},${1 + (i % 5)},${1 + i}\n`,
  )
  const csv = `userId,movieId,rating,timestamp\n${lines.join('')}`
  await importRatings(store, text(csv), { scale: [1, 5] })
  await importMovies(store, text('movieId,title,genres,imdbId\nm1,Älter (1999),War|Drama,12\n'))
  await importUsers(store, text('userId,job\nu1,writer\nu2,doctor\n'))
  const keys = await store.list('')
  const of = (pattern: RegExp) => keys.filter((key) => pattern.test(key))
  return {
    card: of(/v2\/card/),
    report: of(/v2\/report/),
    model: of(/v2\/model/),
    pointer: of(/^pointer\/|current\.json/),
    ratings: of(/^ratings\//),
    movies: of(/^movies\//),
    users: of(/^users\//),
    scale: of(/^rating-scales\//),
  }
}

/**
 * Damages the files of a small store, one at a time and each in its own way, and reads what depends on
 * them: a typed refusal or the true answers, nothing else, and a repair that leaves all whole.
 */
export async function runMutants(options: MutateOptions): Promise<MutantReport> {
  const { folder, mutants, seed, repairEvery = 500, undo = (_, mutant) => mutant } = options
  const files = await fill(folder)
  const store = createFileStore(folder)
  const readers = readersOf(folder)
  const kinds = Object.keys(files)
  const truths = new Map<string, unknown>()
  for (const kind of kinds) truths.set(kind, await readers[kind]!())
  const random = createRandom(seed, 'mutants')
  const below = (count: number) => Math.floor(random.uniform() * count)
  const outcomes: MutantReport['outcomes'] = {}
  const violations: string[] = []
  const keep = new Map<string, Buffer>()
  for (const key of await store.list('')) keep.set(key, await readFile(join(folder, key)))

  for (let number = 0; number < mutants; number++) {
    const kind = kinds[number % kinds.length]!
    const key = files[kind]![below(files[kind]!.length)]!
    const good = keep.get(key)!
    const { how, bytes } = mutantOf(good, below)
    await writeFile(join(folder, key), undo(key, bytes, good))
    const outcome = await outcomeOf(readers[kind]!, truths.get(kind), kind)
    outcomes[kind] ??= {}
    const counts = outcomes[kind]
    counts[outcome] = (counts[outcome] ?? 0) + 1
    if (outcome === 'other answer' || outcome === 'fault')
      violations.push(`mutant ${number} of seed ${seed}: ${key}, ${how}: ${outcome}`)
    if (number % repairEvery === repairEvery - 1) {
      const left = await repaired(folder)
      if (left.length > 0) violations.push(`mutant ${number}: not repaired: ${left.join('; ')}`)
      for (const one of await store.list('')) if (!keep.has(one)) await store.remove(one)
      for (const [one, was] of keep) await store.put(one, [was])
    } else await writeFile(join(folder, key), good)
  }
  return { mutants, outcomes, violations }
}

/** Repairs the store; gives what a second look still finds. */
async function repaired(folder: string): Promise<string[]> {
  for await (const { repair } of checkStore(inFolder(folder), join(folder, 'none'))) await repair()
  const left: string[] = []
  for await (const { kind, key } of checkStore(inFolder(folder), join(folder, 'none')))
    left.push(`${kind} ${key}`)
  return left
}

async function outcomeOf(
  read: () => Promise<unknown>,
  truth: unknown,
  kind: string,
): Promise<Outcome> {
  try {
    const answer = await read()
    if (isDeepStrictEqual(answer, truth)) return 'true'
    // The declaration before counts; of the pointer, what the revision before it or the cards say.
    if (kind === 'scale' && answer === null) return 'refused'
    if (kind === 'pointer' && (answer as { version?: string } | null)?.version === 'v2')
      return 'refused'
    return 'other answer'
  } catch (error) {
    return error instanceof MarqueeError && error.code !== 'internal' ? 'refused' : 'fault'
  }
}

/** One of the ways in which files go bad. */
function mutantOf(good: Buffer, below: (count: number) => number): { how: string; bytes: Buffer } {
  const bytes = Buffer.from(good)
  const at = below(good.length)
  const to = Math.min(good.length, at + 1 + below(16))
  const ways: [string, () => Buffer][] = [
    [`bit ${at}`, () => changed(bytes, at, good[at]! ^ (1 << below(8)))],
    [`digit ${at}`, () => changed(bytes, at, 0x30 + below(10))],
    [`cut at ${at}`, () => bytes.subarray(0, at)],
    [`zeros ${at} to ${to}`, () => bytes.fill(0, at, to)],
    [`without ${at} to ${to}`, () => Buffer.concat([good.subarray(0, at), good.subarray(to)])],
    [`twice ${at} to ${to}`, () => Buffer.concat([good.subarray(0, to), good.subarray(at)])],
    ['longer', () => Buffer.concat([good, good.subarray(at, to)])],
    [`copied to ${at}`, () => overlaid(bytes, good.subarray(below(good.length)), at)],
  ]
  const [how, make] = ways[below(ways.length)]!
  return { how, bytes: make() }
}

function changed(bytes: Buffer, at: number, value: number): Buffer {
  bytes[at] = value
  return bytes
}

function overlaid(bytes: Buffer, part: Buffer, at: number): Buffer {
  part.copy(bytes, at)
  return bytes
}
