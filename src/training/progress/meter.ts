import type { JobPhase } from '../../model/progress.ts'
import type { Count, PlannedPart, PlannedStep, StepChange } from './planned.ts'
import { createRateBook, type Rates } from './rates.ts'
import { phaseOfStep, type StepName, takesTurns } from './steps.ts'

/** How far a job is, in seconds of its own. */
export type MeterReport = {
  readonly phase: JobPhase
  readonly step: StepName | null
  readonly work: { readonly unit: string; readonly done: number; readonly total: number } | null
  /** 0 … 1, of the time of the whole; never falls. */
  readonly share: number
  readonly elapsedSeconds: number
  /** Null while nothing is known, or planned. */
  readonly secondsLeft: number | null
  /** Of these, those that the present step is to take. */
  readonly stepSecondsLeft: number
}

/**
 * Tells how far a job is and how long it will take: planned work, converted to seconds by the rates
 * that were measured so far, else by those of earlier jobs or built in, corrected by how this job
 * compares with them.
 */
export type ProgressMeter = {
  /** Plans what comes after the step that is under way, instead of what was planned. */
  plan(parts: readonly PlannedPart[]): void
  /**
   * Ends the present step and begins another: the one of this name that is to come in the present
   * part, or else in the next that has one; steps in between are left out. The present one, and one
   * that took its turn before, goes on.
   */
  begin(name: StepName, change?: StepChange): void
  /** The present part begins anew, from whichever of its steps begins next. */
  again(): void
  /** The share done of the present step. */
  advance(share: number): void
  /** The present step is more or less work than planned. */
  resize(units: number, count?: Count): void
  /** All is done. */
  end(): void
  report(): MeterReport
  /** Seconds a unit, by kind, as measured in this job. */
  measured(): Rates
}

export type MeterOptions = {
  /** Of earlier jobs on this machine. */
  readonly rates?: Rates
  /** Milliseconds. */
  readonly now?: () => number
  /** Told of each step that begins, and of progress. */
  onChange?(isStep: boolean): void
}

type Step = { -readonly [Key in keyof PlannedStep]: PlannedStep[Key] } & {
  readonly part: PlannedPart
  readonly planned: number
  count: Count | null
  share: number
  seconds: number
  /** When it was last told of. */
  at: number
  isBegun: boolean
  isOver: boolean
}

/** So much of a step that reports nothing is taken for done at most. */
const mostSilent = 0.95
/** The share of a step at which its own rate weighs as much as the one that was expected. */
const trust = 0.05

