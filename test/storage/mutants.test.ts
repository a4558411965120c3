import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { runMutants } from '../support/mutants.ts'

async function emptyFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'marquee-mutants-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

test('a damaged file is refused or says the truth, and a repair leaves a whole store', async (t) => {
  const folder = await emptyFolder(t)
  const { violations, outcomes } = await runMutants({
    folder,
    mutants: 320,
    seed: 1,
    repairEvery: 20,
  })
  assert.deepEqual(violations, [])
  // One of the two copies of the pointer is whole.
  for (const [kind, { refused = 0 }] of Object.entries(outcomes))
    assert.ok(kind === 'pointer' || refused > 0, `${kind}: some mutant is refused`)
})

test('a file whose seal fits though it says something else is found', async (t) => {
  const folder = await emptyFolder(t)
  const { violations } = await runMutants({
    ...{ folder, mutants: 16, seed: 1 },
    // As if cards had no seal and one digit were another.
    undo: (key, mutant, good) => {
      if (!key.endsWith('card.json')) return mutant
      const { seal: _, sequence: __, ...card } = JSON.parse(good.toString())
      return Buffer.from(JSON.stringify({ ...card, trainSeconds: 7 }))
    },
  })
  assert.equal(violations.length, 2)
  assert.match(violations[0]!, /card\.json.*other answer/)
})
