// Takes more than 15 s on a busy machine: the demo starts all of it, and trains on the sample.
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../storage/bodies.ts'
import { keys, sha256 } from '../support/app.ts'
import { startMarquee, until } from '../support/marquee.ts'

test('the demo does without the keys and limits of its user', async (t) => {
  const file = join(await temporaryFolder(t), 'keys')
  await writeFile(file, `ana admin ${sha256(keys.admin)}\n`)
  const demo = startMarquee(['demo', '--once'], {
    ...{ PORT: '', REDIS_URL: '', MARQUEE_KEYS_FILE: file },
    ...{ MARQUEE_LIMIT_WRITE: '1', MARQUEE_IMPORT_LINES: '10', MARQUEE_IMPORT_LIMIT_BYTES: '10' },
  })
  t.after(() => demo.kill('SIGKILL'))
  let hasEnded = false
  void demo.ended.then(() => {
    hasEnded = true
  })
  await until(() => hasEnded || demo.output().includes('Training job'))
  demo.kill('SIGINT')
  const { output } = await demo.ended
  assert.match(output, /^Imported the sample: \d[\d,]{3,} lines of ratings/)
})
