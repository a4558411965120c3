import { Genres, MovieLink } from '../../components/movie-link.tsx'
import { Card } from '../../components/page.tsx'
import { Empty, Failure, Loading } from '../../components/states.tsx'
import { type Named, titleOf } from '../../state/movie-names.ts'
import { counted, significant } from '../../text.ts'
import { Likely } from './likely.tsx'
import { type Suggestions, shownCount } from './trial.ts'
import { placesOf, type useSuggestions } from './use-suggestions.ts'

type Item = Suggestions['items'][number]
type Props = {
  readonly title: string
  readonly list: ReturnType<typeof useSuggestions>
  readonly scale: readonly [number, number]
  /** Puts a movie among those that can be rated. */
  readonly onSeen: (movie: Named) => void
}

const basisText: Partial<Record<Suggestions['basis'], string>> = {
  'folded-in': 'From the ratings you gave, folded into the model for this answer alone.',
  trained: 'From what the training made of this user’s ratings, and all that was told since.',
  'movie-bias': 'What is liked in general: nothing is known of this taste yet.',
  'global-mean': 'What is liked in general: nothing is known of this taste yet.',
}

/** The list, with why each movie is there, how sure its prediction is, and where it stood before. */
export function ListCard({ title, list, scale, onSeen }: Props) {
  const { turn, error, reload, isLoading } = list
  const before = turn?.before ? placesOf(turn.before) : null
  const shown = turn?.now.items.slice(0, shownCount) ?? []
  return (
    <Card title={title} {...(turn && { note: basisText[turn.now.basis] })}>
      {error !== undefined && <Failure error={error} onRetry={reload} />}
      {!turn && isLoading && <Loading what="Making the list" />}
      {turn && shown.length === 0 && (
        <Empty title="Nothing is left to show">
          The model knows no other movie that this user might like.
        </Empty>
      )}
      <ol class={isLoading && turn ? 'suggestions waiting' : 'suggestions'}>
        {shown.map((item, i) => (
          // Whoever has moved is a new element, so that its entrance is seen.
          <li key={`${item.movieId} ${i}`} class={before ? 'moved' : ''}>
            <span class="place" aria-hidden="true">
              {i + 1}
            </span>
            <div class="what">
              <p class="named">
                <MovieLink movie={item} />
                {before && <Move from={before.get(item.movieId)} to={i + 1} />}
              </p>
              <p class="fine">
                <Genres genres={item.genres} />
              </p>
              <p class="why">
                <Why item={item} />
              </p>
            </div>
            <div class="sure">
              <Likely rating={item.rating} interval={item.interval} scale={scale} />
              <button type="button" class="plain" onClick={() => onSeen(item)}>
                Seen it<span class="unseen">: rate {titleOf(item)}</span>
              </button>
            </div>
          </li>
        ))}
      </ol>
    </Card>
  )
}

/** How far a movie has come since the list before. */
function Move({ from, to }: { from: number | undefined; to: number }) {
  if (from === to) return null
  if (from === undefined) return <span class="badge good">new</span>
  const isUp = from > to
  return (
    <span class={isUp ? 'badge good' : 'badge'}>
      <span aria-hidden="true">{isUp ? '↑' : '↓'} </span>
      <span class="unseen">{isUp ? 'up ' : 'down '}</span>
      {Math.abs(from - to)}
    </span>
  )
}

function Why({ item: { because = [], ratings } }: { item: Item }) {
  if (because.length === 0) return <>Liked by many; {counted(ratings, 'rating')}.</>
  return (
    <>
      Because of{' '}
      {because.map((movie, i) => (
        <span key={movie.movieId}>
          {i > 0 && (i === because.length - 1 ? ' and ' : ', ')}
          <em>{titleOf(movie)}</em>&nbsp;({significant(movie.rating, 3)})
        </span>
      ))}
    </>
  )
}
