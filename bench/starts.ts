import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startCluster } from '../test/redis/kinds.ts'
import { startMarquee } from '../test/support/marquee.ts'
import { freePort, startRedis } from '../test/support/redis.ts'
import { s3Environment, startS3 } from '../test/support/s3.ts'

// npm run starts: how soon a `serve` or a `work` that is started where it cannot work says why, in its log
// or in its health; fails where one says nothing in a minute. A process ends here where it says so.
const longestMs = 60_000
const folder = mkdtempSync(join(tmpdir(), 'marquee-starts-'))
const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
const t = { after: (end: () => unknown) => void ends.push(end) }

type Start = {
  readonly what: string
  readonly command: 'serve' | 'work'
  readonly env: Record<string, string>
  readonly sentence: RegExp
}

async function seconds({ command, env, sentence }: Start): Promise<[number, string]> {
  const port = await freePort()
  const begun = performance.now()
  const one = startMarquee([command], {
    ...{ HOST: '127.0.0.1', PORT: `${port}`, MARQUEE_API_KEYS: '', LOG_LEVEL: 'info' },
    ...{ ...s3Environment, ...env },
  })
  const said = async () => {
    const health = command === 'serve' ? `http://127.0.0.1:${port}/health/ready?for=writes` : ''
    const answer =
      health &&
      (await fetch(health).then(
        (found) => found.text(),
        () => '',
      ))
    return sentence.exec(one.output() + answer)?.[0]
  }
  try {
    for (;;) {
      const found = await said()
      const passed = performance.now() - begun
      if (found) return [passed / 1_000, found]
      if (passed > longestMs) throw new Error(`It says nothing of it: ${one.output()}`)
      await sleep(20)
    }
  } finally {
    one.kill('SIGKILL')
    await one.ended
  }
}

/** An S3 server that refuses what is written, or all, with a code. */
async function refusing(url: string, code: string, status: number, isAll: boolean) {
  const server = createServer((request, response) => {
    if (isAll || request.method === 'PUT' || request.method === 'POST') {
      request.resume()
      response.writeHead(status, { 'content-type': 'application/xml' })
      response.end(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`)
      return
    }
    const { method, headers } = request
    const forward = send(url + request.url, { method: method!, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers)
      answer.pipe(response)
    })
    request.pipe(forward)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `s3://films?endpoint=http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const redis = await startRedis()
t.after(() => redis.stop())
const s3 = await startS3(t)
const own = (name: string) => ({
  MARQUEE_STORE: join(folder, name),
  REDIS_URL: redis.url,
  MARQUEE_QUEUE_PREFIX: name,
})
const bucket = (MARQUEE_STORE: string) => ({ ...own('bucket'), MARQUEE_STORE })
const cluster = await startCluster(3)
const first = startMarquee(['serve'], { ...own('shared'), PORT: `${await freePort()}` })
t.after(() => first.kill('SIGKILL'))
while (!/Marquee answers at/.test(first.output())) await sleep(50)

const starts: Start[] = [
  {
    ...{ what: 'a worker over another store', command: 'work' },
    env: { ...own('shared'), MARQUEE_STORE: join(folder, 'another') },
    sentence: /serve that is running over this Redis has another store[^"\n]*/,
  },
  {
    ...{ what: 'a cluster, a prefix without braces (it takes braces itself)', command: 'serve' },
    env: { ...own('plain'), REDIS_URL: cluster.redisUrl },
    sentence: /"redis":true,"store":true/,
  },
  {
    ...{ what: 'a full bucket', command: 'serve' },
    env: bucket(await refusing(s3.url, 'XMinioStorageFull', 507, false)),
    sentence: /The store has no room left[^"\n]*/,
  },
  {
    ...{ what: 'wrong credentials', command: 'serve' },
    env: { ...bucket(s3.location), AWS_ACCESS_KEY_ID: 'nobody' },
    sentence: /The store cannot be [^"\n]*AWS_ACCESS_KEY_ID[^"\n]*/,
  },
  {
    ...{ what: 'a clock twenty minutes off', command: 'serve' },
    env: bucket(await refusing(s3.url, 'RequestTimeTooSkewed', 403, true)),
    sentence: /The store cannot be [^"\n]*clock of this machine[^"\n]*/,
  },
  {
    ...{ what: 'a bucket that is not there', command: 'work' },
    env: bucket(s3.location.replace('films', 'none')),
    sentence: /The store cannot be [^"\n]*bucket is not there[^"\n]*/,
  },
]
try {
  for (const start of starts) {
    const [after, sentence] = await seconds(start)
    process.stdout.write(
      `${start.what}: ${start.command} says after ${after.toFixed(1)} s\n  ${sentence}\n`,
    )
  }
} finally {
  for (const end of ends.reverse()) await end()
}
process.exit()
