import { Link } from 'wouter-preact'
import { dataOf, ProblemError } from '../../../../clients/typescript/src/client.ts'
import { Card } from '../../components/page.tsx'
import { Answered, Empty } from '../../components/states.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { api } from '../../state/session.ts'
import { useAnswer } from '../../state/use-answer.ts'
import { fixed } from '../../text.ts'

const shownCount = 12

type Fan = { readonly userId: string; readonly rating: number; readonly likely: string }

const columns: Column<Fan>[] = [
  {
    title: 'User',
    value: ({ userId }) => userId,
    show: ({ userId }) => (
      <Link href={`/try?${new URLSearchParams({ user: userId })}`}>{userId}</Link>
    ),
    isHeader: true,
  },
  {
    title: 'Predicted',
    value: ({ rating }) => rating,
    show: ({ rating }) => fixed(rating, 2),
    isNumber: true,
  },
  { title: '8 of 10 lie in', value: ({ likely }) => likely, isNumber: true },
]

/** Of the most active users, those who are predicted to rate the movie highest. */
export function FansCard({ movieId }: { movieId: string }) {
  const answer = useAnswer([movieId], (signal) => loadFans(movieId, signal))
  return (
    <Card
      title="Who likes it"
      note="Of the 100 most active users, those whose predicted ratings are highest, or what they gave it where they did."
    >
      <Answered answer={answer}>
        {(fans) =>
          fans.length === 0 ? (
            <Empty title="Nobody yet" />
          ) : (
            <Table
              caption="Who likes it"
              columns={columns}
              rows={fans}
              keyOf={({ userId }) => userId}
              isSortable
            />
          )
        }
      </Answered>
    </Card>
  )
}

async function loadFans(movieId: string, signal: AbortSignal): Promise<Fan[]> {
  const query = { users: 100, movies: 1 }
  const { users } = await dataOf(api.GET('/v1/ratings/crosstab', { params: { query }, signal }))
  const pairs = users.map(({ userId }) => ({ userId, movieId }))
  if (pairs.length === 0) return []
  const ask = (more: { interval?: number }) =>
    dataOf(api.POST('/v1/predictions', { body: { pairs, ...more }, signal }))
  const answered = await ask({ interval: 0.8 }).catch((error: unknown) => {
    if (error instanceof ProblemError && error.problem?.code === 'no-intervals') return ask({})
    throw error
  })
  const items = 'items' in answered ? answered.items : []
  return items
    .flatMap(({ userId, rating, interval }) =>
      userId === undefined || rating === undefined
        ? []
        : [
            {
              userId,
              rating,
              likely: interval ? `${fixed(interval.lowest, 1)}–${fixed(interval.highest, 1)}` : '–',
            },
          ],
    )
    .sort((a, b) => b.rating - a.rating)
    .slice(0, shownCount)
}
