import type { IdCollector } from '../../model/data/id-collector.ts'
import { bytesOf } from '../../model/file/safetensors.ts'
import { encodeText } from '../../model/file/text-tensors.ts'
import type { ObjectStore } from '../object-store.ts'
import {
  column,
  damaged,
  type Notes,
  openTensors,
  sealPieces,
  sealTensors,
  vocabulary,
} from '../segments/sealed-tensors.ts'
import { type LiveRange, putLiveSegment, putSegment } from '../segments/segment-names.ts'
import type { RatingColumns } from './rating-columns.ts'
import {
  type LiveRatings,
  liveColumns,
  liveTensors,
  type StoredRatings,
} from './told/live-ratings.ts'

/**
 * A segment of ratings is a sealed tensor file with these tensors:
 *
 *   user_index, movie_index   U32 [rows]          rating   F32 [rows]     timestamp   U32 [rows]
 *   user_ids.offsets          U32 [users + 1]     user_ids.bytes    U8, UTF-8
 *   movie_ids.offsets         U32 [movies + 1]    movie_ids.bytes   U8, UTF-8
 *
 * and, where it was folded from live events, those of `LiveColumns`.
 */
export function encodeRatings(ratings: StoredRatings, notes: Notes = {}): Uint8Array[] {
  const users = encodeText(ratings.users.texts)
  const movies = encodeText(ratings.movies.texts)
  const shape = [ratings.rating.length]
  return sealTensors(
    'marquee-ratings',
    new Map([
      ['user_index', { shape, data: ratings.userIndex }],
      ['movie_index', { shape, data: ratings.movieIndex }],
      ['rating', { shape, data: ratings.rating }],
      ['timestamp', { shape, data: ratings.timestamp }],
      ['user_ids.offsets', users.offsets],
      ['user_ids.bytes', users.bytes],
      ['movie_ids.offsets', movies.offsets],
      ['movie_ids.bytes', movies.bytes],
      ...(ratings.live ? liveTensors(ratings.live) : []),
    ]),
    notes,
  )
}

/** The ratings of a segment, as views of its bytes; a `damaged-segment` error says why not. */
export function decodeRatings(bytes: Uint8Array, key: string): StoredRatings {
  const tensors = openTensors('marquee-ratings', bytes, key)
  const rating = column(tensors, 'rating', Float32Array, key)
  const rows = rating.length
  const live = liveColumns(tensors, rows, key)
  const ratings = {
    users: vocabulary(tensors, 'user_ids', key),
    movies: vocabulary(tensors, 'movie_ids', key),
    userIndex: column(tensors, 'user_index', Uint32Array, key, rows),
    movieIndex: column(tensors, 'movie_index', Uint32Array, key, rows),
    rating,
    timestamp: column(tensors, 'timestamp', Uint32Array, key, rows),
    ...(live && { live }),
  }
  if (live) checkBelow(live.erasedUser, ratings.users.size, 'erased.user_index', key)
  checkBelow(ratings.userIndex, ratings.users.size, 'user_index', key)
  checkBelow(ratings.movieIndex, ratings.movies.size, 'movie_index', key)
  checkNumbers(rating, live !== undefined, key)
  return ratings
}

/**
 * A segment of columns that were read, with the bytes that `encodeRatings` would give. What is not
 * in memory is read twice, for the checksum and to be written.
 */
export function encodeColumns(
  { rows, users, movies }: RatingColumns,
  notes: Notes = {},
): Iterable<Uint8Array> {
  const numbers = (
    name: string,
    dtype: string,
    size: number,
    pieces: Iterable<ArrayBufferView>,
  ) => {
    return { facts: { name, dtype, shape: [size], sizeBytes: 4 * size }, pieces }
  }
  const bytes = (name: string, ids: IdCollector) => {
    const sizeBytes = ids.byteLength
    return { facts: { name, dtype: 'U8', shape: [sizeBytes], sizeBytes }, pieces: ids.bytePieces() }
  }
  const tensors = () => [
    numbers('user_index', 'U32', rows.length, rows.pieces('userIndex')),
    numbers('movie_index', 'U32', rows.length, rows.pieces('movieIndex')),
    numbers('rating', 'F32', rows.length, rows.pieces('rating')),
    numbers('timestamp', 'U32', rows.length, rows.pieces('timestamp')),
    numbers('user_ids.offsets', 'U32', users.size + 1, users.offsetPieces()),
    numbers('movie_ids.offsets', 'U32', movies.size + 1, movies.offsetPieces()),
    bytes('user_ids.bytes', users),
    bytes('movie_ids.bytes', movies),
  ]
  const pieces = {
    *[Symbol.iterator]() {
      for (const tensor of tensors()) for (const piece of tensor.pieces) yield bytesOf(piece)
    },
  }
  const facts = tensors().map((tensor) => tensor.facts)
  return sealPieces('marquee-ratings', facts, pieces, notes)
}

/** Stores columns as the newest segment, visible whole or not at all, and gives its name. */
export function putColumns(
  store: ObjectStore,
  columns: RatingColumns,
  notes: Notes,
): Promise<string> {
  return putSegment(store, 'ratings', encodeColumns(columns, notes))
}

/** Stores what was folded from live events, the last of them told at that time; gives its name. */
export function putLiveRatings(
  store: ObjectStore,
  ratings: LiveRatings,
  range: LiveRange,
  toldMs: number,
): Promise<string> {
  return putLiveSegment(store, 'ratings', range, toldMs, encodeRatings(ratings))
}

function checkBelow(indices: Uint32Array, size: number, name: string, key: string): void {
  for (const index of indices)
    if (index >= size) throw damaged(key, `"${name}" has ${index}, expected less than ${size}.`)
}

/** Only what was told live can have been taken back, which is NaN. */
function checkNumbers(rating: Float32Array, mayBeTakenBack: boolean, key: string): void {
  for (const value of rating)
    if (!Number.isFinite(value) && !(mayBeTakenBack && Number.isNaN(value)))
      throw damaged(key, `"rating" has ${value}, expected a finite number.`)
}
