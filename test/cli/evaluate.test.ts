// Takes more than 15 s: each of a dozen evaluations is a process of its own, since what counts is
// what stands on its stdout.
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { MarqueeError } from '../../src/errors.ts'
import { decodeModel } from '../../src/model/file/model-file.ts'
import { createScorer } from '../../src/model/scorer.ts'
import { plantedRatings } from '../training/planted-ratings.ts'
import { parse, runMarquee } from './run-program.ts'

let folder = ''
let ratings = ''

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'marquee-evaluate-'))
  ratings = join(folder, 'ratings.csv')
  const { userIndex, movieIndex, rating } = plantedRatings({ users: 40, movies: 30 })
  const lines = [...rating].map((value, row) => {
    const stars = Math.round(value * 2) / 2
    return `${userIndex[row]! + 1},${movieIndex[row]! + 1},${stars},${1_000_000_000 + row}`
  })
  await writeFile(ratings, ['userId,movieId,rating,timestamp', ...lines, ''].join('\n'))
})

after(() => rm(folder, { recursive: true }))

const evaluate = (...args: string[]) => runMarquee(['evaluate', ...args])

/** What each result has beside the errors that not all have. */
const figureNames = [
  ...['rmse', 'mse', 'mae', 'rows', 'ndcg@10', 'recall@10', 'precision@10', 'map@10', 'hit@10'],
  ...['coverage', 'novelty', 'warmRows', 'coldUserRows', 'coldMovieRows', 'trainSeconds'],
]
type Figures = Record<string, number | null>

const quick = ['--algorithm', 'dot-bias', '--set', 'epochs=2', '--set', 'factors=3']

test('--json prints one object: the model, then the baselines, on the same rows', async () => {
  const stdout = await evaluate('--ratings', ratings, '--json', '--seed', '7', ...quick)
  const { results } = JSON.parse(stdout) as { results: Record<string, unknown>[] }
  assert.deepEqual(
    results.map(({ algorithm }) => algorithm),
    ['dot-bias', 'global-mean', 'bias-only', 'popularity'],
  )
  for (const result of results)
    for (const name of figureNames) assert.ok(name in result, `${result['algorithm']} has ${name}`)
  for (const { rmse, mse, mae, rows, trainSeconds, seed } of results.slice(0, 3)) {
    assert.ok(Math.abs((rmse as number) ** 2 - (mse as number)) < 1e-9)
    assert.ok((mae as number) > 0 && (mae as number) <= (rmse as number))
    assert.equal(rows, results[0]!['rows'])
    assert.ok((trainSeconds as number) >= 0)
    assert.equal(seed, 7)
  }
  assert.equal(results[0]!['engine'], 'simd')
  assert.equal(results[0]!['backend'], 'wasm')
  const last = (results[0]!['epochMse'] as number[]).at(-1)!
  assert.ok(Math.abs(last - (results[0]!['mse'] as number)) < 1e-6)
  const { rmse, mse, mae } = results[3]!
  assert.deepEqual([rmse, mse, mae], [null, null, null], 'popularity predicts no rating')
})

test('run twice with one seed it prints the same figures', async () => {
  const figures = async () => {
    const stdout = await evaluate('--ratings', ratings, '--json', '--folds', '2', ...quick)
    return stdout.replaceAll(/"(trainSeconds|seconds|ratingsPerSecond)":[^,}]+/g, '')
  }
  assert.equal(await figures(), await figures())
})

test('--folds measures every rating once; the figures are means over the folds', async () => {
  const stdout = await evaluate('--ratings', ratings, '--json', '--folds', '3', ...quick)
  const { results } = JSON.parse(stdout) as { results: (Figures & { folds: Figures[] })[] }
  assert.equal(results.length, 4)
  const lines = (await readFile(ratings, 'utf8')).trim().split('\n').length - 1
  for (const { folds, ...means } of results) {
    assert.equal(folds.length, 3)
    assert.equal(
      folds.reduce((sum, { rows }) => sum + rows!, 0),
      lines,
    )
    for (const name of figureNames) {
      if (means[name] === null) continue
      const sum = folds.reduce((total, fold) => total + fold[name]!, 0)
      assert.ok(Math.abs(means[name]! - sum / 3) < 1e-9, name)
    }
  }
})

test('--split user-time and global-time hold other rows out than random', async () => {
  const errors = new Set<number>()
  for (const split of [[], ['--split', 'user-time'], ['--split', 'global-time']]) {
    const stdout = await evaluate('--ratings', ratings, '--json', ...split, ...quick)
    const [, mean] = JSON.parse(stdout).results
    errors.add(mean.mse)
    // The rows stand user by user, so that the last in time are the last users, never seen before.
    if (split[1] === 'global-time') assert.ok(mean.coldUserRows > 0.8 * mean.rows)
    if (split[1] === 'user-time') assert.equal(mean.coldUserRows, 0)
  }
  assert.equal(errors.size, 3)
})

