import assert from 'node:assert/strict'
import { createReadStream } from 'node:fs'
import { test } from 'node:test'
import { MarqueeError } from '../../src/errors.ts'
import { userAttributes } from '../../src/model/data/user-attributes.ts'
import { importUsers } from '../../src/storage/users/import-users.ts'
import { loadUsers, userVersionOf } from '../../src/storage/users/load-users.ts'
import { readUsers } from '../../src/storage/users/read-users.ts'
import { abortedBody, body, temporaryStore } from './bodies.ts'
import { movielens, needsMovielens } from './movielens.ts'

const formats = {
  'users.csv':
    'user_id,Age,gender,occupation,zip_code,home zip,postal\n1,24,M,writer,85711,85711,85711\n2,53,F,other,94043,94043,94043\n',
  'u.user': '1|24|M|writer|85711\n2|53|F|other|94043\n',
  'users.dat': '1::M::24::writer::85711\n2::F::53::other::94043\n',
}

for (const [format, content] of Object.entries(formats))
  test(`${format} is recognised and read, without postal codes`, async () => {
    const { users, ...reading } = await readUsers(body(content))
    assert.deepEqual(reading, { format, accepted: 2, refused: 0, refusals: [] })
    assert.deepEqual(
      [...users].map(([id, texts]) => [id, texts.toSorted()]),
      [
        ['1', ['age:24', 'gender:M', 'occupation:writer']],
        ['2', ['age:53', 'gender:F', 'occupation:other']],
      ],
    )
    const crlf = `\uFEFF${content.trimEnd().replaceAll('\n', '\r\n')}`
    assert.deepEqual((await readUsers(body(crlf, 3))).users, users)
  })

test('a header may be of others, between other separators', async () => {
  for (const content of [
    'User-ID;Age;zip\n1;24;x\n2;53;x\n',
    'user_id:token\tage:token\tzip_code:token\n1.0\t24\tx\n2.0\t53\tx\n',
  ]) {
    const { users } = await readUsers(body(content))
    assert.deepEqual(
      [...users],
      [
        ['1', ['age:24']],
        ['2', ['age:53']],
      ],
    )
  }
})

test('a cell may be empty or hold several values, and the last line about a user counts', async () => {
  const csv = 'id,a:b,likes\n1,x,\n2,,"Drama|War | "\n1,"y, z",War\n'
  const { users, accepted } = await readUsers(body(csv))
  assert.equal(accepted, 3)
  assert.deepEqual(Object.fromEntries(users), {
    1: ['a b:y, z', 'likes:War'],
    2: ['likes:Drama', 'likes:War'],
  })
})

test('a bad line is refused with its number and a reason that quotes no attribute', async () => {
  const lines = [
    'userId,secret',
    '1,ok',
    ',x',
    '2,x,y',
    '3,"x',
    '4,a\u0007b',
    `5,${'x'.repeat(201)}`,
  ]
  const { refusals } = await readUsers(body(lines.join('\n')))
  assert.deepEqual(
    refusals.map(({ line, reason }) => `${line}: ${reason}`),
    [
      '3: userId is empty',
      '4: the line has 3 fields, expected 2',
      '5: the quotes do not close on this line',
      '6: column 2 has a control character',
      '7: column 2 has more than 200 characters',
    ],
  )
})

test('another file is not taken for one of users, and its first line is not quoted', async () => {
  for (const content of [
    'Ann Other,34,F\n2,3,4\n',
    'userId\n1\n',
    'userId,movieId,rating,timestamp\n1,2,3,4\n',
    'userId,movieId,tag,timestamp\n1,2,fun,4\n',
    '1|Toy Story (1995)|01-Jan-1995||http://x\n',
    '1::2::3::4\n',
  ])
    await assert.rejects(readUsers(body(content)), (error) => {
      assert.ok(error instanceof MarqueeError)
      assert.equal(error.code, 'unrecognised-format')
      assert.match(error.message, /expected users\.csv .+ u\.user .+ users\.dat/)
      assert.doesNotMatch(error.message, /Ann|Toy/)
      return true
    })
})

test('users come back as they were imported, the later import of one wins', async (t) => {
  const store = await temporaryStore(t)
  assert.deepEqual(await loadUsers(store), { users: new Map(), version: 'empty', damaged: [] })
  await importUsers(store, body('userId,job,age\n1,writer,20\n2,,30\n'))
  const before = await userVersionOf(store)
  const { segment, ...report } = await importUsers(
    store,
    body('userId,job\n3,ärztin\n1,doctor\nx\n'),
  )
  assert.deepEqual(report, {
    format: 'users.csv',
    accepted: 2,
    refused: 1,
    refusals: [{ line: 4, reason: 'the line has 1 fields, expected 2' }],
  })
  assert.ok((await store.list('')).includes(`users/${segment}.segment`))
  const { users, version } = await loadUsers(store)
  assert.deepEqual(Object.fromEntries(users), {
    1: ['job:doctor'],
    2: ['age:30'],
    3: ['job:ärztin'],
  })
  assert.equal(version, await userVersionOf(store))
  assert.notEqual(version, before)
})

test('an import that fails midway stores nothing', async (t) => {
  const store = await temporaryStore(t)
  await assert.rejects(importUsers(store, abortedBody(formats['u.user'])), /aborted/)
  assert.deepEqual(await store.list(''), [])
})

test('any flipped bit of a segment is noticed', async (t) => {
  const store = await temporaryStore(t)
  const { segment } = await importUsers(store, body('userId,job\n1,writer\n'))
  const key = `users/${segment}.segment`
  const bytes = await store.get(key)
  assert.ok(bytes)
  for (let at = 0; at < bytes.length; at++) {
    const mutant = new Uint8Array(bytes)
    mutant[at]! ^= 1 << (at % 8)
    await store.put(key, [mutant])
    const { users, damaged } = await loadUsers(store)
    assert.deepEqual([users.size, damaged.map((one) => one.key)], [0, [key]], `byte ${at}`)
  }
})

test('u.user has its 943 users', needsMovielens, async () => {
  const { users, refused } = await readUsers(createReadStream(movielens('ml-100k/u.user')))
  assert.deepEqual([users.size, refused], [943, 0])
  assert.deepEqual(userAttributes(users).get('3'), ['age:18-24', 'gender:M', 'occupation:writer'])
  const groups = [...users.values()].flat().map((text) => text.split(':')[0])
  assert.deepEqual([...new Set(groups)], ['age', 'gender', 'occupation'])
})
