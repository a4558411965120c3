import type { FinalState, History, Operation, Outcome, Rating } from './history.ts'

export type Violation = {
  readonly kind: 'lost' | 'doubled' | 'phantom' | 'partial' | 'stuck' | 'stray' | 'left over'
  readonly what: string
}

/**
 * What of a final state does not follow from a history: an acknowledged operation without its effect
 * (lost), an effect that is there twice (doubled) or that nobody asked for (phantom), half of one
 * (partial), something that never ended (stuck), a process (stray) or a file (left over) too many.
 */
export function checkHistory(history: History, final: FinalState): Violation[] {
  return [
    ...checkRatings(history, final),
    ...checkImports(history, final),
    ...checkErasures(history, final),
    ...checkJobs(history, final),
    ...checkModels(history, final),
    ...checkSchedule(history, final),
    ...final.stuck.map((what) => ({ kind: 'stuck', what }) as const),
    ...final.strays.map((what) => ({ kind: 'stray', what }) as const),
    ...final.leftOver.map((what) => ({ kind: 'left over', what }) as const),
  ]
}

const of = (operations: readonly Operation[], kind: Operation['kind'], ...outcomes: Outcome[]) =>
  operations.filter((one) => one.kind === kind && outcomes.includes(one.outcome))

/** Whether Redis was emptied after it was asked for, so that it may have gone with it. */
function mayBeGone({ emptied }: History, { begun }: Operation): boolean {
  return emptied.some((at) => at >= begun)
}

const pairOf = ({ user, movie }: Rating) => `${user} ${movie}`

function* checkRatings(history: History, final: FinalState): Generator<Violation> {
  const found = new Map<string, number>()
  for (const one of final.ratings) {
    const pair = pairOf(one)
    if (found.has(pair)) yield { kind: 'doubled', what: `the rating of ${pair} is there twice` }
    found.set(pair, one.rating)
  }
  const erased = erasedUsers(history)
  const told = new Map<string, Operation[]>()
  for (const one of history.operations)
    if (one.kind === 'rate') {
      const pair = pairOf(one.ratings![0]!)
      told.set(pair, [...(told.get(pair) ?? []), one])
    }
  const known = new Set(told.keys())
  for (const { ratings } of of(history.operations, 'import', 'ok', 'unknown'))
    for (const one of ratings!) known.add(pairOf(one))
  for (const pair of found.keys())
    if (!known.has(pair)) yield { kind: 'phantom', what: `nobody rated ${pair}` }
  for (const [pair, writes] of told)
    if (!erased.has(pair.split(' ')[0]!)) yield* checkPair(history, pair, writes, found.get(pair))
}

/** One client writes a pair, one write after the other; those without an answer may come true late. */
function* checkPair(
  history: History,
  pair: string,
  writes: readonly Operation[],
  found: number | undefined,
): Generator<Violation> {
  const ratingOf = ({ ratings }: Operation) => ratings![0]!.rating
  const acknowledged = writes.filter(({ outcome }) => outcome === 'ok')
  const last = acknowledged.at(-1)
  const isExcused = last === undefined || mayBeGone(history, last)
  const allowed = new Set(writes.filter(({ outcome }) => outcome === 'unknown').map(ratingOf))
  for (const one of isExcused ? acknowledged : [last]) allowed.add(ratingOf(one))
  if (found === undefined) {
    if (!isExcused) yield { kind: 'lost', what: `the rating of ${pair}, ${ratingOf(last)}` }
  } else if (!allowed.has(found)) {
    const isTold = writes.some((one) => one.outcome === 'ok' && ratingOf(one) === found)
    const what = `${pair} is ${found}, of ${[...allowed]}`
    yield { kind: isTold ? 'lost' : 'phantom', what }
  }
}

