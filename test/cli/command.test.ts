import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { startMarquee } from '../support/marquee.ts'

test('--version prints the version of the package', async () => {
  const file = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
  const { code, output } = await startMarquee(['--version']).ended
  assert.deepEqual([code, output], [0, `${JSON.parse(file).version}\n`])
})

test('a command that takes no arguments refuses one', async () => {
  for (const command of ['serve', 'config']) {
    const { code, output } = await startMarquee([command, 'extra']).ended
    assert.equal(code, 1)
    assert.match(output, new RegExp(`^marquee: marquee ${command} takes no arguments, got "extra"`))
  }
})

test('a setting that is no whole number is told with what was expected', async () => {
  for (const PORT of ['abc', '65536']) {
    const { code, output } = await startMarquee(['serve'], { PORT }).ended
    assert.equal(code, 1)
    assert.match(output, /PORT: expected a whole number from 0 to 65535\.\n$/)
  }
})
