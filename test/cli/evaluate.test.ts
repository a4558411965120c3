// Each evaluation is a process of its own, since what counts is what stands on its stdout; so tests
// share what one printed.
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
/** What one evaluation printed with --json, and its report. */
let whole: { results: Record<string, unknown>[]; refused: unknown[] }
let page = ''

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'marquee-evaluate-'))
  ratings = join(folder, 'ratings.csv')
  const { userIndex, movieIndex, rating } = plantedRatings({ users: 40, movies: 30 })
  const lines = [...rating].map((value, row) => {
    const stars = Math.round(value * 2) / 2
    return `${userIndex[row]! + 1},${movieIndex[row]! + 1},${stars},${1_000_000_000 + row}`
  })
  await writeFile(ratings, ['userId,movieId,rating,timestamp', ...lines, ''].join('\n'))
  const report = join(folder, 'report.html')
  const more = ['--report', report, '--also', 'lists-by-ratings', '--seed', '7']
  whole = JSON.parse(await evaluate('--ratings', ratings, '--json', ...more, ...quick))
  page = await readFile(report, 'utf8')
})

after(() => rm(folder, { recursive: true }))

const quick = ['--algorithm', 'dot-bias', '--set', 'epochs=2', '--set', 'factors=3']
const evaluate = (...args: string[]) => runMarquee(['evaluate', ...args])

/** What each result has beside the errors that not all have. */
const figureNames = [
  ...['rmse', 'mse', 'mae', 'rows', 'ndcg@10', 'recall@10', 'precision@10', 'map@10', 'hit@10'],
  ...['coverage', 'novelty', 'warmRows', 'coldUserRows', 'coldMovieRows', 'trainSeconds'],
]
type Figures = Record<string, number | null>

test('--json prints one object: the model, then the baselines, on the same rows', () => {
  const { results } = whole
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
  // The epochs do not know yet what share of the learnt is kept.
  assert.ok(Math.abs(last / (results[0]!['mse'] as number) - 1) < 0.02)
  const { rmse, mse, mae } = results[3]!
  assert.deepEqual([rmse, mse, mae], [null, null, null], 'popularity predicts no rating')
})

test('--folds measures every rating once, as a mean over the folds, the same with one seed', async () => {
  const folds = async () => {
    const stdout = await evaluate('--ratings', ratings, '--json', '--folds', '3', ...quick)
    return stdout.replaceAll(/"(trainSeconds|seconds|ratingsPerSecond)":[^,}]+/g, '"$1":0')
  }
  const stdout = await folds()
  assert.equal(await folds(), stdout)
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
  const errors = new Set([whole.results[1]!['mse']])
  for (const split of ['user-time', 'global-time']) {
    const stdout = await evaluate('--ratings', ratings, '--json', '--split', split, ...quick)
    const [, mean] = JSON.parse(stdout).results
    errors.add(mean.mse)
    // The rows stand user by user, so that the last in time are the last users, never seen before.
    if (split === 'global-time') assert.ok(mean.coldUserRows > 0.8 * mean.rows)
    if (split === 'user-time') assert.equal(mean.coldUserRows, 0)
  }
  assert.equal(errors.size, 3)
})

test('a table shows each epoch, and several algorithms with settings of their own beside baselines', async () => {
  const several = ['--algorithm', 'dot', '--algorithm', 'dot-bias', '--algorithm', 'net']
  const settings = ['epochs=1', 'dot.phases=[]', 'net.hiddenLayers=[3]', 'net.epochs=2']
  const args = settings.flatMap((setting) => ['--set', setting])
  const stdout = await evaluate(
    ...['--ratings', ratings, '--also', 'lists-by-ratings'],
    ...[...several, ...args],
  )
  assert.match(stdout, /^dot {2}epoch 1\/1 .*\ndot-bias {2}epoch 1\/1 .*\nnet {2}epoch 1\/2 /)
  assert.match(stdout, /\nnet {2}epoch 2\/2 .*\n\nalgorithm .*RMSE +MSE +MAE +rows/)
  assert.match(stdout, /\ndot +simd.*\ndot-bias +simd.*\nnet +simd.*\nglobal-mean /)
  assert.match(stdout, /\nglobal-mean .*\nbias-only .*\npopularity +–/)
  assert.match(stdout, /\n.* NDCG +recall +precision +MAP +hits +coverage +novelty\n/)
  assert.match(stdout, /\nRMSE of pairs +warm +rows +user unseen +rows +movie unseen +rows\n/)
  assert.match(
    stdout,
    /\nLiked is what has [\d.]+ or more on the scale of the ratings, .* to .*\.\n/,
  )
  assert.match(stdout, /\ndot-bias: lists-by-ratings +users +ndcg@10 .*\n0 ratings +0 +–/)
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

test('--report writes one page with the figures and the pictures of each training', () => {
  assert.match(page, /^<!doctype html>/)
  for (const text of ['ndcg@10', 'popularity', '"algorithm":"dot-bias"', '"losses":'])
    assert.ok(page.includes(text), text)
})

test('--also measures more of each training, under --json by its name', () => {
  const [one, mean] = whole.results as [Record<string, Record<string, unknown>>, object]
  const rows = one['also']!['lists-by-ratings'] as { of: string; users: number }[]
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
  assert.deepEqual(whole.refused, [])
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
