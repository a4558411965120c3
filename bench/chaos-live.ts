import { parseArgs } from 'node:util'
import { runChaos } from '../test/support/live-chaos.ts'

// npm run chaos:live [-- --ratings 100000 --kills 10 --seed 1]: fails unless every rating that was
// acknowledged is in the next training's data, and none that was refused.
const { values } = parseArgs({
  options: {
    ratings: { type: 'string', default: '100000' },
    kills: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
  },
})
const { lost, phantom, ...outcome } = await runChaos({
  ratings: Number(values.ratings),
  kills: Number(values.kills),
  seed: Number(values.seed),
  log: (line) => process.stdout.write(`${line}\n`),
})
const report = { ...outcome, lost: lost.length, phantom: phantom.length }
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
if (lost.length > 0 || phantom.length > 0 || outcome.ofCard !== outcome.ofData) {
  process.stdout.write(`Lost: ${lost.slice(0, 9)}. Phantom: ${phantom.slice(0, 9)}.\n`)
  process.exitCode = 1
}
