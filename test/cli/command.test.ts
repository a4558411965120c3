import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { describeConfig } from '../../src/cli/config.ts'
import { createProgram } from '../../src/cli/program.ts'
import { readConfig } from '../../src/config.ts'
import { algorithms } from '../../src/model/spec/training-spec.ts'
import { loaderArgs } from '../support/loader.ts'
import { startMarquee } from '../support/marquee.ts'
import { helpOf, parse } from './run-program.ts'

const { commands } = createProgram()
const names = commands.map((command) => command.name())

test('--version prints the version of the package', async () => {
  const file = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
  const { code, output } = await startMarquee(['--version']).ended
  assert.deepEqual([code, output], [0, `${JSON.parse(file).version}\n`])
})

test('the help of the program names every command', async () => {
  for (const args of [['--help'], ['-h'], ['help']]) {
    const { text, error } = await helpOf(args)
    assert.equal(error!.exitCode, 0)
    assert.match(text, /^Usage: marquee /)
    for (const name of names) assert.match(text, new RegExp(`^ {2}${name} +[A-Z].*`, 'm'))
  }
})

for (const command of commands)
  test(`${command.name()} explains itself, its arguments and options, and shows examples`, async () => {
    const name = command.name()
    const help = await helpOf([name, '--help'])
    assert.equal(help.error!.exitCode, 0)
    assert.match(help.text, new RegExp(`^Usage: marquee ${name} .*\n\n[A-Z]`))
    assert.match(help.text, new RegExp(`\nExamples:\n {2}.*marquee ${name}`))
    for (const { long, description } of command.options) {
      assert.match(help.text, new RegExp(`^ {2}${long}\\b.* {2}\\S`, 'm'), long)
      assert.match(description, /^(?!undefined)\S/, long)
    }
    for (const argument of command.registeredArguments)
      assert.match(help.text, new RegExp(`^ {2}${argument.name()} +[A-Z]`, 'm'))
    assert.equal((await helpOf(['help', name])).text, help.text)
    assert.equal((await helpOf([name, '-h'])).text, help.text)
  })

test('marquee without a command prints the help, and exits with 0', async () => {
  const { code, output } = await startMarquee([]).ended
  assert.deepEqual([code, output], [0, (await helpOf(['--help'])).text])
})

test('the help of what trains has every setting of every algorithm, its values and default', async () => {
  const { text } = await helpOf(['evaluate', '--help'])
  for (const algorithm of algorithms)
    assert.match(text, new RegExp(`^Settings of ${algorithm}:`, 'm'))
  for (const line of [
    'hiddenDropout +number 0 to below 1; default 0.5',
    'sweeps +whole number 1 to 10000 \\| auto; default auto',
    'decayScale +frequency \\| equal; default frequency',
    'learningRate +number above 0 to 100 \\| auto; default 0.004',
    '  unobservedWeight +number above 0 to 100 \\| auto; default auto',
  ])
    assert.match(text, new RegExp(`^ {2}${line}$`, 'm'))
  const tuning = await helpOf(['tune', '--help'])
  assert.match(
    tuning.text,
    /^ {2}factors +list or range of whole number 1 to 1024; default \[20,50,100\]$/m,
  )
  assert.match(tuning.text, /^ {2}decayScale +list of frequency \| equal; not varied by default$/m)
})

test('under --algorithm the help says what each setting of that algorithm means', async () => {
  const { text } = await helpOf(['evaluate', '--algorithm', 'bayes', '--help'])
  assert.match(text, /^ {2}sweeps +Draws of all vectors that are averaged/m)
  assert.match(text, /^ {4}recency +For the vector of a user/m)
  assert.doesNotMatch(text, /Settings of dot|hiddenDropout/)
})

