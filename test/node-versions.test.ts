// Takes more than 15 s: tests of each kind run once more, on two other versions of Node.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { loaderArgs } from './support/loader.ts'
import { environmentOf, otherVersions } from './support/node-versions.ts'

const run = promisify(execFile)

/** A store, threads, a worker with its children over Redis, and a server. `npm run node-versions` has all. */
const few = [
  './storage/file-store.test.ts',
  './numeric/threads.test.ts',
  './queue/run-training-job.test.ts',
  './queue/dying-child.test.ts',
  './http/answers.test.ts',
].map((path) => fileURLToPath(new URL(path, import.meta.url)))

for (const version of otherVersions)
  test(`Node ${version} passes tests of each kind`, async (t) => {
    const env = await environmentOf(version)
    if (typeof env === 'string') return t.skip(env)
    // The runner would take it for a part of its own.
    const { NODE_TEST_CONTEXT: _, ...plain } = env
    const { stdout } = await run('node', [...loaderArgs, '--test', ...few], {
      ...{ env: plain, maxBuffer: 64 * 1024 * 1024 },
    }).catch(({ stdout, stderr }) => assert.fail(`${stdout}\n${stderr}`))
    assert.match(stdout, /^(#|ℹ) fail 0$/m)
    assert.doesNotMatch(stdout, /^(#|ℹ) pass [0-9]$/m)
  })
