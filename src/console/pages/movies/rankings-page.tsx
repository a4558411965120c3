import { useSearchParams } from 'wouter-preact'
import { dataOf } from '../../../../clients/typescript/src/client.ts'
import { Page } from '../../components/page.tsx'
import { Tabs } from '../../components/tabs.tsx'
import { api } from '../../state/session.ts'
import { useAnswer } from '../../state/use-answer.ts'
import { RankingCard } from './ranking-card.tsx'
import { type Asked, type View, views } from './rankings.ts'

const fewest = [0, 5, 10, 20, 50, 100]

/** Movies by what the model and the ratings say of them, and the search. */
export function RankingsPage() {
  const [search, setSearch] = useSearchParams()
  const genres = useAnswer([], (signal) => dataOf(api.GET('/v1/genres', { signal })))
  const given = search.get('view')
  const view: View = given !== null && given in views ? (given as View) : 'bias'
  const asked: Asked = {
    title: search.get('title')?.trim() ?? '',
    view,
    order: 'top',
    genre: search.get('genre') ?? '',
    minRatings: Number.parseInt(search.get('minRatings') ?? '', 10) || 0,
  }
  const set = (name: string, value: string) =>
    setSearch(
      (last) => {
        if (value === '') last.delete(name)
        else last.set(name, value)
        return last
      },
      { replace: true },
    )
  return (
    <Page
      title="Movies"
      lead="What is left of a rating once the tastes of the users are taken out is the bias of a movie; beside it the plain mean and how many rated it."
    >
      <div class="filters">
        <div class="field">
          <label for="title">Search by title</label>
          <input
            id="title"
            type="search"
            autocomplete="off"
            value={search.get('title') ?? ''}
            onInput={({ currentTarget }) => set('title', currentTarget.value)}
          />
        </div>
        <div class="field">
          <label for="genre">Genre</label>
          <select
            id="genre"
            value={asked.genre}
            onChange={({ currentTarget }) => set('genre', currentTarget.value)}
          >
            <option value="">all</option>
            {genres.data?.items.map(({ genre }) => (
              <option key={genre}>{genre}</option>
            ))}
          </select>
        </div>
        {asked.title === '' && (
          <div class="field">
            <label for="fewest">Ratings, at least</label>
            <select
              id="fewest"
              value={String(asked.minRatings)}
              onChange={({ currentTarget: { value } }) =>
                set('minRatings', value === '0' ? '' : value)
              }
            >
              {[...new Set([...fewest, asked.minRatings])]
                .sort((a, b) => a - b)
                .map((number) => (
                  <option key={number}>{number}</option>
                ))}
            </select>
          </div>
        )}
      </div>
      {asked.title === '' && (
        <Tabs
          label="Rankings"
          tabs={Object.entries(views).map(([name, title]) => ({
            title,
            isHere: name === view,
            href: `/movies?${withView(search, name)}`,
          }))}
        />
      )}
      <div class="grid">
        {asked.title !== '' ? (
          <RankingCard title={`Movies called “${asked.title}”`} asked={asked} isWide />
        ) : view === 'bias' ? (
          <>
            <RankingCard title="Highest bias" asked={asked} />
            <RankingCard title="Lowest bias" asked={{ ...asked, order: 'bottom' }} />
          </>
        ) : (
          <RankingCard title={views[view]} asked={asked} isWide />
        )}
      </div>
    </Page>
  )
}

/** The filters as they are, with another ranking. */
function withView(search: URLSearchParams, view: string): string {
  const query = new URLSearchParams(search)
  query.set('view', view)
  return query.toString()
}
