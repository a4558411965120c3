// Takes more than 15 s: what docs/API.md says is run against a server and a worker, as users start them.
import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { ZipFile } from 'yazl'
import { quickTraining } from './clients/service.ts'
import { temporaryFolder } from './storage/bodies.ts'
import { sha256 } from './support/app.ts'
import { startMarquee, until } from './support/marquee.ts'
import { freePort, redisOfFile } from './support/redis.ts'
import { fewOfSample } from './support/sample-ratings.ts'

const { server: redis } = await redisOfFile()

/** The first users of the sample, in a zip as MovieLens packs them. */
async function fewInZip(): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [name, text] of Object.entries(await fewOfSample(30)))
    zip.addBuffer(Buffer.from(text), `ml-latest-small/${name}.csv`)
  zip.end()
  return buffer(zip.outputStream)
}

const has = (program: string) => {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** What every command asks with that names no token. */
const key = 'an-admin-of-the-examples'

/** Fails where the answer is an error but that time is short, and gives up on a stream that goes on. */
const quietCurl = (path: string) => `#!/bin/sh
exec ${path} --silent --show-error --fail-with-body --retry \${TRIES:-9} --max-time \${MOST:-120} -H 'X-API-Key: ${key}' "$@"
`

/** The commands of the blocks of a document, as they stand there. */
async function commandsOf(document: URL): Promise<string[]> {
  const text = await readFile(document, 'utf8')
  const lines = [...text.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block]) =>
    block!.split('\n'),
  )
  const commands: string[] = []
  let open = ''
  for (const line of lines) {
    open += `${line}\n`
    const bare = line.replace(/ +# .*$/, '')
    const isQuoted = (open.replaceAll(/\\./g, '').split("'").length - 1) % 2 === 1
    if (isQuoted || bare.endsWith('\\') || bare.endsWith('|')) continue
    if (open.trim() !== '') commands.push(open.replaceAll(/(\|) +# .*$/gm, '$1'))
    open = ''
  }
  return commands
}

test('the commands of docs/API.md do what they say', {
  skip: has('curl') ? false : 'no curl',
}, async (t) => {
  const [folder, store] = [await temporaryFolder(t), await temporaryFolder(t)]
  const port = await freePort()
  const api = `http://127.0.0.1:${port}`
  const environment = {
    ...{ HOST: '127.0.0.1', PORT: `${port}`, REDIS_URL: redis.url, MARQUEE_STORE: store },
    ...{ MARQUEE_MODEL_POLL_MS: '100', LOG_LEVEL: 'warn' },
    MARQUEE_API_KEYS: `admin:${sha256(key)}`,
    MARQUEE_TOKEN_SECRETS: 'a-secret-of-the-examples-that-is-long',
  }
  for (const name of ['serve', 'work']) {
    const program = startMarquee([name], environment)
    t.after(async () => {
      program.kill('SIGKILL')
      await program.ended
    })
  }
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = { 'x-api-key': key, 'content-type': 'application/json' }
    const answer = await fetch(api + path, { ...init, headers })
    return answer.status === 503 && !path.startsWith('/health') ? ask(path, init) : answer
  }
  await until(() =>
    ask('/health/ready?for=writes').then(
      ({ ok }) => ok,
      () => false,
    ),
  )

  const csv = 'userId,movieId,rating\n15,318,4\n17,318,3\n17,858,5\n'
  const files: Record<string, string | Uint8Array> = {
    'ratings.csv': csv,
    'my.csv.gz': gzipSync(csv.replace('userId,movieId,rating', 'who,film,mark')),
    'movies.csv': 'movieId,title,genres\n318,"Shawshank Redemption, The (1994)",Drama\n',
    'users.csv': 'userId,age,occupation\n15,33,writer\n',
    'ratings.ndjson': '{"userId": "15", "movieId": "3", "rating": 4}\n',
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  await writeFile(join(folder, 'ml-latest-small.zip'), await fewInZip())
  await mkdir(join(folder, 'bin'))
  const path = execFileSync('sh', ['-c', 'command -v curl']).toString().trim()
  await writeFile(join(folder, 'bin', 'curl'), quietCurl(path), { mode: 0o755 })
  await symlink(
    fileURLToPath(new URL('../bin/marquee', import.meta.url)),
    join(folder, 'bin/marquee'),
  )

  /** What the document leaves to its reader: ids that earlier answers told. */
  const told: Record<string, string> = { api }
  const learn = (command: string, output: string) => {
    const body = /^\{.*\}\s*$/.test(output) ? JSON.parse(output) : {}
    if (/training-jobs|schedules\/\w+\/run/.test(command))
      told['job'] = body.job ?? body.id ?? told['job']
    if (command.includes('DELETE $api/v1/users/')) told['erasure'] = body.id
    if (/v1\/imports\b/.test(command) && body.items) told['import'] = body.items.at(-1).id
    if (command.startsWith('marquee token')) told['token'] = output.trim()
    if (command.includes('recommendations') && body.nextCursor) told['nextCursor'] = body.nextCursor
    if (body.items?.[0]?.version) {
      const versions = body.items.map(({ version }: { version: string }) => version)
      told['version'] = versions.find((version: string) => version !== body.serving) ?? versions[0]
      told['other'] = body.serving
    }
  }
  const jobEnds = async () => {
    const answer = await ask(`/v1/training-jobs/${told['job']}`)
    const { state } = (await answer.json()) as { state: string }
    return state !== 'queued' && state !== 'running'
  }
  const trained = async (spec: object) => {
    const body = JSON.stringify(spec)
    const asked = await ask('/v1/training-jobs', { method: 'POST', body })
    told['job'] = ((await asked.json()) as { id: string }).id
    await until(jobEnds)
  }
  for (const command of await commandsOf(new URL('../docs/API.md', import.meta.url))) {
    if (/\bjq\b/.test(command) && !has('jq')) continue
    // A reader who asks for models has two of them.
    if (/^curl \$api\/v1\/models\s/.test(command))
      for (const seed of [1, 2]) await trained({ ...quickTraining, seed, promote: 'auto' })
    if (/batches\/\$job\s|jq .result.winner/.test(command)) await until(jobEnds)
    const isStream = command.includes('/events')
    const env = {
      ...process.env,
      ...told,
      MARQUEE_TOKEN_SECRETS: environment.MARQUEE_TOKEN_SECRETS,
      ...(isStream && { MOST: '3', TRIES: '0' }),
      PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
    }
    const { stdout } = await promisify(execFile)('bash', ['-c', `set -o pipefail\n${command}`], {
      cwd: folder,
      env,
      maxBuffer: 1e8,
    }).catch((error: { code: number; stdout: string }) => {
      // A stream of events goes on until its job has ended.
      if (error.code === 28 && isStream) return error
      return assert.fail(`${command}${error.code}: ${error.stdout.slice(0, 500)}`)
    })
    learn(command, stdout)
    // Nothing that follows asks for what comes of these, which takes long.
    if (/if-better|find-rate|\.winner|\/run\s/.test(command))
      await ask(`/v1/training-jobs/${told['job']}`, { method: 'DELETE' })
  }
})
