import type { Attributes } from '../../../model/data/attributes.ts'
import type { Model } from '../../../model/model.ts'
import { compareMovies, type GenresBeside, similaritiesTo } from '../../../model/similarity.ts'
import { factorise, solveCholesky } from '../../../numeric/linear/cholesky.ts'
import { addTo, type BitSet, createBitSet, isIn } from '../../../numeric/search/bit-set.ts'

/** How alike one movie every other is, into `out` [movies]: the higher the more. */
export type SimilarTo = (movie: number, out: Float32Array) => void

/** What users liked in training, in a model's indices. */
export type Likes = {
  /** Movies of each user, and users of each movie. */
  readonly ofUser: readonly (readonly number[])[]
  readonly ofMovie: readonly (readonly number[])[]
}

/** Likes by user and by movie, of rows of both. */
export function likesOf(
  users: number,
  movies: number,
  userIndex: Int32Array,
  movieIndex: Int32Array,
): Likes {
  const ofUser: number[][] = Array.from({ length: users }, () => [])
  const ofMovie: number[][] = Array.from({ length: movies }, () => [])
  for (let row = 0; row < userIndex.length; row++) {
    ofUser[userIndex[row]!]!.push(movieIndex[row]!)
    ofMovie[movieIndex[row]!]!.push(userIndex[row]!)
  }
  return { ofUser, ofMovie }
}

/** By how many liked a movie, whatever is asked. */
export function popularOnes({ ofMovie }: Likes): SimilarTo {
  return (_, out) => out.set(ofMovie.map((users) => users.length))
}

const coLikesShrinkage = 20

/** The cosine of the columns of likes, c / √(n·m), times c / (c + 20) for c who liked both. */
export function coLikeCosine({ ofUser, ofMovie }: Likes): SimilarTo {
  return (asked, out) => {
    out.fill(0)
    for (const user of ofMovie[asked]!) for (const movie of ofUser[user]!) out[movie]! += 1
    for (let movie = 0; movie < out.length; movie++) {
      const both = out[movie]!
      if (both > 0)
        out[movie] =
          (both * both) /
          Math.sqrt(ofMovie[asked]!.length * ofMovie[movie]!.length) /
          (both + coLikesShrinkage)
    }
  }
}

/** An inverse of more movies would take longer than a training. */
const mostOfEase = 2_000
const easeRegularization = 300

/**
 * Columns of EASE (Steck, "Embarrassingly shallow autoencoders for sparse data", WWW 2019): what a
 * like of the asked movie adds to each other's score, −P_am / P_mm with P = (XᵀX + λI)⁻¹ of the
 * likes X. Of the 2,000 most liked movies at most; the others come last.
 */
export function easeColumns({ ofUser, ofMovie }: Likes): SimilarTo {
  const byLikes = Array.from(ofMovie.keys()).sort(
    (a, b) => ofMovie[b]!.length - ofMovie[a]!.length || a - b,
  )
  const chosen = byLikes.slice(0, mostOfEase)
  const size = chosen.length
  const placeOf = new Int32Array(ofMovie.length).fill(-1)
  for (const [place, movie] of chosen.entries()) placeOf[movie] = place
  const gram = new Float64Array(size * size)
  for (const liked of ofUser) {
    const places = liked.map((movie) => placeOf[movie]!).filter((place) => place >= 0)
    for (const a of places) for (const b of places) if (b <= a) gram[a * size + b]! += 1
  }
  for (let place = 0; place < size; place++) gram[place * size + place]! += easeRegularization
  factorise(gram, size)
  const columnOf = (place: number) => {
    const column = new Float64Array(size)
    column[place] = 1
    solveCholesky(gram, size, column)
    return column
  }
  const diagonal = chosen.map((_, place) => columnOf(place)[place]!)
  return (asked, out) => {
    out.fill(0)
    if (placeOf[asked]! < 0) return
    const column = columnOf(placeOf[asked]!)
    // Those that are left out stand behind, at −1.
    out.fill(-1)
    for (const [place, movie] of chosen.entries()) out[movie] = -column[place]! / diagonal[place]!
  }
}

/** A model's own similar movies, as they are served; `genres` where the catalogue knows them. */
export function modelSimilarities(
  model: Model,
  ratings: Uint32Array,
  { ofMovie }: Likes,
  attributes: Attributes,
): SimilarTo {
  const likes = Uint32Array.from(ofMovie, (users) => users.length)
  const compared = compareMovies(model, ratings, likes)
  const genresBeside = genresOf(model, attributes)
  return (asked, out) => similaritiesTo(compared, asked, genresBeside(asked), out)
}

function genresOf(
  { movies }: Model,
  attributes: Attributes,
): (asked: number) => GenresBeside | null {
  const moviesOf = new Map<string, BitSet>()
  const counts = new Uint8Array(movies.size)
  for (const [movie, id] of movies.ids.entries())
    for (const label of attributes.get(id) ?? []) {
      if (!label.startsWith('genre:')) continue
      const known = moviesOf.get(label) ?? createBitSet(movies.size)
      moviesOf.set(label, known)
      addTo(known, movie)
      counts[movie]! += 1
    }
  return (asked) => {
    const ofChosen = [...moviesOf.values()].filter((set) => isIn(set, asked))
    return ofChosen.length > 0 ? { counts, ofChosen } : null
  }
}
