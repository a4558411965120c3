import { useLocation } from 'wouter-preact'
import { dataOf, type Schemas } from '../../../../clients/typescript/src/client.ts'
import { Figures } from '../../components/figures.tsx'
import { Meter } from '../../components/meter.tsx'
import { MovieLink } from '../../components/movie-link.tsx'
import { Card } from '../../components/page.tsx'
import { Answered, Empty } from '../../components/states.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { pathOfMovie, titleOf } from '../../state/movie-names.ts'
import { api } from '../../state/session.ts'
import { useAnswer } from '../../state/use-answer.ts'
import { fixed, significant } from '../../text.ts'

type Props = { readonly movieId: string; readonly userId: string | null }

/** What one user is predicted to give the movie, and which of their ratings make it so. */
export function UserCard({ movieId, userId }: Props) {
  const [, navigate] = useLocation()
  const choose = (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault()
    const user = String(new FormData(event.currentTarget).get('user')).trim()
    if (user !== '') navigate(`${pathOfMovie(movieId)}?${new URLSearchParams({ user })}`)
  }
  return (
    <Card
      title="For one user"
      note="The predicted rating, split over what the user rated: an exact sum."
      isWide
    >
      <form class="row" onSubmit={choose}>
        <label for="user">User</label>
        <input id="user" name="user" class="short" defaultValue={userId ?? ''} autocomplete="off" />
        <button type="submit" class="quiet">
          Predict
        </button>
      </form>
      {userId !== null && <Explained movieId={movieId} userId={userId} />}
    </Card>
  )
}

type Contribution = Schemas['Contribution']

function Explained({ movieId, userId }: { movieId: string; userId: string }) {
  const answer = useAnswer([movieId, userId], (signal) => {
    const params = { path: { movieId, userId }, query: { of: 'rating' as const, n: 12 } }
    return dataOf(api.GET('/v1/users/{userId}/explanations/{movieId}', { params, signal }))
  })
  return (
    <Answered answer={answer}>
      {({ rating, prior, items, others, remainder }) => (
        <>
          <Figures
            figures={[
              { name: 'Predicted rating', value: fixed(rating, 2) },
              { name: 'Of anybody', value: fixed(prior, 2), note: 'before what the user rated' },
              {
                name: 'By the ratings named',
                value: signed(items.reduce((sum, { stars = 0 }) => sum + stars, 0)),
              },
              { name: 'By the other ratings', value: signed(others) },
              { name: 'By the training beyond', value: signed(remainder) },
            ]}
          />
          {items.length === 0 ? (
            <Empty title="Nothing is known of this user">
              So it is what anybody would give it.
            </Empty>
          ) : (
            <Table
              caption="What the user rated that moves it most"
              isCaptionSeen
              columns={columnsOf(items)}
              rows={items}
              keyOf={(row) => row.movieId}
              isSortable
            />
          )}
        </>
      )}
    </Answered>
  )
}

function columnsOf(items: readonly Contribution[]): Column<Contribution>[] {
  const most = Math.max(...items.map(({ stars = 0 }) => Math.abs(stars)), 1e-9)
  return [
    {
      title: 'Movie',
      value: titleOf,
      show: (movie) => <MovieLink movie={movie} />,
      isHeader: true,
    },
    {
      title: 'Gave it',
      value: ({ rating }) => rating,
      show: ({ rating }) => significant(rating, 3),
      isNumber: true,
    },
    {
      title: 'Moves it by',
      value: ({ stars }) => stars ?? null,
      show: ({ stars = 0 }) => (
        <span class="measured">
          <Meter value={stars} from={-most} to={most} />
          {signed(stars, 3)}
        </span>
      ),
      isNumber: true,
    },
  ]
}

function signed(value: number, digits = 2): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`
}