test('help fits the terminal, but for examples and long values', async () => {
  for (const columns of [80, 100])
    for (const name of names) {
      const { text } = await helpOf([name, '--help'], columns)
      const wide = text
        .split('\n')
        .filter((line) => line.length > columns && !/[{]|marquee /.test(line))
      assert.deepEqual(wide, [], name)
    }
})

for (const [what, args, message] of [
  [
    'command',
    ['sevre'],
    /^Unknown command 'sevre'\. Did you mean serve\? Expected one of: serve, work, /,
  ],
  [
    'command whose help is wanted',
    ['help', 'sevre'],
    /^Unknown command 'sevre'\. Did you mean serve\?/,
  ],
  ['command with --help', ['sevre', '--help'], /^Unknown command 'sevre'\. Did you mean serve\?/],
  [
    'option',
    ['demo', '--onec'],
    /^Unknown option '--onec'\. Did you mean --once\? Expected one of: --once, --help\.$/,
  ],
  ['option of the program', ['--versoin'], /^Unknown option .* Did you mean --version\?/],
  ['role', ['key', 'owner'], /Allowed choices are public, read, write, admin, token-secret\./],
  ['backend', ['doctor', '--require', 'metal'], /Expected: cuda \| webgpu \| wasm\./],
] as const)
  test(`an unknown ${what} is answered with the known ones`, async () => {
    await assert.rejects(parse(args), { code: 'invalid-request', message })
  })

test('a name that resembles none gets no suggestion', async () => {
  await assert.rejects(parse(['qwertyuiop']), {
    message: /^Unknown command 'qwertyuiop'\. Expected one of: /,
  })
})

test('an argument too many, and one missing, are refused', async () => {
  for (const args of [['serve', 'extra'], ['config', 'extra'], ['key'], ['generate']])
    await assert.rejects(parse(args), {
      code: 'invalid-request',
      message: new RegExp(`\\. See marquee ${args[0]} --help\\.$`),
    })
})

test('a key that would outlive all dates is refused in a sentence', async () => {
  for (const days of ['36501', '1000000000', '0', '1.5'])
    await assert.rejects(parse(['key', 'read', '--name', 'ana', '--days', days]), {
      code: 'invalid-request',
      message: /--days.*whole number 1 to 36500/,
    })
})

test('a setting that is no whole number is told with what was expected', async () => {
  for (const PORT of ['abc', '65536'])
    assert.throws(() => readConfig({ PORT }), {
      code: 'invalid-request',
      message: /PORT: expected a whole number from 0 to 65535\.$/,
    })
})

test('an unknown variable that begins MARQUEE_ is answered with the known ones', () => {
  const message = (env: NodeJS.ProcessEnv) => {
    try {
      return readConfig(env) && ''
    } catch (error) {
      return (error as Error).message
    }
  }
  const text = message({ MARQUEE_STOER: 'x' })
  assert.match(text, /MARQUEE_STOER: .* Did you mean MARQUEE_STORE\? Expected one of: /)
  for (const { name } of describeConfig())
    if (name.startsWith('MARQUEE_')) assert.ok(text.includes(name), name)
  assert.match(
    message({ MARQUEE_ANSWER_MEMORY_BYTES: '0' }),
    /MARQUEE_ANSWER_MEMORY_BYTES is called MARQUEE_RESPONSE_CACHE_BYTES now\.$/,
  )
  assert.match(message({ MARQUEE_X: '1', PORT: 'a' }), /PORT: expected .*MARQUEE_X: there is no/)
  assert.equal(message({ MARQUEE_STOER: '', OTHER: '1' }), '')
  assert.match(message({ MARQUEE_PORT: '80' })!, /MARQUEE_PORT: there is no/)
  const kubernetes = {
    MARQUEE_SERVICE_HOST: '10.0.0.7',
    MARQUEE_API_SERVICE_PORT_HTTP: '80',
    MARQUEE_PORT: 'tcp://10.0.0.7:80',
    MARQUEE_PORT_80_TCP_ADDR: '10.0.0.7',
  }
  assert.equal(message(kubernetes), '', 'the addresses of a service in Kubernetes')
})

test('a command that fails says so in one line and ends, whatever the process still has open', async (t) => {
  const program = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
  const openHandle = 'data:text/javascript,setInterval(()=>{},1e6)'
  const args = [...loaderArgs, '--import', openHandle, program, 'serve']
  const child = spawn(process.execPath, args, { env: { ...process.env, MARQUEE_STOER: 'x' } })
  t.after(() => child.kill('SIGKILL'))
  let words = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words += text
  })
  const [code] = await once(child, 'close')
  assert.equal(code, 1)
  assert.match(words, /^marquee: The environment is not valid\. MARQUEE_STOER: .*\n$/)
})
