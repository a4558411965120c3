import { tameRating } from '../../model/data/rating-scale.ts'
import { ownRatings, type Ratings } from '../../model/data/ratings.ts'
import { countRecent } from '../../model/data/recent-ratings.ts'
import { Vocabulary } from '../../model/data/vocabulary.ts'
import { foldInModelOf, foldInUser } from '../../model/fold-in/fold-in-model.ts'
import { foldIntoRanking, rankingFoldInModelOf } from '../../model/fold-in/ranking-fold-in.ts'
import { transposed } from '../../model/fold-in/transposed.ts'
import { type Model, userBiasOf } from '../../model/model.ts'
import { type ResolvedRankingSpec, resolvedRanking } from '../../model/spec/ranking-spec.ts'
import type { Matrix } from '../../numeric/linear/matrix.ts'
import type { Fit } from '../fit-task.ts'
import { type Pulse, partOf } from '../pulse.ts'
import { knownTo, ratedOf } from '../splitting/training-data.ts'

/**
 * The model of a fit with the users and movies, too, of whom no rating was among the rows that were
 * fitted: users are folded in from what they gave to the movies that were, then movies, likewise, from
 * what all users gave them. What was fitted stays as it is, to the bit. `ratings` are all that there are;
 * the model itself where it knows everybody.
 */
export async function withHeldOut(
  { model, run: { spec } }: Pick<Fit, 'model' | 'run'>,
  ratings: Ratings,
  pulse: Pulse,
): Promise<Model> {
  const rating = ratings.rating.map((value) => tameRating(value, model.ratingScale))
  const all = { ...ratings, rating }
  const ranking = resolvedRanking(spec.ranking)
  const withUsers = await withUsersOf(model, all, ranking, partOf(pulse, 0, 0.5))
  // Nothing but what was given leads a movie's vector: there is no mean movie to lean on.
  const ofMovies = ranking && { ...ranking, priorRatings: 0 }
  const turned = transposed(withUsers)
  const turnedRatings = {
    ...all,
    ...{ users: all.movies, movies: all.users },
    ...{ userIndex: all.movieIndex, movieIndex: all.userIndex },
  }
  const withMovies = await withUsersOf(turned, turnedRatings, ofMovies, partOf(pulse, 0.5, 1))
  if (withUsers === model && withMovies === turned) return model
  const whole = transposed(withMovies)
  const { users, movies, rated, intervals } = whole
  const counts = {
    userRatings: countsWith(intervals?.userRatings, users.size, rated.offsets),
    movieRatings: countsWith(intervals?.movieRatings, movies.size, withMovies.rated.offsets),
  }
  return {
    ...whole,
    recent: model.recent && countRecent(movies, [all]),
    intervals: intervals && { ...intervals, ...counts },
  }
}

/** The model with the users of the ratings that it lacks, who are folded in; or the model itself. */
async function withUsersOf(
  model: Model,
  ratings: Ratings,
  rankingSpec: ResolvedRankingSpec | null,
  pulse: Pulse,
): Promise<Model> {
  const known = model.users.size
  const users = vocabularyWith(model, ratings)
  if (users.size === known) return model
  const { movies, userBias, baseline, ranking } = model
  const rated = ratedOf({ users, movies }, [knownTo({ users, movies }, ratings)])
  const grown: Model = {
    ...{ ...model, users, rated },
    userFactors: matrixWith(model.userFactors, users.size),
    userBias: userBias && numbersWith(userBias, users.size),
    baseline: { ...baseline, userBias: numbersWith(baseline.userBias, users.size) },
    ranking: ranking && {
      ...ranking,
      userFactors: matrixWith(ranking.userFactors, users.size),
    },
  }
  const folding = foldInModelOf(model)
  const ofRanking = rankingFoldInModelOf(model, rankingSpec)
  const { columns, data } = grown.userFactors
  for (let user = known; user < users.size; user++) {
    const own = ownRatings(grown, user)
    const x = foldInUser(folding, own)
    data.set(x.subarray(0, columns), user * columns)
    if (grown.userBias) grown.userBias[user] = x[columns]!
    grown.baseline.userBias[user] = userBiasOf(model, own)
    if (ofRanking)
      grown.ranking!.userFactors.data.set(
        foldIntoRanking(ofRanking, own),
        user * ofRanking.movieFactors.columns,
      )
    if (pulse.isDue()) await pulse.beat((user - known + 1) / (users.size - known))
  }
  return grown
}

/** The users of the model and, behind them, those of the ratings that it does not know. */
function vocabularyWith(model: Model, { users, userIndex }: Ratings): Vocabulary {
  const isRating = new Uint8Array(users.size)
  for (const user of userIndex) isRating[user] = 1
  const others = users.ids.filter((id, user) => isRating[user] && model.users.indexOf(id) < 0)
  return others.length === 0 ? model.users : new Vocabulary([...model.users.ids, ...others])
}

function numbersWith(numbers: Float32Array, size: number): Float32Array {
  const more = new Float32Array(size)
  more.set(numbers)
  return more
}

function matrixWith({ columns, data }: Matrix, rows: number): Matrix {
  return { rows, columns, data: numbersWith(data, rows * columns) }
}

/** The ratings that rows were fitted to, and behind them those that rows were folded in from. */
function countsWith(fitted: Uint32Array = new Uint32Array(), size: number, offsets: Uint32Array) {
  return Uint32Array.from({ length: size }, (_, row) => {
    return row < fitted.length ? fitted[row]! : offsets[row + 1]! - offsets[row]!
  })
}
