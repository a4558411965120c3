import { Link } from 'wouter-preact'
import { dataOf, type Schemas } from '../../../../clients/typescript/src/client.ts'
import { Figures } from '../../components/figures.tsx'
import { Card } from '../../components/page.tsx'
import { Answered, Empty } from '../../components/states.tsx'
import { api } from '../../state/session.ts'
import { useAnswer } from '../../state/use-answer.ts'
import { count, counted, time } from '../../text.ts'

/** What there is to learn from, and what the serving model does not know of it. */
export function DataCard() {
  const statistics = useAnswer(['statistics'], () => dataOf(api.GET('/v1/statistics')), {
    everyMs: 30_000,
  })
  return (
    <Card title="Data" actions={<Link href="/data">Import and take back</Link>}>
      <Answered answer={statistics} what="Counting">
        {(known) => <Counts known={known} />}
      </Answered>
    </Card>
  )
}

function Counts({ known }: { known: Schemas['Statistics'] }) {
  const { ratings, users, movies, catalogue, newest, sinceModel } = known
  if (ratings === 0 && catalogue === 0)
    return (
      <Empty title="Nothing has been imported yet">
        <Link href="/data">Drop a MovieLens zip</Link>, as it is downloaded.
      </Empty>
    )
  return (
    <>
      <Figures
        figures={[
          { name: 'Ratings', value: count(ratings), note: newest && `newest of ${time(newest)}` },
          { name: 'Users', value: count(users) },
          { name: 'Movies', value: count(movies), note: `${count(catalogue)} in the catalogue` },
        ]}
      />
      <p class="note">{sinceText(sinceModel)}</p>
    </>
  )
}

function sinceText(since: Schemas['Statistics']['sinceModel']): string {
  if (since === null) return 'No model is there yet that could know them.'
  const parts = [
    since.ratings > 0 && `${counted(since.ratings, 'line')} of ${counted(since.imports, 'import')}`,
    since.live > 0 && counted(since.live, 'live event'),
  ].filter((part) => part !== false)
  return parts.length === 0
    ? 'The serving model was trained on all of it.'
    : `Since the serving model was trained, ${parts.join(' and ')} came; the next training learns from them.`
}
