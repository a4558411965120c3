import './crosstab/crosstab.css'
import { Link, useSearchParams } from 'wouter-preact'
import { dataOf } from '../../../clients/typescript/src/client.ts'
import { Card, Page } from '../components/page.tsx'
import { Answered, Empty } from '../components/states.tsx'
import { api } from '../state/session.ts'
import { useAnswer } from '../state/use-answer.ts'
import { useKept } from '../state/use-kept.ts'
import { counted } from '../text.ts'
import { HeatTable } from './crosstab/heat-table.tsx'

const sizes = [10, 15, 25, 50, 100]

/** What the most active users gave the most rated movies. */
export function CrosstabPage() {
  const [search, setSearch] = useSearchParams()
  const sizeOf = (name: 'users' | 'movies') =>
    Math.min(100, Math.max(1, Number.parseInt(search.get(name) ?? '', 10) || 15))
  const query = { users: sizeOf('users'), movies: sizeOf('movies') }
  const answer = useAnswer([query], (signal) =>
    dataOf(api.GET('/v1/ratings/crosstab', { params: { query }, signal })),
  )
  const kept = useKept(answer.data)
  const choice = (name: 'users' | 'movies', label: string) => (
    <div class="field">
      <label for={name}>{label}</label>
      <select
        id={name}
        value={String(query[name])}
        onChange={({ currentTarget }) =>
          setSearch(
            (last) => {
              last.set(name, currentTarget.value)
              return last
            },
            { replace: true },
          )
        }
      >
        {[...new Set([...sizes, query[name]])]
          .sort((a, b) => a - b)
          .map((size) => (
            <option key={size}>{size}</option>
          ))}
      </select>
    </div>
  )
  return (
    <Page
      title="Cross-table"
      lead="What the most active users gave the most rated movies: the blanks are what a model is to fill."
    >
      <div class="filters">
        {choice('users', 'Most active users')}
        {choice('movies', 'Most rated movies')}
      </div>
      <Answered answer={kept ? { ...answer, data: kept } : answer}>
        {(crosstab) =>
          crosstab.users.length === 0 ? (
            <Empty title="No ratings yet">
              <Link href="/data">Import some</Link>.
            </Empty>
          ) : (
            <Card
              title={`${counted(crosstab.users.length, 'user')}, ${counted(crosstab.movies.length, 'movie')}`}
              note={noteOf(crosstab.cells)}
            >
              <HeatTable crosstab={crosstab} />
            </Card>
          )
        }
      </Answered>
    </Page>
  )
}

function noteOf(cells: readonly (readonly (number | null)[])[]): string {
  const all = cells.flat()
  const rated = all.filter((rating) => rating !== null).length
  return `${rated} of these ${all.length} pairs are rated; the stronger the colour, the higher the rating.`
}
