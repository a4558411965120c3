import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { cp, readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import { temporaryFolder } from '../storage/bodies.ts'
import { root as checkout } from '../support/root.ts'
import { type Answer, busy, down, epoch, json, serve, stream } from './answers.ts'
import { noPython, runPython } from './run-python.ts'

const run = promisify(execFile)
const root = fileURLToPath(checkout)
const options = { skip: noPython }

/** What a script about a client `marquee` of that service prints, as JSON. */
async function ask(baseUrl: string, script: string, settings = '') {
  const head = `import io, json, sys
from marquee_client import Marquee, ProblemError, each_item
marquee = Marquee("${baseUrl}"${settings})
`
  return JSON.parse(await runPython(['-c', head + script]))
}

type Parameter = { in: string; name: string } | { $ref: string }
type Operation = { operationId: string; parameters?: Parameter[]; requestBody?: object }
type Call = { method: string; path: string; query: string[]; headers: string[]; hasBody: boolean }

test(
  'each call of the Python client is the operation of its name, with all that may be asked',
  options,
  async () => {
    const calls: Record<string, Call> = JSON.parse(
      await runPython([join(root, 'test/clients/operations.py')]),
    )
    assert.ok(Object.keys(calls).length > 50)
    const { paths, components } = parse(await readFile(join(root, 'openapi.yaml'), 'utf8'))
    const operations = Object.entries<Record<string, Operation>>(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
    )
    const found = (parameter: Parameter): { in: string; name: string } =>
      '$ref' in parameter ? components.parameters[parameter.$ref.split('/').at(-1)!] : parameter
    for (const [id, call] of Object.entries(calls)) {
      const operation = operations.find(({ operationId }) => operationId === id)
      assert.ok(operation, `there is no operation ${id}`)
      const { path, method, parameters = [], requestBody } = operation
      const asked = parameters.map(found)
      const named = (place: string) =>
        asked.filter((one) => one.in === place).map(({ name }) => name)
      // Python calls an id by what it is of: `id` is a function of its own.
      const template = path.includes('{id}') ? call.path.replace(/\{\w+Id\}/, '{id}') : call.path
      assert.deepEqual([call.method, template], [method.toUpperCase(), path], id)
      assert.deepEqual(call.query, named('query').sort(), id)
      assert.equal(call.hasBody, requestBody !== undefined, id)
      if (named('header').includes('last-event-id'))
        assert.ok(call.headers.includes('last-event-id'))
    }
  },
)

test(
  'in Python, what is refused for want of time is sent again, with its body and the same key of its own',
  options,
  async (t) => {
    const { asked, baseUrl } = await serve(t, [busy, busy, json(202, { id: 'job-1' })])
    const script = 'print(json.dumps(marquee.start_training({"algorithm": "bayes"})["id"]))'
    assert.equal(await ask(baseUrl, script, ', key=lambda: "secret"'), 'job-1')
    assert.equal(asked.length, 3)
    for (const one of asked) {
      assert.deepEqual(JSON.parse(one.body), { algorithm: 'bayes' })
      assert.equal(one.headers.authorization, 'Bearer secret')
      assert.equal(one.headers['idempotency-key'], asked[0]!.headers['idempotency-key'])
    }
    assert.match(String(asked[0]!.headers['idempotency-key']), /^[0-9a-f]{32}$/)
  },
)

test(
  'Python sends no POST again that may have been done and would be done twice',
  options,
  async (t) => {
    const { asked, baseUrl } = await serve(t, [
      ...[down, busy, json(200, {}), down, json(202, {}), down],
    ])
    const script = `codes = []
for ask in (
    marquee.rollback_model,
    marquee.rollback_model,
    lambda: marquee.start_training({"algorithm": "bayes"}),
    lambda: marquee.import_movies(io.BytesIO(b"movieId,title")),
):
    try:
        ask()
        codes.append(None)
    except ProblemError as error:
        codes.append(error.code)
print(json.dumps(codes))`
    const code = 'store-unavailable'
    assert.deepEqual(await ask(baseUrl, script), [code, null, null, code])
    assert.equal(asked.length, 6)
  },
)

/** Prints what a call is refused with. */
const refused = (call: string, told = 'str(error)') => `try:
    ${call}
except ProblemError as error:
    print(json.dumps(${told}))`

test(
  'the Python client gives up after so many times, and at once where it is not told when to come back',
  options,
  async (t) => {
    const problem = { code: 'overloaded', title: 'Too much' }
    const soon = { 'retry-after': '0.01' }
    // Each answer as often as it is to be asked for.
    const answers: [Answer, number][] = [
      [busy, 3],
      [json(503, problem), 1],
      [json(503, problem, { 'retry-after': '86400' }), 1],
      [json(503, problem, { 'retry-after': 'Thu, 01 Jan 2037 00:00:00 GMT' }), 1],
      [json(429, { ...problem, code: 'too-many-requests' }, soon), 1],
    ]
    const { asked, baseUrl } = await serve(
      t,
      answers.flatMap(([answer, times]) => Array.from({ length: times }, () => answer)),
    )
    const script = `codes = []
for _ in range(${answers.length}):
    try:
        marquee.list_genres()
    except ProblemError as error:
        codes.append(error.code)
print(json.dumps(codes))`
    assert.deepEqual(await ask(baseUrl, script, ', retries=2'), [
      ...Array.from({ length: 4 }, () => 'overloaded'),
      'too-many-requests',
    ])
    assert.equal(asked.length, 7)
  },
)

test(
  'in Python a problem is an error with its code, its words and the id of its request',
  options,
  async (t) => {
    const errors = [{ pointer: '/n', detail: 'expected a whole number' }]
    const problem = { code: 'invalid-request', title: 'Not valid', detail: 'One thing is.', errors }
    const told = '[error.status, error.code, error.errors, error.request_id, str(error)]'
    const { baseUrl } = await serve(t, [
      json(400, problem, { 'x-request-id': 'r-7' }),
      (_, response) => response.writeHead(502).end('<p>Bad gateway'),
    ])
    assert.deepEqual(await ask(baseUrl, refused('marquee.list_genres()', told)), [
      ...[400, 'invalid-request', errors, 'r-7', 'One thing is.'],
    ])
    assert.deepEqual(await ask(baseUrl, refused('marquee.list_genres()', told)), [
      ...[502, null, [], null, 'The service answered with status 502.'],
    ])
  },
)

test(
  'in Python events go on after a cut where they were, and end with the job',
  options,
  async (t) => {
    const progress = 'event: progress\ndata: {"share":0.5}\n\n'
    const ended = 'id: 4\nevent: ended\ndata: {"state":\ndata: "completed"}\n\n'
    const { asked, baseUrl } = await serve(t, [
      stream(`${epoch(1)}${progress}${epoch(2)}id: 3\nevent: ep`, true),
      busy,
      stream(`${epoch(3)}: keep-alive\n\n${ended}`),
      json(404, { code: 'unknown-job', title: 'No such training job', detail: 'None.' }),
    ])
    const script = `seen = [[event.type, event.id, event.data] for event in marquee.follow_training("job-1")]
${refused('next(marquee.follow_training("none"))', '[*seen, str(error)]')}`
    assert.deepEqual(await ask(baseUrl, script, ', key="k", retries=0'), [
      ['epoch', '1', { epoch: 1 }],
      ['progress', null, { share: 0.5 }],
      ['epoch', '2', { epoch: 2 }],
      ['epoch', '3', { epoch: 3 }],
      ['ended', '4', { state: 'completed' }],
      'None.',
    ])
    assert.deepEqual(
      asked.map(({ headers }) => headers['last-event-id']),
      [undefined, '2', '2', undefined],
    )
    assert.ok(asked.every(({ headers }) => headers.authorization === 'Bearer k'))
  },
)

test(
  'waiting in Python outlasts a service that is away, and ends at a limit',
  options,
  async (t) => {
    const cut: Answer = (_, response) => response.destroy()
    const state = (name: string) => json(200, { state: name })
    const { baseUrl } = await serve(t, [
      ...[cut, json(502, {}), state('running'), state('failed'), state('running')],
    ])
    const script = `job = marquee.wait_for_training("job-1")
try:
    marquee.wait_for_training("job-1", timeout=0.2)
except TimeoutError as error:
    print(json.dumps([job, str(error)]))`
    assert.deepEqual(await ask(baseUrl, script), [{ state: 'failed' }, 'not done after 0.2 s'])
  },
)

test(
  'from Python a file is sent a block at a time, and again from its start',
  options,
  async (t) => {
    const folder = await temporaryFolder(t)
    const [large, small] = [join(folder, 'large.csv'), join(folder, 'small.csv')]
    await writeFile(large, '')
    await truncate(large, 16_000_000)
    await writeFile(small, 'userId,movieId,rating\n1,2,3\n')
    const { asked, baseUrl } = await serve(t, [busy, json(200, {}), busy, json(200, {}), busy])
    const script = `import tracemalloc
tracemalloc.start()
marquee.import_ratings("${large}", rating_scale="1,5")
peak = tracemalloc.get_traced_memory()[1]
with open("${small}", "rb") as file:
    file.readline()
    marquee.import_movies(file)
class Pipe(io.BytesIO):
    def seekable(self):
        return False
${refused('marquee.import_users(Pipe(b"once"))', 'peak')}`
    const peak = await ask(baseUrl, script)
    assert.ok(peak < 2_000_000, `${peak} bytes were held at once`)
    assert.deepEqual(
      asked.map(({ url, body }) => [url, body.length]),
      [
        ['/v1/ratings/import?ratingScale=1%2C5', 16_000_000],
        ['/v1/ratings/import?ratingScale=1%2C5', 16_000_000],
        ['/v1/movies/import', 6],
        ['/v1/movies/import', 6],
        ['/v1/users/import', 4],
      ],
    )
  },
)

test('in Python, whose file is refused before it has come is told why', options, async (t) => {
  const body = '{"code":"too-large","title":"Too large","detail":"It is too large."}'
  // Some servers close with the answer, whatever is on its way to them.
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => {
      const head = `HTTP/1.1 413 Too large\r\ncontent-length: ${body.length}\r\n\r\n`
      socket.write(head + body, () => socket.destroy())
    })
  }).listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const file = join(await temporaryFolder(t), 'large.csv')
  await writeFile(file, '')
  await truncate(file, 64_000_000)
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const words = await ask(baseUrl, refused(`marquee.import_ratings("${file}")`))
  assert.equal(words, 'It is too large.')
})

