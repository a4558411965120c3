import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import { loaderArgs } from '../support/loader.ts'

const guard = new URL('../../src/queue/worker/orphan-guard.ts', import.meta.url).href

/** A process with a channel to this one that is guarded and then runs the code. */
function startGuarded(t: TestContext, code: string): ChildProcess {
  const source = `import { exitWithParent } from '${guard}'; exitWithParent(); ${code}`
  const child = spawn(process.execPath, [...loaderArgs, '--input-type=module', '--eval', source], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  t.after(() => child.kill('SIGKILL'))
  return child
}

async function exitCode(child: ChildProcess): Promise<unknown> {
  const [code] = await once(child, 'exit', { signal: AbortSignal.timeout(240_000) })
  return code
}

test('a process exits when telling of an exception is the next exception', async (t) => {
  const child = startGuarded(
    t,
    `process.on('uncaughtException', async () => { throw new Error('the channel is broken') })
     throw new Error('the first exception')`,
  )
  assert.equal(await exitCode(child), 1)
})

test('a process exits when its channel is closed, also while it starts', async (t) => {
  const running = startGuarded(t, `setInterval(() => {}, 1_000); process.send('running')`)
  await once(running, 'message')
  running.disconnect()
  assert.equal(await exitCode(running), 1)

  const starting = startGuarded(t, 'setInterval(() => {}, 1_000)')
  starting.disconnect()
  assert.equal(await exitCode(starting), 1)
})

test('one exception is left to those who listen', async (t) => {
  const child = startGuarded(
    t,
    `process.on('uncaughtException', () => process.exit(7)); throw new Error('the only one')`,
  )
  assert.equal(await exitCode(child), 7)
})