test('several algorithms stand in one table, each with settings of its own', async () => {
  const several = ['--algorithm', 'dot', '--algorithm', 'dot-bias', '--algorithm', 'net']
  const settings = ['--set', 'epochs=1', '--set', 'dot.phases=[]', '--set', 'net.hiddenLayers=[3]']
  const stdout = await evaluate('--ratings', ratings, ...several, ...settings)
  assert.match(stdout, /^dot {2}epoch 1\/1 .*\ndot-bias {2}epoch 1\/1 .*\nnet {2}epoch 1\/1 /)
  assert.match(stdout, /\ndot +simd.*\ndot-bias +simd.*\nnet +tensor.*\nglobal-mean /)
})

test('--predictions and --save write what was measured, and the model that it was measured of', async () => {
  const [csv, file] = [join(folder, 'held-out.csv'), join(folder, 'model.safetensors')]
  const args = ['--predictions', csv, '--save', file, '--json', ...quick]
  const { results } = JSON.parse(await evaluate('--ratings', ratings, ...args))
  const [header, ...lines] = (await readFile(csv, 'utf8')).trim().split('\n')
  assert.equal(header, 'userId,movieId,rating,prediction,algorithm')
  const model = decodeModel(await readFile(file))
  const { predict } = createScorer(model)
  let squared = 0
  for (const line of lines) {
    const [user, movie, rating, prediction, algorithm] = line.split(',')
    const own = predict(model.users.indexOf(user!), model.movies.indexOf(movie!))
    assert.ok(Math.abs(own - Number(prediction)) < 1e-6)
    assert.equal(algorithm, 'dot-bias')
    squared += (Number(prediction) - Number(rating)) ** 2
  }
  assert.equal(lines.length, results[0].rows)
  assert.ok(Math.abs(squared / lines.length - results[0].mse) < 1e-4)
})

test('--report writes one page with the figures and the pictures of each training', async () => {
  const file = join(folder, 'report.html')
  await evaluate('--ratings', ratings, '--report', file, '--json', ...quick)
  const page = await readFile(file, 'utf8')
  assert.match(page, /^<!doctype html>/)
  for (const text of ['ndcg@10', 'popularity', '<h2>dot-bias</h2>', '<svg '])
    assert.ok(page.includes(text), text)
})

test('a table shows each epoch and the errors beside the baselines', async () => {
  const stdout = await evaluate('--ratings', ratings, '--algorithm', 'net', '--set', 'epochs=2')
  assert.match(stdout, /^epoch 1\/2 .*\nepoch 2\/2 .*\n\nalgorithm .*RMSE +MSE +MAE +rows/)
  assert.match(stdout, /\nnet +tensorflow\/wasm .*\nglobal-mean .*\nbias-only .*\npopularity +–/)
  assert.match(stdout, /\n.* NDCG +recall +precision +MAP +hits +coverage +novelty\n/)
  assert.match(stdout, /\nRMSE of pairs +warm +rows +user unseen +rows +movie unseen +rows\n/)
  assert.match(
    stdout,
    /\nLiked is what has [\d.]+ or more on the scale of the ratings, .* to .*\.\n$/,
  )
})

test('--also measures more of each training, printed as a table and under --json by its name', async () => {
  const args = ['--ratings', ratings, '--also', 'lists-by-ratings', ...quick]
  const stdout = await evaluate(...args)
  assert.match(stdout, /\ndot-bias: lists-by-ratings +users +ndcg@10 .*\n0 ratings +0 +–/)
  const [one, mean] = JSON.parse(await evaluate(...args, '--json')).results
  const rows: { of: string; users: number }[] = one.also['lists-by-ratings']
  assert.deepEqual(
    rows.map(({ of }) => of),
    ['0 ratings', '1 to 4 ratings', '5 to 19 ratings', '20 to 99 ratings', '100 ratings or more'],
  )
  assert.ok(rows.reduce((sum, { users }) => sum + users, 0) > 20)
  assert.ok(!('also' in mean))
})

test('--json says which lines were refused, the scale, what is liked, and the epochs as printed', async () => {
  const file = join(folder, 'bad.csv')
  await writeFile(file, `${await readFile(ratings, 'utf8')}1,2,many,0\n1,\n`)
  const { results, refused } = JSON.parse(await evaluate('--ratings', file, '--json', ...quick))
  const [{ path, refused: lines, refusals }] = refused
  assert.deepEqual([path, lines, refusals.length], [file, 2, 2])
  assert.match(refusals[0].reason, /rating "many"/)
  const [{ ratingScale, likedFrom, epochs }] = results
  assert.ok(likedFrom > ratingScale[0] && likedFrom < ratingScale[1])
  assert.deepEqual(
    epochs.map(({ epoch }: { epoch: number }) => epoch),
    [1, 2],
  )
  assert.deepEqual(JSON.parse(await evaluate('--ratings', ratings, '--json', ...quick)).refused, [])
})