/** A meter at the beginning of a job. */
export function createProgressMeter({
  rates = {},
  now = () => performance.now(),
  onChange,
}: MeterOptions = {}): ProgressMeter {
  const start = now()
  const book = createRateBook(rates)
  const scales = new Map<StepName, number>()
  let steps: Step[] = []
  let current = -1
  let highest = 0
  let isPlanned = false
  let isOver = false

  const stepOf = (part: PlannedPart, planned: PlannedStep): Step => ({
    ...planned,
    ...{ part, planned: planned.units, units: planned.units * (scales.get(planned.name) ?? 1) },
    ...{ count: null, share: 0, seconds: 0, at: 0, isBegun: false, isOver: false },
  })

  function touch(step: Step): void {
    const time = now()
    step.seconds += (time - step.at) / 1_000
    step.at = time
  }

  function finish(step: Step): void {
    Object.assign(step, { share: 1, isOver: true })
    book.learn(step.kind, step.seconds, step.units)
  }

  /** 0 where nothing is known. */
  function secondsOf(step: Step): number {
    const expected = step.units * book.rateOf(step.kind)
    if (step.share <= 0) return expected
    const own = step.seconds / step.share
    if (expected === 0) return own
    return (step.share * own + trust * expected) / (step.share + trust)
  }

  /** Of a step that is under way those that it has been silent for count, too. */
  function leftOf(step: Step, isCurrent: boolean): number {
    const left = (1 - step.share) * secondsOf(step)
    const silent = isCurrent ? (now() - step.at) / 1_000 : 0
    return left - Math.min(mostSilent * left, silent)
  }

  function find(name: StepName): number {
    const here = steps[current]?.part
    const goesOn = (step: Step) => step === steps[current] || takesTurns.has(name) || !step.isOver
    const inPart = steps.findIndex(
      (step) => step.part === here && step.name === name && goesOn(step),
    )
    if (inPart >= 0) return inPart
    return steps.findIndex((step, i) => i > current && step.name === name)
  }

  function changeBy(step: Step, { kind = step.kind, units, count }: StepChange): void {
    const scale = units === undefined ? null : units / step.planned
    if (scale !== null && Number.isFinite(scale)) scales.set(step.name, scale)
    for (const one of steps) {
      if (one !== step && (one.isBegun || one.name !== step.name)) continue
      one.kind = kind
      if (scale !== null && Number.isFinite(scale)) one.units = one.planned * scale
    }
    if (units !== undefined) step.units = units
    if (count) step.count = count
  }

  function observe(): void {
    const step = steps[current]
    if (!step) return
    book.observe(step.kind, step.seconds, step.share * step.units)
  }

  return {
    plan(parts) {
      isPlanned = true
      const kept = steps.slice(0, current + 1)
      steps = [
        ...kept,
        ...parts.flatMap((part) => part.steps.map((planned) => stepOf(part, planned))),
      ]
    },
    begin(name, change = {}) {
      const before = steps[current]
      if (before) touch(before)
      let next = find(name)
      if (next < 0) {
        const part = before?.part ?? { steps: [] }
        steps.splice(current + 1, 0, stepOf(part, { name, kind: name, units: 0 }))
        next = current + 1
      }
      const step = steps[next]!
      const isTurn = takesTurns.has(name)
      for (const one of steps)
        if (one !== step && one.isBegun && !one.isOver && !(isTurn && takesTurns.has(one.name)))
          finish(one)
      // What was left out is not to come any more.
      steps = steps.filter((one, i) => one.isBegun || i >= next || takesTurns.has(one.name))
      current = steps.indexOf(step)
      changeBy(step, change)
      Object.assign(step, { isBegun: true, isOver: false })
      step.at = now()
      onChange?.(true)
    },
    again() {
      const here = steps[current]?.part
      for (const step of steps)
        if (step.part === here)
          Object.assign(step, { share: 0, seconds: 0, isBegun: false, isOver: false })
    },
    advance(share) {
      const step = steps[current]
      if (!step) return
      touch(step)
      step.share = Math.min(1, Math.max(0, share))
      observe()
      onChange?.(false)
    },
    resize(units, count) {
      const step = steps[current]
      if (step) changeBy(step, { units, ...(count && { count }) })
    },
    end() {
      const step = steps[current]
      if (step) touch(step)
      for (const one of steps) if (one.isBegun && !one.isOver) finish(one)
      steps = steps.slice(0, current + 1)
      isOver = true
      onChange?.(true)
    },
    report() {
      const step = steps[current]
      const elapsedSeconds = (now() - start) / 1_000
      // Before a plan only the present step is known, and nearly over is nothing but that.
      const isKnown = isPlanned && step !== undefined && (step.share === 1 || secondsOf(step) > 0)
      const stepSecondsLeft = isKnown && !isOver ? leftOf(step, true) : 0
      const others = steps.filter((one) => one !== step && one.share < 1)
      const later = others.reduce((sum, one) => sum + leftOf(one, false), 0)
      const secondsLeft = isOver ? 0 : isKnown ? stepSecondsLeft + later : null
      if (isOver) highest = 1
      else if (secondsLeft !== null && elapsedSeconds > 0)
        highest = Math.max(
          highest,
          Math.min(0.999, elapsedSeconds / (elapsedSeconds + secondsLeft)),
        )
      const { count, share = 0 } = step ?? {}
      return {
        phase: step ? (step.part.phase ?? phaseOfStep[step.name]) : 'loading',
        step: step?.name ?? null,
        work: count ? workOf(count, share) : null,
        ...{ share: highest, elapsedSeconds, secondsLeft, stepSecondsLeft },
      }
    },
    measured: book.measured,
  }
}

function workOf({ unit, total, from = 0 }: Count, share: number): MeterReport['work'] {
  // A share such as (1/3)·3 may lie a little below what it stands for.
  return { unit, total, done: Math.min(total, Math.floor(from + (total - from) * share + 1e-9)) }
}