function* checkImports(history: History, final: FinalState): Generator<Violation> {
  const found = new Map(final.ratings.map((one) => [pairOf(one), one.rating]))
  const erased = erasedUsers(history)
  const listed = new Map<string, number>()
  for (const id of final.imports) listed.set(id, (listed.get(id) ?? 0) + 1)
  for (const [id, times] of listed)
    if (times > 1) yield { kind: 'doubled', what: `import ${id} is listed ${times} times` }
  const imports = of(history.operations, 'import', 'ok', 'unknown', 'refused')
  for (const { id, outcome, ratings } of imports) {
    // What was erased of it is no part of it any more.
    const rows = ratings!.filter(({ user }) => !erased.has(user))
    const there = rows.filter((row) => found.get(pairOf(row)) === row.rating).length
    const name = `import ${id ?? ''} of ${pairOf(ratings![0]!)} …`
    if (outcome === 'ok' && !listed.has(id!)) yield { kind: 'lost', what: `${name} is not listed` }
    if (outcome === 'ok' && there === 0 && rows.length > 0) yield { kind: 'lost', what: name }
    else if (outcome === 'refused' && there > 0) yield { kind: 'phantom', what: name }
    else if (there > 0 && there < rows.length)
      yield { kind: 'partial', what: `${name}: ${there} of ${rows.length} rows` }
  }
  const most = of(history.operations, 'import', 'ok', 'unknown').length
  if (listed.size > most)
    yield { kind: 'phantom', what: `${listed.size} imports are listed, ${most} were asked for` }
}

function* checkErasures(history: History, final: FinalState): Generator<Violation> {
  const left = new Set(final.ratings.map(({ user }) => user))
  const finished = new Map(final.erasures.map(({ id, isFinished }) => [id, isFinished]))
  for (const one of of(history.operations, 'erase', 'ok')) {
    if (mayBeGone(history, one)) continue
    if (left.has(one.user!)) yield { kind: 'lost', what: `the erasure of ${one.user}` }
    const isFinished = finished.get(one.id!)
    if (isFinished === undefined) yield { kind: 'lost', what: `the receipt of erasure ${one.id}` }
    else if (!isFinished) yield { kind: 'stuck', what: `erasure ${one.id}` }
  }
}

/** Who may be gone, as their erasure was asked for and not refused. */
function erasedUsers({ operations }: History): Set<string> {
  return new Set(of(operations, 'erase', 'ok', 'unknown').map(({ user }) => user!))
}

function* checkJobs(history: History, final: FinalState): Generator<Violation> {
  const jobs = new Map(final.jobs.map((job) => [job.id, job]))
  for (const one of of(history.operations, 'train', 'ok')) {
    const job = jobs.get(one.id!)
    if (mayBeGone(history, one)) continue
    if (!job || job.state === null) yield { kind: 'lost', what: `job ${one.id}` }
    else if (job.state === 'queued' || job.state === 'running')
      yield { kind: 'stuck', what: `job ${one.id} is ${job.state}` }
    else if (job.state === 'failed') yield { kind: 'lost', what: `job ${one.id}: ${job.detail}` }
  }
}

function* checkModels(history: History, final: FinalState): Generator<Violation> {
  const byJob = new Map<string, string>()
  for (const { version, jobId } of final.models) {
    const other = jobId === null ? undefined : byJob.get(jobId)
    if (other) yield { kind: 'doubled', what: `models ${other} and ${version} are of one job` }
    if (jobId !== null) byJob.set(jobId, version)
  }
  const isThere = final.models.some(({ version }) => version === final.serving)
  if (final.serving !== null && !isThere)
    yield { kind: 'phantom', what: `${final.serving} serves and is not listed` }
  if (final.served.length > 0 && final.served[0] !== final.serving)
    yield { kind: 'lost', what: `${final.served[0]} is to serve and ${final.serving} does` }
  // The service tells of the newest 50 moves.
  const promoted = of(history.operations, 'promote', 'ok')
  if (final.served.length < 50)
    for (const version of new Set(promoted.map(({ id }) => id!))) {
      const asked = promoted.filter(({ id }) => id === version).length
      const done = final.served.filter((one) => one === version).length
      if (done < Math.min(asked, 1))
        yield {
          kind: 'lost',
          what: `the promotion of ${version}, ${asked} times, is in no history`,
        }
    }
}

function* checkSchedule(history: History, { ticks }: FinalState): Generator<Violation> {
  const put = of(history.operations, 'schedule', 'ok').at(-1)
  if (put && ticks === null && !mayBeGone(history, put))
    yield { kind: 'lost', what: 'the schedule' }
  const done = ticks ?? []
  for (const at of new Set(done))
    if (done.filter((other) => other === at).length > 1)
      yield { kind: 'doubled', what: `the tick of ${at}` }
}
