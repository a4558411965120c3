import { createHash } from 'node:crypto'
import { decodeModel } from '../../../src/model/file/model-file.ts'
import { listImports } from '../../../src/storage/imports/stored-imports.ts'
import { checkModels } from '../../../src/storage/integrity/check-models.ts'
import { checkSegments } from '../../../src/storage/integrity/check-segments.ts'
import { createModelRegistry } from '../../../src/storage/model-registry.ts'
import type { ObjectStore } from '../../../src/storage/object-store.ts'
import { declaredScaleOf } from '../../../src/storage/ratings/declared-scale.ts'
import { loadRatings } from '../../../src/storage/ratings/load-ratings.ts'
import { hashOf } from '../../../src/storage/verify-tensors.ts'
import { rowsOf } from '../../storage/bodies.ts'

/** What somebody who opens a store sees of it, by name; times and random names are left out. */
export type Visible = Readonly<Record<string, string>>

/** An error where a part of it is not whole. */
export async function visibleIn(store: ObjectStore): Promise<Visible> {
  const registry = createModelRegistry(store)
  const seen: Record<string, string> = {}
  for (const card of await registry.list()) {
    const bytes = await registry.openTensors(card)
    await bytes.close()
    decodeModel(await registry.tensors(card))
    await registry.report(card.version)
    if (card.start && !(await registry.start(card)))
      throw new Error(`${card.version} has no start.`)
    const { tensors, start } = card
    seen[`model ${card.version}`] = `${tensors.sha256} ${start?.sha256}`
  }
  const pointer = await registry.pointer()
  const history = pointer?.history.map(({ version, how, by }) => ({ version, how, by }))
  const { version = null, earlier = [], held = null } = pointer ?? {}
  seen['pointer'] = JSON.stringify({ version, earlier, history, isHeld: held !== null })
  const { ratings, damaged } = await loadRatings(store)
  if (damaged.length > 0) throw new Error(`Damaged: ${JSON.stringify(damaged)}`)
  seen['ratings'] = hashOf(Buffer.from(JSON.stringify(rowsOf(ratings).sort())))
  seen['scale'] = JSON.stringify(await declaredScaleOf(store))
  const { imports } = await listImports(store, { limit: 100 })
  seen['imports'] = JSON.stringify(
    imports.map(({ kind, rows, record }) => ({ kind, rows, accepted: record?.accepted })),
  )
  await expectFindings(store, ['unfinished', 'orphaned'])
  return seen
}

/** An error where a check finds anything of another kind. */
export async function expectFindings(store: ObjectStore, kinds: readonly string[]): Promise<void> {
  for (const findings of [checkSegments(store), checkModels(store)])
    for await (const { kind, key, what } of findings)
      if (!kinds.includes(kind)) throw new Error(`${kind} ${key}: ${what}`)
}

/**
 * The states that may be seen while one becomes the other: of the names that differ, those of each
 * step change at once, step after step.
 */
export function statesBetween(
  before: Visible,
  after: Visible,
  steps: readonly (readonly RegExp[])[],
): Visible[] {
  const differing = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => before[name] !== after[name],
  )
  const states: Visible[] = [before]
  for (const step of steps) {
    const next: Record<string, string> = { ...states.at(-1)! }
    for (const name of differing.filter((one) => step.some((pattern) => pattern.test(one))))
      if (after[name] === undefined) delete next[name]
      else next[name] = after[name]
    states.push(next)
  }
  if (fingerprintOf(states.at(-1)!) !== fingerprintOf(after))
    throw new Error(`The steps do not lead from one to the other: ${differing}`)
  return states
}

/** The same text for the same state. */
export function fingerprintOf(state: Visible): string {
  const text = JSON.stringify(Object.entries(state).sort())
  return createHash('sha256').update(text).digest('hex')
}

/** The names under which two states differ, for people. */
export function differenceOf(some: Visible, other: Visible): string {
  const names = new Set([...Object.keys(some), ...Object.keys(other)])
  const differing = [...names].filter((name) => some[name] !== other[name])
  return differing.map((name) => `${name}: ${some[name]} → ${other[name]}`).join('; ')
}