test('a file that Python fetches is there whole or not at all', options, async (t) => {
  const folder = await temporaryFolder(t)
  const cut: Answer = (_, response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('short')
    setTimeout(() => response.destroy(), 50)
  }
  const whole: Answer = (_, response) => response.end('whole')
  const { baseUrl } = await serve(t, [whole, cut])
  const to = join(folder, 'lists.csv')
  const script = `import http.client
marquee.get_batch_part("job-1", 0, "${to}")
try:
    marquee.get_batch_part("job-1", 0, "${to}")
except http.client.IncompleteRead:
    print(json.dumps("cut"))`
  assert.equal(await ask(baseUrl, script), 'cut')
  assert.deepEqual(await readdir(folder), ['lists.csv'])
  assert.equal(await readFile(to, 'utf8'), 'whole')
})

test(
  'a list for many that is cut between two of them is an error in Python',
  options,
  async (t) => {
    const whole: Answer = (_, response) => {
      response.write('{"userId":"1"}\n{"userId":')
      setTimeout(() => response.end('"2"}\n'), 50)
    }
    const cut: Answer = (_, response) => {
      response.write('{"userId":"1"}\n')
      setTimeout(() => response.destroy(), 50)
    }
    const { baseUrl } = await serve(t, [whole, cut])
    const script = `import http.client
seen = []
try:
    for _ in range(2):
        for line in marquee.recommend_movies_to_many({"users": ["1", "2"]}):
            seen.append(line["userId"])
except http.client.IncompleteRead:
    print(json.dumps([*seen, "cut"]))
else:
    print(json.dumps(seen))`
    assert.deepEqual(await ask(baseUrl, script), ['1', '2', '1', 'cut'])
  },
)

