import type { Comparison, Hold, PromoteMode, Promotion } from '../../model/promotion.ts'
import { exceeds } from '../evaluation/error-metrics.ts'
import type { Measurement } from '../evaluation/measure-model.ts'
import type { Compared } from './compare-settings.ts'

type ErrorsBesideBiases = Pick<Measurement, 'errors' | 'baselines'>

/** All that decides whether a candidate serves. */
export type Question = {
  readonly mode: PromoteMode
  /** The version that serves; null before the first. */
  readonly serving: string | null
  /** Whether somebody has returned to that version by hand. */
  readonly held: Hold | null
  /** The name of the experiment that runs; null for none. */
  readonly experiment?: string | null
  /** Null where nothing was held out. */
  readonly measurement: ErrorsBesideBiases | null
  readonly compared: Compared | null
}

export type Judgement = Pick<Promotion, 'promoted' | 'verdict' | 'reason'>

/** A gain is one from this share of the tolerance on: seeds alone move the figures by half of it. */
const leastGain = 0.2
/** Fewer users prove nothing: the ends of their interval are too near to each other. */
export const leastUsers = 30

/**
 * The gate. With both "auto" and "if-better" a candidate must not lose to the damped biases, nor be
 * shown to be worse than the serving model's settings: by more than the tolerance, in RMSE or NDCG@10,
 * with an interval that leaves equality out. In doubt "auto" lets it serve. "if-better" does only where
 * one of the two figures is shown to be better and the other not to be worse than the tolerance: the
 * ends of the intervals decide, 1 % each, so that of equal models about one in fifty passes.
 */
export function judge(question: Question): Judgement {
  const { mode, serving, held, experiment, measurement, compared } = question
  const isAuto = mode === 'auto'
  if (mode === 'manual') return no('manual', 'It serves once it is promoted by hand, as was asked.')
  if (serving === null) return yes('first', 'No model served before.')
  if (held)
    return no(
      'held',
      `Model ${serving} was returned to by hand at ${held.at}: a hand must end that.`,
    )
  if (experiment) return no('held', `Experiment ${experiment} runs: only a hand ends it.`)
  if (measurement && losesToBiases(measurement)) {
    const { errors, baselines } = measurement
    const [own, biases] = [errors, baselines!['bias-only']].map(({ rmse }) => rmse.toFixed(4))
    return no('loses-to-biases', `Its RMSE is ${own}, that of the damped biases ${biases}.`)
  }
  if (compared === null || compared.outcome === 'not-compared') {
    const reason = compared?.reason ?? 'No ratings were held out to compare it on.'
    return { promoted: isAuto, verdict: 'not-compared', reason }
  }
  if (compared.outcome === 'same-settings')
    return {
      promoted: isAuto,
      verdict: 'same-settings',
      reason: 'Its settings are those of the model that serves: only the ratings are newer.',
    }
  return judgeFigures(compared.comparison, isAuto)
}

function judgeFigures({ rmse, 'ndcg@10': ndcg }: Comparison, isAuto: boolean): Judgement {
  const losses = [lossOf('RMSE', rmse, 1), ...(ndcg ? [lossOf('NDCG@10', ndcg, -1)] : [])]
  const worse = losses.find(isWorse)
  if (worse) return no('worse', `It is worse: ${worse.text}.`)
  const better = losses.find(isBetter)
  if (better && losses.every(isNoWorse)) return yes('better', `It is better: ${better.text}.`)
  const text = losses.map((loss) => loss.text).join('; ')
  return isAuto
    ? yes('not-worse', `It is not shown to be worse: ${text}.`)
    : no('not-better', `It is not shown to be better: ${text}.`)
}

/** How much worse the candidate is in a figure, with the interval of that. */
type Loss = {
  readonly text: string
  readonly loss: number
  readonly low: number
  readonly high: number
  readonly tolerance: number
  readonly users: number
}

const isWorse = ({ loss, low, tolerance }: Loss) => loss > tolerance && low > 0
const isNoWorse = ({ high, tolerance }: Loss) => high <= tolerance
const isBetter = ({ high, tolerance, users }: Loss) =>
  high < -leastGain * tolerance && users >= leastUsers

/** `sign` is 1 where higher figures are worse, −1 where they are better. */
function lossOf(name: string, figure: Comparison['rmse'], sign: 1 | -1): Loss {
  const { candidate, serving, difference, low, high, tolerance, users } = figure
  const [from, to] = [low, high].map((end) => end.toFixed(4))
  return {
    text: `${name} ${candidate.toFixed(4)} against ${serving.toFixed(4)} (difference ${from} … ${to}, tolerance ${tolerance.toFixed(4)})`,
    loss: sign * difference,
    low: sign === 1 ? low : -high,
    high: sign === 1 ? high : -low,
    ...{ tolerance, users },
  }
}

/** Whether the RMSE is above that of the damped biases on the same rows: worse than no model. */
export function losesToBiases({ errors, baselines }: ErrorsBesideBiases): boolean {
  return baselines !== null && exceeds(errors.rmse, baselines['bias-only'].rmse)
}

function yes(verdict: Promotion['verdict'], reason: string): Judgement {
  return { promoted: true, verdict, reason }
}

function no(verdict: Promotion['verdict'], reason: string): Judgement {
  return { promoted: false, verdict, reason }
}
