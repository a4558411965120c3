import { Link, useLocation } from 'wouter-preact'
import { dataOf } from '../../../../clients/typescript/src/client.ts'
import { api } from '../../state/session.ts'
import { useAnswer } from '../../state/use-answer.ts'

/** Whose list it is: somebody new, or a user of the data by the id. */
export function Who({ userId }: { userId: string | null }) {
  const [, navigate] = useLocation()
  const active = useAnswer([], (signal) =>
    dataOf(api.GET('/v1/ratings/crosstab', { params: { query: { users: 6, movies: 1 } }, signal })),
  )
  const choose = (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault()
    const id = String(new FormData(event.currentTarget).get('user')).trim()
    if (id !== '') navigate(pathOfUser(id))
  }
  return (
    <nav class="who" aria-label="Whose list">
      <Link href="/try" {...(userId === null && { 'aria-current': 'page' })}>
        Somebody new
      </Link>
      {active.data?.users.map((user) => (
        <Link
          key={user.userId}
          href={pathOfUser(user.userId)}
          {...(userId === user.userId && { 'aria-current': 'page' })}
        >
          User {user.userId}
        </Link>
      ))}
      <form onSubmit={choose}>
        <label for="user">User</label>
        <input id="user" name="user" key={userId} defaultValue={userId ?? ''} autocomplete="off" />
        <button type="submit" class="quiet">
          Show
        </button>
      </form>
    </nav>
  )
}

/** The page that shows the list of a user. */
export function pathOfUser(userId: string): string {
  return `/try?${new URLSearchParams({ user: userId })}`
}