test('in Python to ask for none of something is not to ask for all of it', options, async (t) => {
  const { asked, baseUrl } = await serve(t, [json(200, { items: [] })])
  const script = `marquee.recommend_movies("1", candidate_movie_ids=["7"], exclude_movie_ids=[])
words = []
for ask in (
    lambda: marquee.recommend_movies("1", candidate_movie_ids=[]),
    lambda: marquee.search_movies(ids=()),
    lambda: marquee.request("GET", "/v1/movies", query={"ids": (id for id in [])}),
):
    try:
        ask()
    except ValueError as error:
        words.append(str(error).split()[0])
print(json.dumps(words))`
  assert.deepEqual(await ask(baseUrl, script), ['candidate_movie_ids', 'ids', 'ids'])
  assert.deepEqual(
    asked.map(({ url }) => url),
    ['/v1/users/1/recommendations?candidateMovieIds=7'],
  )
})

/** Whether these modules of Python are there. */
const has = async (...modules: string[]) => {
  const script =
    'import sys; from importlib.util import find_spec; print(all(map(find_spec, sys.argv[1:])))'
  return (await run('python3', ['-c', script, ...modules])).stdout === 'True\n'
}

test('the Python client is a typed package that pip installs', options, async (t) => {
  const folder = await temporaryFolder(t)
  const source = join(folder, 'source')
  await cp(join(root, 'clients/python'), source, { recursive: true })
  const file = join(source, 'src/marquee_client/__init__.py')
  await runPython(['-m', 'py_compile', file])
  if (await has('mypy')) await run('python3', ['-m', 'mypy', '--strict', file])
  const needed = ['pip', 'setuptools', 'wheel']
  if (!(await has(...needed))) return t.skip(`there are not all of ${needed.join(', ')}`)
  const flags = ['--no-build-isolation', '--no-deps', '--no-index', '--quiet', '--target', folder]
  await run('python3', ['-m', 'pip', 'install', ...flags, source])
  await readFile(join(folder, 'marquee_client/py.typed'))
  const { baseUrl } = await serve(t, [json(200, { items: [] })])
  const script = `import marquee_client as m; print(m.__file__, m.Marquee("${baseUrl}").list_genres())`
  const printed = await runPython(['-c', script], folder)
  assert.equal(printed, `${join(folder, 'marquee_client/__init__.py')} {'items': []}\n`)
})
