import { isDamage } from '../../../errors.ts'
import type { Ratings } from '../../../model/data/ratings.ts'
import type { Promotion } from '../../../model/promotion.ts'
import type { TrainingSpec } from '../../../model/spec/training-spec.ts'
import { runningExperiment } from '../../../storage/experiments/experiments.ts'
import type { ModelRegistry } from '../../../storage/model-registry.ts'
import type { ObjectStore } from '../../../storage/object-store.ts'
import type { Pointer } from '../../../storage/pointer/pointer-file.ts'
import type { BackendPreference } from '../../../training/engines/engine.ts'
import { areSameSettings, type Compared } from '../../../training/promotion/compare-settings.ts'
import { judge, losesToBiases } from '../../../training/promotion/judge.ts'
import type { Gate, Training } from '../../../training/train.ts'
import type { PayloadOf } from '../../job-request.ts'

/** The gate of one training, and what it decides in the end. */
export type PromotionGate = Gate & {
  /** The settings that serve, where a comparison with them takes a fit; null otherwise. */
  readonly serving: TrainingSpec | null
  /**
   * To be asked just before publication: a model that was refused before its refit stays refused; one
   * that was admitted is not promoted if somebody has meanwhile returned to an older model by hand, and
   * under "if-better" not if another one than it was compared with has begun to serve.
   */
  decide(training: Pick<Training, 'measurement' | 'compared'>): Promise<Promotion>
}

type Asked = Pick<PayloadOf<'train'>, 'spec' | 'promote' | 'askedBy'> & {
  readonly ratings: Pick<Ratings, 'rating'>
}
type Measured = Parameters<Gate['admits']>[0]

/**
 * Opens the gate for what a training will make, on what serves now. Told is what is decided on the
 * held-out figures, before a refit.
 */
export async function openGate(
  { spec, promote: mode, askedBy, ratings }: Asked,
  known: Known,
  onDecision: (promotion: Promotion) => void,
): Promise<PromotionGate> {
  const begun = await readServing(known)
  const promotionOf = (now: Serving | null, { measurement, compared }: Measured): Promotion => {
    const serving = now?.version ?? null
    const isOther = begun !== null && serving !== begun.version
    const [held, experiment] = [now?.held ?? null, now?.experiment ?? null]
    const question = { mode, serving, held, experiment, measurement }
    return {
      mode,
      ...judge({ ...question, compared: isOther ? overtaken(begun.version) : compared }),
      ...{ decidedAt: new Date().toISOString(), askedBy, against: begun?.version ?? null },
      comparison: compared?.outcome === 'compared' ? compared.comparison : null,
    }
  }
  let admission: Promotion | null = null
  const settings = begun?.settings ?? null
  const trained = Math.ceil((1 - spec.split.valid) * ratings.rating.length)
  const on = { ratings: trained, backend: known.backend }
  return {
    serving: settings && areSameSettings(spec, settings, on) ? null : settings,
    against(measurement) {
      // Whoever is to decide by hand wants to see the figures, whatever they are.
      const isByHand = mode === 'manual' || begun?.held
      return isByHand || !losesToBiases(measurement) ? settings : null
    },
    admits(measured) {
      admission = promotionOf(begun, measured)
      onDecision(admission)
      return admission.promoted || mode === 'manual'
    },
    async decide(training) {
      if (admission && !admission.promoted) return admission
      const promotion = promotionOf(await readServing(known), training)
      if (promotion.verdict === admission?.verdict) return admission
      onDecision(promotion)
      return promotion
    },
  }
}

type Known = {
  readonly registry: Pick<ModelRegistry, 'pointer' | 'find'>
  readonly store: ObjectStore
  readonly backend: BackendPreference
}

type Serving = Pick<Pointer, 'version' | 'held'> & {
  /** Null where its card cannot be read. */
  readonly settings: TrainingSpec | null
  /** The name of the experiment that runs. */
  readonly experiment: string | null
}

/** What serves and what it was asked for; null where nothing does. */
async function readServing({ registry, store }: Omit<Known, 'backend'>): Promise<Serving | null> {
  const pointer = await registry.pointer()
  if (!pointer) return null
  const experiment = (await runningExperiment(store))?.name ?? null
  try {
    const card = await registry.find(pointer.version)
    return card && { ...pointer, settings: card.asked ?? card.spec, experiment }
  } catch (error) {
    if (!isDamage(error)) throw error
    return { ...pointer, settings: null, experiment }
  }
}

function overtaken(version: string): Compared {
  return {
    outcome: 'not-compared',
    reason: `Model ${version}, which served when the training began, does not serve any more.`,
  }
}
