import { z } from 'zod'
import { MarqueeError } from '../../../errors.ts'
import { versionPattern } from '../../../model/card.ts'
import { decodeModel } from '../../../model/file/model-file.ts'
import { type TrainingSpec, trainingSpecSchema } from '../../../model/spec/training-spec.ts'
import type { ModelRegistry } from '../../../storage/model-registry.ts'
import type { ObjectStore } from '../../../storage/object-store.ts'
import type { WarmStart } from '../../../training/warm-start/begin.ts'
import type { WarmStartWish } from '../../job-request.ts'

/** From what a job's training starts: vectors, or nothing for a reason; null where none was asked. */
export type JobStart = { readonly vectors: WarmStart } | { readonly reason: string } | null

/** What the first attempt has chosen; of vectors, the copy beside it. */
const chosenSchema = z.union([
  z.object({ version: z.string().regex(versionPattern), spec: trainingSpecSchema }),
  z.object({ reason: z.string() }),
])
type Chosen = z.output<typeof chosenSchema>

type Tools = { readonly store: ObjectStore; readonly registry: ModelRegistry }

/**
 * The vectors that a job is to start from, chosen by its first attempt and the same in all: they are
 * copied beside the job's checkpoints, so that a later attempt gives the same bytes whatever serves by
 * then, and though the model may be pruned. (An erasure takes copy and checkpoints away; what comes
 * then begins anew, from a model without the user.) An `invalid-request` error where a model that was
 * named is not there, or keeps no vectors.
 */
export async function fixStart(
  jobId: string,
  wish: WarmStartWish,
  tools: Tools,
): Promise<JobStart> {
  if (wish === 'never') return null
  const folder = `checkpoints/${jobId}/`
  const isRequired = wish !== 'auto'
  const fixed = await fixedIn(folder, isRequired, tools)
  if (fixed) return fixed
  const { chosen, bytes } = await choose(wish, tools)
  if ('version' in chosen) await tools.store.put(copyOf(folder, chosen.version), [bytes!])
  await tools.store.putIfAbsent(`${folder}start.json`, [Buffer.from(JSON.stringify(chosen))])
  return fixedIn(folder, isRequired, tools)
}

async function fixedIn(folder: string, isRequired: boolean, { store }: Tools): Promise<JobStart> {
  const json = await store.get(`${folder}start.json`)
  if (!json) return null
  const chosen = chosenSchema.parse(JSON.parse(Buffer.from(json).toString('utf8')))
  if ('reason' in chosen) return chosen
  const { version, spec } = chosen
  const bytes = await store.get(copyOf(folder, version))
  return bytes && { vectors: { version, spec, vectors: decodeModel(bytes), isRequired } }
}

function copyOf(folder: string, version: string): string {
  return `${folder}start-${version}.safetensors`
}

async function choose(
  wish: WarmStartWish,
  { registry }: Tools,
): Promise<{ chosen: Chosen; bytes: Uint8Array | null }> {
  const refuse = (reason: string) => {
    if (wish === 'auto') return { chosen: { reason: `${reason}.` }, bytes: null }
    throw new MarqueeError(
      'invalid-request',
      `The training cannot start from "${wish}": ${reason}.`,
    )
  }
  const version = wish === 'auto' ? await registry.current() : wish
  if (version === null) return refuse('No model serves yet')
  const card = await registry.find(version)
  if (!card) return refuse(`There is no model ${version}`)
  const bytes = await registry.start(card)
  if (!bytes) return refuse(`Model ${version} keeps no vectors to start from`)
  return { chosen: { version, spec: card.spec as TrainingSpec }, bytes }
}
