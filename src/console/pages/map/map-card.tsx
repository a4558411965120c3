import { useMemo, useState } from 'preact/hooks'
import type { Schemas } from '../../../../clients/typescript/src/client.ts'
import { Figure } from '../../components/charts/figure.tsx'
import { Genres, MovieLink } from '../../components/movie-link.tsx'
import { Card } from '../../components/page.tsx'
import { Table } from '../../components/table.tsx'
import { titleOf } from '../../state/movie-names.ts'
import { count, counted, fixed, percent } from '../../text.ts'
import type { Dot } from './draw-map.ts'
import { colouredGenres, genreOf, type Mapped } from './genres.ts'
import { MapCanvas } from './map-canvas.tsx'

type Props = {
  readonly map: Schemas['MovieMap']
  /** Which components, from 0. */
  readonly x: number
  readonly y: number
  readonly chosen: string | null
  readonly genre: string | null
  readonly words: string
  readonly onChange: (name: 'movie' | 'genre' | 'title', value: string | null) => void
}

const foundCount = 8

/** The plot with its search and its legend, and the table of the same. */
export function MapCard({ map, x, y, chosen, genre, words, onChange }: Props) {
  const { items, components } = map
  const [pointed, setPointed] = useState(-1)
  const coloured = useMemo(() => colouredGenres(items), [items])
  const text = words.trim().toLowerCase()
  const found = text === '' ? [] : items.filter((movie) => fits(movie, text))
  const dots = useMemo(() => {
    const most = Math.sqrt(items[0]?.ratings ?? 1)
    return items.map(
      (movie): Dot => ({
        x: movie.coordinates[x] ?? 0,
        y: movie.coordinates[y] ?? 0,
        title: titleOf(movie),
        tone: genreOf(movie, coloured),
        radius: 1.5 + (5 * Math.sqrt(movie.ratings)) / most,
        isFaded:
          (genre !== null && !movie.genres.includes(genre)) || (text !== '' && !fits(movie, text)),
        isMarked: movie.movieId === chosen,
      }),
    )
  }, [items, x, y, coloured, genre, text, chosen])
  const shown = items[pointed] ?? items.find(({ movieId }) => movieId === chosen)
  const describe = `${count(items.length)} movies by component ${x + 1} to the right and component ${y + 1} upwards. The table has the same.`
  return (
    <Card>
      <Figure
        title={`${counted(items.length, 'movie')} by components ${x + 1} and ${y + 1}`}
        note={`They hold ${percent(components[x]?.explained)} and ${percent(components[y]?.explained)} of what differs. Larger dots were rated more often.`}
        table={<MapTable items={items} x={x} y={y} />}
      >
        <div class="field map-search">
          <label for="map-title">Find on the map</label>
          <input
            id="map-title"
            type="search"
            autocomplete="off"
            value={words}
            onInput={({ currentTarget }) => onChange('title', currentTarget.value)}
          />
        </div>
        {text !== '' && (
          <ul class="map-found" aria-label="Found on the map">
            {found.length === 0 && <li class="fine">No movie of the map is called so.</li>}
            {found.slice(0, foundCount).map((movie) => (
              <li key={movie.movieId}>
                <button
                  type="button"
                  class="quiet"
                  aria-pressed={movie.movieId === chosen}
                  onClick={() => onChange('movie', movie.movieId)}
                >
                  {titleOf(movie)}
                </button>
              </li>
            ))}
          </ul>
        )}
        <ul class="genre-legend" aria-label="Genres">
          {coloured.map((name, i) => (
            <li key={name}>
              <button
                type="button"
                class={`genre-${i + 1}`}
                aria-pressed={genre === name}
                onClick={() => onChange('genre', genre === name ? null : name)}
              >
                {name}
              </button>
            </li>
          ))}
        </ul>
        <Pole movies={components[y]?.highest} side="above" />
        <MapCanvas
          dots={dots}
          describe={describe}
          centre={dots.find(({ isMarked }) => isMarked) ?? null}
          onPoint={setPointed}
          onChoose={(index) => onChange('movie', items[index]?.movieId ?? null)}
        />
        <Pole movies={components[y]?.lowest} side="below" />
        <div class="poles">
          <Pole movies={components[x]?.lowest} side="left" />
          <Pole movies={components[x]?.highest} side="right" />
        </div>
        <p class="map-shown">
          {shown ? (
            <>
              <MovieLink movie={shown} /> · {counted(shown.ratings, 'rating')} ·{' '}
              <Genres genres={shown.genres} />
            </>
          ) : (
            'Point at a movie, or choose one, to read what it is.'
          )}
        </p>
      </Figure>
    </Card>
  )
}

const arrows = { above: '↑', below: '↓', left: '←', right: '→' }
type PoleProps = {
  readonly movies: readonly { movieId: string; displayTitle: string | null }[] | undefined
  readonly side: keyof typeof arrows
}

/** The titles at one end of an axis. */
function Pole({ movies = [], side }: PoleProps) {
  const named = movies.slice(0, 3).map((movie) => titleOf({ ...movie }))
  return (
    <p class={`pole ${side}`}>
      <span aria-hidden="true">{arrows[side]} </span>
      <span class="unseen">At the end {side}: </span>
      {named.join(' · ')}
    </p>
  )
}

function MapTable({ items, x, y }: { items: readonly Mapped[]; x: number; y: number }) {
  const along = (axis: number) => ({
    title: `Component ${axis + 1}`,
    value: ({ coordinates }: Mapped) => coordinates[axis] ?? null,
    show: ({ coordinates }: Mapped) => fixed(coordinates[axis], 3),
    isNumber: true,
  })
  return (
    <Table
      caption="The movies of the map"
      columns={[
        {
          title: 'Movie',
          value: titleOf,
          show: (movie) => <MovieLink movie={movie} />,
          isHeader: true,
        },
        along(x),
        ...(x === y ? [] : [along(y)]),
        {
          title: 'Ratings',
          value: ({ ratings }) => ratings,
          show: ({ ratings }) => count(ratings),
          isNumber: true,
        },
        { title: 'Genres', value: ({ genres }) => genres.join(', ') },
      ]}
      rows={items}
      keyOf={({ movieId }) => movieId}
      isSortable
      isLow
    />
  )
}

function fits(movie: Mapped, text: string): boolean {
  return titleOf(movie).toLowerCase().includes(text)
}
