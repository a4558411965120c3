/** The lowest and the highest rating. */
export type RatingScale = readonly [lowest: number, highest: number]

/** A gap in the ratings that is so many times as wide as all that lies on its other side… */
const farOff = 3
/** … sets those beyond it apart when they are at most this share, or one, of so many ratings … */
const mostFarOff = 1e-3
const leastRatings = 50
/** … and the others have at least so many values; 1 beside 4s and 5s is a rating like any other. */
const leastValues = 4
const bins = 4_096

/**
 * The scale that ratings were given on: their lowest and highest, less a few that are so far off
 * that they must be slips (a 45 for 4.5). There must be a rating.
 */
export function ratingScaleOf(rating: ArrayLike<number>): RatingScale {
  return scaleOfPieces([rating])
}

/** The same of ratings in pieces, which are gone through some times. */
export function scaleOfPieces(ratings: Iterable<ArrayLike<number>>): RatingScale {
  let scale = extentOf(ratings, [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])
  for (;;) {
    const next = withoutFarOff(ratings, scale)
    if (next[0] === scale[0] && next[1] === scale[1]) return decimalScale(scale)
    scale = next
  }
}

/** Ends of a scale that were stored in single precision as the numbers that were given. */
export function decimalScale([lowest, highest]: RatingScale): RatingScale {
  return [decimalOf(lowest), decimalOf(highest)]
}

/** The shortest decimal of a single: 0.1, where the nearest single to it is 0.100000001490116. */
export function decimalOf(single: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const decimal = Number(single.toPrecision(digits))
    if (Math.fround(decimal) === single) return decimal
  }
  return single
}

/**
 * The ratings that a visitor may give: the scale of a model whose ratings need not show all of it.
 * Whole numbers within 1 to 5 are of five stars, though only 4 and 5 were given, or none above 3;
 * of others, 1 is on the scale where all were higher. Ones alone say no more than "seen".
 */
export function visitorScale([lowest, highest]: RatingScale): RatingScale {
  const isOfStars = Number.isInteger(lowest) && Number.isInteger(highest) && lowest >= 1
  if (isOfStars && highest > 1 && highest <= 5) return [1, 5]
  return highest > 1 ? [Math.min(lowest, 1), highest] : [lowest, highest]
}

/** What a star is of 1 to 5: a quarter of the scale; 1 where all ratings are the same. */
export function starOf([lowest, highest]: RatingScale): number {
  return (highest - lowest) / 4 || 1
}

/** A rating, or the end of the scale that it is far off. */
export function tameRating(rating: number, [lowest, highest]: RatingScale): number {
  const reach = farOff * (highest - lowest)
  if (reach === 0) return rating
  if (rating > highest + reach) return highest
  return rating < lowest - reach ? lowest : rating
}

/** Three quarters of the way up: 4 of 1 to 5, 3.5 of 0.5 to 4, 8 of 1 to 10. */
const likedPart = 0.75
/** Where fewer than this share of the ratings get there, the best quarter of them are likes. */
const leastLiked = 0.1

/**
 * From which rating on a movie counts as liked, by the scale; of counts and the like, few of which
 * are near the highest, by their upper quartile. Constant ratings are likes.
 */
export function likeThreshold(rating: Float32Array, [lowest, highest]: RatingScale): number {
  // Ratings are singles: 0.7 as a double is over the single that is nearest to it.
  const threshold = Math.fround(lowest + likedPart * (highest - lowest))
  const liked = rating.reduce((count, value) => count + Number(value >= threshold), 0)
  if (liked >= leastLiked * rating.length) return threshold
  return rating.toSorted()[Math.floor(likedPart * rating.length)]!
}

/** The lowest and the highest of the ratings within bounds. */
function extentOf(ratings: Iterable<ArrayLike<number>>, [from, to]: RatingScale): RatingScale {
  let lowest = Number.POSITIVE_INFINITY
  let highest = Number.NEGATIVE_INFINITY
  for (const rating of ratings)
    for (let i = 0; i < rating.length; i++) {
      const value = rating[i]!
      if (value < from || value > to) continue
      if (value < lowest) lowest = value
      if (value > highest) highest = value
    }
  return [lowest, highest]
}

/** The scale without the ratings beyond its widest gaps, at the top or the bottom. */
function withoutFarOff(ratings: Iterable<ArrayLike<number>>, scale: RatingScale): RatingScale {
  const [lowest, highest] = scale
  const width = (highest - lowest) / bins
  if (!(width > 0)) return scale
  const counts = new Uint32Array(bins)
  let size = 0
  for (const rating of ratings) {
    size += rating.length
    for (let i = 0; i < rating.length; i++) {
      if (rating[i]! < lowest || rating[i]! > highest) continue
      counts[Math.min(bins - 1, Math.floor((rating[i]! - lowest) / width))]! += 1
    }
  }
  if (size < leastRatings) return scale
  const most = Math.max(1, mostFarOff * size)
  const used = [...counts.keys()].filter((bin) => counts[bin]! > 0)
  const cut = (order: readonly number[]): number => {
    let beyond = 0
    for (let i = 0; i + 1 < order.length - leastValues + 1; i++) {
      beyond += counts[order[i]!]!
      if (beyond > most) return -1
      const gap = Math.abs(order[i]! - order[i + 1]!)
      const rest = Math.abs(order[i + 1]! - order.at(-1)!)
      if (rest > 0 && gap > farOff * (rest + 1)) return order[i + 1]!
    }
    return -1
  }
  const top = cut(used.toReversed())
  if (top >= 0) return extentOf(ratings, [lowest, lowest + (top + 1) * width])
  const bottom = cut(used)
  if (bottom >= 0) return extentOf(ratings, [lowest + bottom * width, highest])
  return scale
}
