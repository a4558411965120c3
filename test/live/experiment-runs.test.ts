import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countOccurrences, type Occurrence } from '../../src/live/experiments/count-script.ts'
import { readTally } from '../../src/live/experiments/experiment-counts.ts'
import { experimentKeys } from '../../src/live/experiments/experiment-keys.ts'
import { placeOf } from '../../src/model/experiments/assignment.ts'
import type { Arm } from '../../src/model/experiments/experiment.ts'
import { type Decision, decisionOf } from '../../src/model/experiments/figures.ts'
import { createRandom } from '../../src/numeric/random/random.ts'
import { redisOfFile } from '../support/redis.ts'

const { redis } = await redisOfFile()

type Simulated = {
  /** Names the experiment, by which users fall into arms, and is the seed of what they do. */
  run: string
  users: number
  /** The chance that a user of an arm rates what was recommended. */
  chances: Record<Arm, number>
  /** So many users come between two looks. */
  usersBetween: number
}

/** Counts users as they come, as the service does; the first decision that a look shows. */
async function firstDecision({ run, users, chances, usersBetween }: Simulated): Promise<Decision> {
  const keys = experimentKeys('test-runs', run)
  const count = countOccurrences(redis)
  const random = createRandom(16, run)
  const experiment = { name: run, share: 0.5 }
  for (let from = 0; from < users; from += usersBetween) {
    const occurrences = Array.from({ length: usersBetween }, (_, i): Occurrence[] => {
      const place = placeOf(experiment, `user ${from + i}`)
      const at = from + i
      const shown = { ...place, at, movieIds: ['m', 'n'] }
      if (random.uniform() >= chances[place.arm]) return [shown]
      // Some are keener than others, in either arm.
      const rated = random.uniform() < 0.3 ? ['m', 'n'] : ['m']
      const ratings = rated.map((movieId) => ({ movieId, rating: 4, isConversion: true }))
      return [shown, ...ratings.map((rating) => ({ ...place, at, ...rating }))]
    })
    const counted = count(keys, 7, occurrences.flat())
    const decision = decisionOf(await readTally(redis, keys.tally), experiment.share)
    await counted
    if (decision !== 'no-difference-shown') return decision
  }
  return 'no-difference-shown'
}

async function decisions(runs: number, simulated: Omit<Simulated, 'run'>): Promise<Decision[]> {
  const found: Decision[] = []
  for (let run = 0; run < runs; run++) {
    found.push(await firstDecision({ run: `run ${run}`, ...simulated }))
    await redis.flushall()
  }
  return found
}

test('two equal models show no winner in 95 % of 200 experiments, looked at all the time', async (t) => {
  const chances = { control: 0.5, treatment: 0.5 }
  const found = await decisions(200, { users: 600, chances, usersBetween: 60 })
  const without = found.filter((decision) => decision === 'no-difference-shown').length
  t.diagnostic(`${without} of 200 without a winner`)
  assert.ok(without >= 190, `${without}`)
})

test('a lift of 10 % is found among 20,000 users, half of whom convert, in 9 of 10 experiments', async (t) => {
  const chances = { control: 0.5, treatment: 0.55 }
  const found = await decisions(10, { users: 20_000, chances, usersBetween: 400 })
  const right = found.filter((decision) => decision === 'treatment').length
  t.diagnostic(`${right} of 10 name the treatment`)
  assert.ok(right >= 9, `${right}`)
})
