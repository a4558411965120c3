import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runMutants } from '../test/support/mutants.ts'

// npm run mutate [-- --mutants 20000 --seed 1]: damages models, cards, reports, pointers and segments
// and fails unless each is refused by a typed error or answers with the truth, and repairs help.
const { values } = parseArgs({
  options: {
    mutants: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
  },
})
const folder = await mkdtemp(join(tmpdir(), 'marquee-mutants-'))
try {
  const options = { mutants: Number(values.mutants), seed: Number(values.seed) }
  const { violations, ...report } = await runMutants({ folder, ...options })
  const text = { ...report, violations: violations.length }
  process.stdout.write(`${JSON.stringify(text, null, 2)}\n`)
  for (const line of violations.slice(0, 20)) process.stdout.write(`${line}\n`)
  if (violations.length > 0) process.exitCode = 1
} finally {
  await rm(folder, { recursive: true, force: true })
}