test('--test holds out the rows of a file of its own', async () => {
  const file = join(folder, 'test.csv')
  await writeFile(file, 'userId,movieId,rating,timestamp\n1,nothing,4,0\nnobody,2,1,0\n')
  const stdout = await evaluate('--ratings', ratings, '--test', file, '--json', ...quick)
  const [{ rows, warmRows, coldUserRows, coldMovieRows }] = JSON.parse(stdout).results
  assert.deepEqual([rows, warmRows, coldUserRows, coldMovieRows], [2, 0, 1, 1])
})

for (const [what, args, message] of [
  ['no ratings', [], /'--ratings <path>' not specified/],
  [
    'an unknown option',
    ['--rating', 'x'],
    /Unknown option '--rating'\. Did you mean --ratings\? Expected one of: --/,
  ],
  [
    'an unknown algorithm',
    ['--ratings', 'x', '--algorithm', 'svd'],
    /Expected: dot \| dot-bias \| net \| bayes/,
  ],
  [
    'an unknown setting',
    ['--ratings', 'x', '--set', 'sweep=1'],
    /^--set sweep: bayes .* mean sweeps\?/,
  ],
  [
    'a member of a setting',
    ['--ratings', 'x', '--set', 'ranking={"factor":1}'],
    /ranking\.factor: .*factors\?/,
  ],
  ['a setting out of bounds', ['--ratings', 'x', '--set', 'sweeps=0'], /^sweeps: /],
  ['a setting that is no number', ['--ratings', 'x', '--set', 'sweeps=many'], /^sweeps: /],
  ['a setting without a value', ['--ratings', 'x', '--set', 'epochs'], /expected NAME=VALUE/],
  ['a setting with an option of its own', ['--ratings', 'x', '--set', 'seed=1'], /use --seed/],
  [
    'a seed that is no number',
    ['--ratings', 'x', '--seed', 'a'],
    /'--seed <number>' argument 'a' is invalid/,
  ],
  ['a share out of bounds', ['--ratings', 'x', '--valid', '1.5'], /number 0 to 0\.9/],
  ['nothing held out', ['--ratings', 'x', '--valid', '0'], /nothing out/],
  [
    'two ways to hold out',
    ['--ratings', 'x', '--valid', '0.1', '--test', 'y'],
    /--test .* cannot be used with .*--valid/,
  ],
  [
    'folds of a share',
    ['--ratings', 'x', '--folds', '5', '--split', 'user-time'],
    /--folds .* cannot be used with .*--split/,
  ],
  ['an unknown split', ['--ratings', 'x', '--split', 'latest'], /Expected: random \| user-time/],
  ['an unknown order', ['--ratings', 'x', '--order-by', 'title'], /Expected: relevance \| rating/],
  ['an unknown rule', ['--ratings', 'x', '--candidates', 'all'], /Expected: unliked \| unrated/],
  ['a file that is not there', ['--ratings', '/nowhere/ratings.csv'], /\/nowhere/],
  ['a model of two', ['--ratings', 'x', '--save', 'm', '--folds', '2'], /one model/],
  ['a report without a folder', ['--ratings', 'x', '--report', '/nowhere/r.html'], /\/nowhere\/r/],
  ['users that are not there', ['--ratings', 'x', '--users', '/nowhere/u.user'], /\/nowhere/],
] as const)
  test(`${what} is refused in one sentence`, async () => {
    await assert.rejects(parse(['evaluate', ...args]), (error: Error) => {
      assert.ok(error instanceof MarqueeError && error.code === 'invalid-request')
      assert.match(error.message, message)
      assert.ok(!error.message.includes('\n'))
      return true
    })
  })

test('a test file that shares a pair with the training file is refused', async () => {
  const args = ['--ratings', ratings, '--test', ratings, '--algorithm', 'dot']
  await assert.rejects(parse(['evaluate', ...args]), (error: Error) => {
    assert.ok(error instanceof MarqueeError && error.code === 'invalid-request')
    assert.match(error.message, /overlap the training ratings in \d+ pairs/)
    return true
  })
})

test('more folds than ratings, and too few ratings to hold any out, are refused', async () => {
  const file = join(folder, 'three.csv')
  await writeFile(file, 'userId,movieId,rating,timestamp\n1,1,4,0\n1,2,3,0\n2,1,5,0\n')
  for (const [args, message] of [
    [['--folds', '4'], /4 folds of 3 ratings/],
    [['--folds', '1'], /1 folds of 3 ratings/],
    [['--valid', '0.2'], /holds none of 3 ratings out/],
    [['--split', 'user-time'], /needs ratings with timestamps/],
  ] as const)
    await assert.rejects(parse(['evaluate', '--ratings', file, ...args]), message)
})
