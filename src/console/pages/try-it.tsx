import './try-it/try-it.css'
import { Link, useSearchParams } from 'wouter-preact'
import { Page } from '../components/page.tsx'
import { Answered, Empty } from '../components/states.tsx'
import { useServing } from '../state/use-serving.ts'
import { KnownUser } from './try-it/known-user.tsx'
import { Stranger } from './try-it/stranger.tsx'
import { Who } from './try-it/who.tsx'

/** Rate, and see the list change: as somebody new, or for a user of the data. */
export function TryItPage() {
  const [search] = useSearchParams()
  const userId = search.get('user')
  const serving = useServing()
  return (
    <Page
      title="Try it"
      lead="Rate a few movies and the list changes as you do, with why each movie is there and how sure its prediction is."
    >
      <Answered answer={serving}>
        {(model) =>
          model === null ? (
            <Empty title="No model serves yet">
              <Link href="/data">Import ratings</Link>, then{' '}
              <Link href="/train">train a model</Link>.
            </Empty>
          ) : (
            <>
              <Who userId={userId} />
              {userId === null ? (
                <Stranger model={model} />
              ) : (
                <KnownUser userId={userId} model={model} key={userId} />
              )}
            </>
          )
        }
      </Answered>
    </Page>
  )
}
