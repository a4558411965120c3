import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cp, readdir, symlink, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import {
  createMarquee,
  dataOf,
  eachItem,
  ProblemError,
} from '../../clients/typescript/src/client.ts'
import { temporaryFolder } from '../storage/bodies.ts'
import { listen, openApp } from '../support/app.ts'
import { root as checkout } from '../support/root.ts'
import { type Answer, busy, down, epoch, json, serve, stream } from './answers.ts'

const run = promisify(execFile)
const root = fileURLToPath(checkout)

test('what is refused for want of time is sent again, with its body and the same key of its own', async (t) => {
  const { asked, baseUrl } = await serve(t, [busy, busy, json(202, { id: 'job-1' })])
  const api = createMarquee({ baseUrl, key: () => 'secret' })
  const body = { algorithm: 'bayes' } as const
  assert.equal((await dataOf(api.POST('/v1/training-jobs', { body }))).id, 'job-1')
  assert.equal(asked.length, 3)
  for (const one of asked) {
    assert.deepEqual(JSON.parse(one.body), body)
    assert.equal(one.headers.authorization, 'Bearer secret')
    assert.equal(one.headers['idempotency-key'], asked[0]!.headers['idempotency-key'])
  }
  assert.match(String(asked[0]!.headers['idempotency-key']), /^[0-9a-f]{32}$/)
})

test('it gives up after so many times, and at once where it is not told when to come back', async (t) => {
  for (const [answer, tries] of [
    [busy, 3],
    [json(503, {}), 1],
    [json(503, {}, { 'retry-after': '86400' }), 1],
    [json(429, {}, { 'retry-after': '0.01' }), 1],
  ] as const) {
    const { asked, baseUrl } = await serve(t, [answer])
    const api = createMarquee({ baseUrl, retries: 2 })
    await assert.rejects(dataOf(api.GET('/v1/genres')), ProblemError)
    assert.equal(asked.length, tries)
  }
})

test('no POST is sent again that may have been done and would be done twice', async (t) => {
  for (const [path, answer, tries] of [
    ['/v1/models/rollback', down, 1],
    ['/v1/models/rollback', busy, 3],
    [
      '/v1/models/rollback',
      (_, response) => response.writeHead(503, { 'retry-after': '0.01' }).end('Away'),
      1,
    ],
    ['/v1/training-jobs', down, 3],
    ['/v1/ratings/batch', down, 3],
  ] as ['/v1/models/rollback', Answer, number][]) {
    const { asked, baseUrl } = await serve(t, [answer])
    const api = createMarquee({ baseUrl: `${baseUrl}/films`, retries: 2 })
    await assert.rejects(dataOf(api.POST(path)), { status: 503 })
    assert.equal(asked.length, tries, path)
  }
})

test('a token is asked for once, and anew when it is refused, however many requests wait for it', async (t) => {
  const taken = new Set(['t1'])
  const answer: Answer = ({ headers }, response) => {
    const token = String(headers.authorization).replace('Bearer ', '')
    if (taken.has(token)) json(200, { items: [] })({} as IncomingMessage, response)
    else json(401, { code: 'unauthorized', title: 'No' })({} as IncomingMessage, response)
  }
  const { asked, baseUrl } = await serve(t, [answer])
  let given = 0
  const token = async () => {
    given += 1
    if (given === 2) throw new Error('The backend is away.')
    return `t${given}`
  }
  const api = createMarquee({ baseUrl, token })
  const many = () => Promise.all([1, 2, 3].map(() => dataOf(api.GET('/v1/genres'))))
  await many()
  assert.deepEqual([given, asked.length], [1, 3])
  taken.clear()
  await assert.rejects(dataOf(api.GET('/v1/genres')), { message: 'The backend is away.' })
  taken.add('t3')
  await many()
  assert.equal(given, 3)
  const body = { ratings: [{ movieId: '1', rating: 4 }] }
  taken.clear()
  taken.add('t4')
  await dataOf(api.POST('/v1/recommendations', { body }))
  assert.deepEqual(JSON.parse(asked.at(-1)!.body), body)
  taken.clear()
  const before = asked.length
  await assert.rejects(dataOf(api.GET('/v1/genres')), { status: 401 })
  assert.deepEqual([asked.length - before, given], [2, 5])
})

test('a token is renewed where too many wrong ones came, and not where its user asks too much', async (t) => {
  const refused = (code: string) => json(429, { code, title: 'Too many' })
  const good = json(200, { items: [] })
  const { asked, baseUrl } = await serve(t, [
    ...[refused('too-many-wrong-keys'), good, refused('too-many-requests')],
  ])
  let given = 0
  const api = createMarquee({ baseUrl, token: async () => `t${++given}` })
  await dataOf(api.GET('/v1/genres'))
  await assert.rejects(dataOf(api.GET('/v1/genres')), { status: 429 })
  assert.deepEqual(
    asked.map(({ headers }) => headers.authorization),
    ['Bearer t1', 'Bearer t2', 'Bearer t2'],
  )
})

