import { useEffect, useState } from 'preact/hooks'
import { announce } from '../../state/live-region.ts'
import { titleOf } from '../../state/movie-names.ts'
import { useAnswer } from '../../state/use-answer.ts'
import { type Suggestions, shownCount, suggest, type Trial } from './trial.ts'

/** The list as it is, and as it was before the last rating. */
export type Turn = { readonly now: Suggestions; readonly before: Suggestions | null }

/** Asks for the list anew with each rating; the last one stays until the next is there. */
export function useSuggestions(trial: Trial, ratingsTold = 0) {
  const { data, error, reload } = useAnswer([trial, ratingsTold], (signal) =>
    suggest(trial, signal),
  )
  const [turn, setTurn] = useState<Turn>()
  useEffect(() => {
    if (data) setTurn((last) => ({ now: data, before: last?.now ?? null }))
  }, [data])
  useEffect(() => {
    if (turn?.before) announce(changeOf(turn.now, turn.before))
  }, [turn])
  return { turn, error, reload, isLoading: data === undefined && error === undefined }
}

/** The place of each movie in a list, from 1. */
export function placesOf({ items }: Suggestions): ReadonlyMap<string, number> {
  return new Map(items.map(({ movieId }, i) => [movieId, i + 1]))
}

/** What is to be heard of it. */
function changeOf(now: Suggestions, before: Suggestions): string {
  const old = new Set(before.items.slice(0, shownCount).map(({ movieId }) => movieId))
  const shown = now.items.slice(0, shownCount)
  const fresh = shown.filter(({ movieId }) => !old.has(movieId)).length
  if (shown.length === 0) return 'The list is empty now.'
  const first = `The first is ${titleOf(shown[0]!)}.`
  return `The list was made anew: ${fresh} of ${shown.length} movies were not among the first before. ${first}`
}
