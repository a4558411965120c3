import assert from 'node:assert/strict'
import { test } from 'node:test'
import { placeOf } from '../../src/model/experiments/assignment.ts'
import { compareArms, decisionOf } from '../../src/model/experiments/figures.ts'
import { createRandom } from '../../src/numeric/random/random.ts'

const users = Array.from({ length: 20_000 }, (_, i) => String(i))

test('a user stays in an arm for good: it follows from the name and the id alone', () => {
  const arms = ['15', '16', 'ü', ''].map((userId) => placeOf({ name: 'e', share: 0.5 }, userId))
  assert.deepEqual(arms, [
    { arm: 'treatment', key: '9a29b0b0a4d4cd3c386adda7' },
    { arm: 'treatment', key: 'f1515f0e2838c70159154774' },
    { arm: 'control', key: '6789929abccef523e9f279c6' },
    { arm: 'control', key: '23b8099b37013f251546f3d6' },
  ])
})

test('so many users are in the treatment as its share says, whatever their ids', () => {
  for (const share of [0.01, 0.2, 0.5, 0.99]) {
    const found = users.filter((user) => placeOf({ name: 'e', share }, user).arm === 'treatment')
    const spread = Math.sqrt(share * (1 - share) * users.length)
    assert.ok(Math.abs(found.length - share * users.length) < 4 * spread, `${share}`)
  }
})

test('who is in the treatment of one experiment is so by chance in another', () => {
  const armsOf = (name: string) => users.map((user) => placeOf({ name, share: 0.5 }, user).arm)
  const [first, second] = [armsOf('first'), armsOf('second')]
  const same = first.filter((arm, i) => arm === second[i]).length
  assert.ok(Math.abs(same - users.length / 2) < 4 * Math.sqrt(users.length / 4), `${same}`)
})

test('a larger share takes users from the control and none from the treatment', () => {
  for (const user of users)
    if (placeOf({ name: 'e', share: 0.2 }, user).arm === 'treatment')
      assert.equal(placeOf({ name: 'e', share: 0.3 }, user).arm, 'treatment')
})

const armOf = (counts: object) => {
  return { users: 0, lists: 0, converted: 0, conversions: 0, ratings: 0, ratingSum: 0, ...counts }
}
const compare = (control: object, treatment: object, share = 0.5) =>
  compareArms({ control: armOf(control), treatment: armOf(treatment) }, share)

test('nothing is shown before anything was counted', () => {
  assert.deepEqual(compare({}, {}), {
    lift: null,
    interval: { lowest: -1, highest: null },
    pValue: 1,
    decision: 'no-difference-shown',
  })
})

test('the lift is that of the treatment over the control, of any share', () => {
  const even = compare({ users: 9_000, converted: 3_000 }, { users: 9_000, converted: 3_600 })
  assert.ok(Math.abs(even.lift! - 0.2) < 1e-12)
  assert.equal(even.decision, 'treatment')
  assert.ok(0 < even.interval.lowest && even.interval.lowest < 0.2)
  const tenth = compare({ users: 9_000, converted: 4_500 }, { users: 1_000, converted: 400 }, 0.1)
  assert.ok(Math.abs(tenth.lift! - -0.2) < 1e-12)
  assert.equal(tenth.decision, 'control')
  assert.ok(tenth.interval.highest! < 0)
})

test('an interval without 0 is a decision, and the other way round', () => {
  for (let converted = 500; converted < 800; converted++) {
    const { interval, decision } = compare(
      { users: 2_000, converted: 600 },
      { users: 2_000, converted },
    )
    const hasZero = interval.lowest < 0 && 0 < interval.highest!
    assert.equal(decision === 'no-difference-shown', hasZero, `${converted}`)
  }
})

test('arms with numbers of users that chance hardly gives decide nothing', () => {
  const { decision } = compare({ users: 2_000, converted: 900 }, { users: 2_600, converted: 1_900 })
  assert.equal(decision, 'unbalanced')
})

/** Users that convert one by one, looked at after every tenth of them: the decisions of many runs. */
function decisionsOf({ runs, users, lift }: { runs: number; users: number; lift: number }) {
  const chance = (1 + lift) / (2 + lift)
  return Array.from({ length: runs }, (_, run) => {
    const random = createRandom(run, 'experiments')
    const converted = { control: 0, treatment: 0 }
    for (let user = 1; user <= users; user++) {
      converted[random.uniform() < chance ? 'treatment' : 'control'] += 1
      if (user % 10 > 0) continue
      const [control, treatment] = [converted.control, converted.treatment].map((converted) => {
        return armOf({ users: 2 * users, converted })
      })
      const decision = decisionOf({ control: control!, treatment: treatment! }, 0.5)
      if (decision !== 'no-difference-shown') return decision
    }
    return 'no-difference-shown'
  })
}

const shareOf = (decision: string, all: readonly string[]) =>
  all.filter((one) => one === decision).length / all.length

test('equal models show no winner in 95 % of 200 runs that are looked at all the time', (t) => {
  const found = decisionsOf({ runs: 200, users: 20_000, lift: 0 })
  t.diagnostic(`no difference shown in ${100 * shareOf('no-difference-shown', found)} %`)
  assert.ok(shareOf('no-difference-shown', found) >= 0.95)
})

test('a lift of 10 % is found within 7,500 conversions in 9 of 10 runs, within 10,000 in 19 of 20', (t) => {
  for (const [users, least] of [
    [7_500, 0.9],
    [10_000, 0.95],
  ] as const) {
    const found = decisionsOf({ runs: 200, users, lift: 0.1 })
    t.diagnostic(`within ${users} conversions: ${100 * shareOf('treatment', found)} %`)
    assert.ok(shareOf('treatment', found) >= least)
  }
})
