import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { readSideInformation } from '../../src/cli/evaluate/side-information.ts'
import { temporaryFolder } from '../storage/bodies.ts'

test('files of movies and of users give labels, and no file none', async (t) => {
  const folder = await temporaryFolder(t)
  const [movies, users] = [join(folder, 'movies.csv'), join(folder, 'u.user')]
  await writeFile(movies, 'movieId,title,genres\n7,A (1994),Drama\n')
  await writeFile(users, '1|24|M|writer|85711\n2|22|M|other|94043\n')
  const none = new Map()
  const knownMovies = new Map([['7', ['genre:Drama', 'decade:1990s']]])
  const shared = ['age:18-24', 'gender:M']
  const knownUsers = new Map([
    ['1', shared],
    ['2', shared],
  ])
  assert.deepEqual(await readSideInformation({ movies, users }, () => {}), {
    movies: knownMovies,
    users: knownUsers,
    titles: new Map([['7', 'A']]),
  })
  const nothing = await readSideInformation({}, () => {})
  assert.deepEqual(nothing, { movies: none, users: none, titles: none })
})

test('a file that is of something else is named in the error', async (t) => {
  const file = join(await temporaryFolder(t), 'x')
  await writeFile(file, 'hello\n')
  await assert.rejects(
    readSideInformation({ users: file }, () => {}),
    (error: Error) => {
      assert.ok(error.message.startsWith(`${file}: The first line shows no known format`))
      return true
    },
  )
})