test('a problem is an error with its code, its words and the id of its request', async (t) => {
  const { app } = await openApp(t)
  const api = createMarquee({ baseUrl: await listen(app) })
  const path = { movieId: 'none' }
  await assert.rejects(dataOf(api.GET('/v1/movies/{movieId}', { params: { path } })), (error) => {
    assert.ok(error instanceof ProblemError)
    assert.deepEqual([error.status, error.problem?.code], [404, 'unknown-movie'])
    assert.equal(error.message, error.problem?.detail)
    assert.equal(`#${error.requestId}`, error.problem?.instance)
    return true
  })
  const { baseUrl } = await serve(t, [
    (_, response) => response.writeHead(502).end('<p>Bad gateway'),
  ])
  await assert.rejects(dataOf(createMarquee({ baseUrl }).GET('/v1/genres')), {
    message: 'The service answered with status 502.',
    problem: null,
  })
})

test('the items of all pages come one after the other, each once', async (t) => {
  const { app, importMovies, serving } = await openApp(t)
  const lines = Array.from({ length: 25 }, (_, i) => `m${i},Film ${i},Drama`)
  await importMovies(`movieId,title,genres\n${lines.join('\n')}\n`)
  await serving.refresh()
  const api = createMarquee({ baseUrl: await listen(app) })
  const ids: string[] = []
  let pages = 0
  for await (const movie of eachItem((cursor) => {
    pages += 1
    return api.GET('/v1/movies', { params: { query: { n: 10, ...(cursor && { cursor }) } } })
  }))
    ids.push(movie.movieId)
  assert.deepEqual([new Set(ids).size, ids.length, pages], [25, 25, 3])
})

test('events go on after a cut where they were, and end with the job', async (t) => {
  const progress = 'event: progress\ndata: {"share":0.5}\n\n'
  const { asked, baseUrl } = await serve(t, [
    stream(`${epoch(1)}${progress}${epoch(2)}id: 3\nevent: ep`, true),
    busy,
    stream(`${epoch(3)}id: 4\nevent: ended\ndata: {"state":"completed"}\n\n`),
  ])
  const api = createMarquee({ baseUrl, key: 'k', retries: 0 })
  const seen: unknown[] = []
  for await (const { type, id } of api.follow('job-1')) seen.push([type, id])
  assert.deepEqual(seen, [
    ['epoch', '1'],
    ['progress', null],
    ['epoch', '2'],
    ['epoch', '3'],
    ['ended', '4'],
  ])
  assert.deepEqual(
    asked.map(({ headers }) => headers['last-event-id']),
    [undefined, '2', '2'],
  )
  assert.ok(asked.every(({ headers }) => headers.authorization === 'Bearer k'))
})

test('events of a job that is not there are a problem, and a signal ends those that are', async (t) => {
  const gone = json(404, { code: 'unknown-job', title: 'No such training job', detail: 'None.' })
  const missing = await serve(t, [gone])
  await assert.rejects(createMarquee(missing).follow('none').next(), { message: 'None.' })

  const { baseUrl } = await serve(t, [(_, response) => response.write(epoch(1))])
  const stop = new AbortController()
  for await (const { type } of createMarquee({ baseUrl }).follow('job-1', stop)) {
    assert.equal(type, 'epoch')
    stop.abort()
  }
})

test('the package that npm pack makes runs alone', async (t) => {
  const folder = await temporaryFolder(t)
  const place = join(folder, 'clients/typescript')
  await cp(join(root, 'tsconfig.json'), join(folder, 'tsconfig.json'))
  await cp(join(root, 'clients/typescript'), place, { recursive: true })
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: place,
  })
  const [{ filename, files }] = JSON.parse(stdout.slice(stdout.indexOf('[')))
  for (const { path } of files)
    assert.match(path, /^(dist\/\w+\.(js|d\.ts)|package\.json|README\.md)$/)
  await run('tar', ['-xzf', join(folder, filename), '-C', folder])
  assert.deepEqual((await readdir(join(folder, 'package'))).sort(), [
    'README.md',
    'dist',
    'package.json',
  ])
  const program = `import { createMarquee, dataOf } from './package/dist/client.js'
    const marquee = createMarquee({ baseUrl: '' })
    export const genre: string | undefined = (await dataOf(marquee.GET('/v1/genres'))).items[0]?.genre
    // @ts-expect-error: there is no such algorithm
    marquee.POST('/v1/training-jobs', { body: { algorithm: 'bays' } })
    for await (const event of marquee.follow('x')) if (event.type === 'epoch') event.data.epoch + 1`
  await writeFile(join(folder, 'program.mts'), program)
  const settings = [
    '--strict',
    '--noEmit',
    '--module',
    'nodenext',
    '--target',
    'es2023',
    '--types',
    'node',
  ]
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  await run('node', [compiler, ...settings, '--ignoreConfig', 'program.mts'], { cwd: folder })
  const { baseUrl } = await serve(t, [json(200, { items: [] })])
  const script = `import { createMarquee, dataOf } from './package/dist/client.js'
    console.log(JSON.stringify(await dataOf(createMarquee({ baseUrl: '${baseUrl}' }).GET('/v1/genres'))))`
  const ran = await run('node', ['--input-type=module', '-e', script], { cwd: folder })
  assert.equal(ran.stdout, '{"items":[]}\n')
})
