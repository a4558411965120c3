import './map/map.css'
import { useSearchParams } from 'wouter-preact'
import { dataOf } from '../../../clients/typescript/src/client.ts'
import { Page } from '../components/page.tsx'
import { Answered } from '../components/states.tsx'
import { api } from '../state/session.ts'
import { useAnswer } from '../state/use-answer.ts'
import { useKept } from '../state/use-kept.ts'
import { MapCard } from './map/map-card.tsx'
import { PolesCard } from './map/poles-card.tsx'

const componentCount = 6
const sizes = [300, 1_000, 3_000, 10_000]

/** The movies by what the model learnt of them, as a map. */
export function MapPage() {
  const [search, setSearch] = useSearchParams()
  const numberOf = (name: string, unless: number) =>
    Number.parseInt(search.get(name) ?? '', 10) || unless
  const mostRated = numberOf('movies', 1_000)
  const map = useAnswer([mostRated], (signal) => {
    const query = { components: componentCount, mostRated }
    return dataOf(api.GET('/v1/movie-map', { params: { query }, signal }))
  })
  const kept = useKept(map.data)
  const set = (name: string, value: string | null) =>
    setSearch(
      (last) => {
        if (value === null || value === '') last.delete(name)
        else last.set(name, value)
        return last
      },
      { replace: true },
    )
  const axis = (name: 'x' | 'y', label: string, unless: number) => (
    <div class="field">
      <label for={name}>{label}</label>
      <select
        id={name}
        value={String(numberOf(name, unless))}
        onChange={({ currentTarget }) => set(name, currentTarget.value)}
      >
        {(kept?.components ?? []).map((_, i) => (
          <option key={String(i)} value={String(i + 1)}>
            component {i + 1}
          </option>
        ))}
      </select>
    </div>
  )
  return (
    <Page
      title="Map"
      lead="Movies that the model takes for alike lie close together; the axes are the directions in which what it learnt differs most."
    >
      <div class="filters">
        {axis('x', 'To the right', 1)}
        {axis('y', 'Upwards', 2)}
        <div class="field">
          <label for="movies">Movies, the most rated</label>
          <select
            id="movies"
            value={String(mostRated)}
            onChange={({ currentTarget }) => set('movies', currentTarget.value)}
          >
            {[...new Set([...sizes, mostRated])]
              .sort((a, b) => a - b)
              .map((size) => (
                <option key={size} value={String(size)}>
                  {size.toLocaleString('en')}
                </option>
              ))}
          </select>
        </div>
      </div>
      <Answered answer={kept ? { ...map, data: kept } : map} what="Drawing the map">
        {(drawn) => (
          <div class="stack">
            <MapCard
              map={drawn}
              x={Math.min(numberOf('x', 1), drawn.components.length) - 1}
              y={Math.min(numberOf('y', 2), drawn.components.length) - 1}
              chosen={search.get('movie')}
              genre={search.get('genre')}
              words={search.get('title') ?? ''}
              onChange={set}
            />
            <PolesCard components={drawn.components} />
          </div>
        )}
      </Answered>
    </Page>
  )
}
