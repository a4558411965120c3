import { Link } from 'wouter-preact'
import { dataOf, type Schemas } from '../../../../clients/typescript/src/client.ts'
import { Badge, Figures } from '../../components/figures.tsx'
import { modelColumns } from '../../components/model-columns.tsx'
import { Card } from '../../components/page.tsx'
import { Answered, Empty } from '../../components/states.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { api } from '../../state/session.ts'
import { useAnswer } from '../../state/use-answer.ts'
import { ago, fixed, percent, time } from '../../text.ts'

type Models = Schemas['ModelList']
type Model = Models['items'][number]

/** The model that answers, beside what anybody could predict, and the last ones. */
export function ServingCard() {
  const models = useAnswer(['models'], () => dataOf(api.GET('/v1/models')), { everyMs: 10_000 })
  return (
    <Card title="What serves" isWide>
      <Answered answer={models}>{(list) => <Serving list={list} />}</Answered>
    </Card>
  )
}

function Serving({ list: { items, serving, history, refusal, held } }: { list: Models }) {
  const model = items.find(({ version }) => version === serving)
  if (!model)
    return (
      <Empty title="No model serves yet">
        <Link href="/data">Import ratings</Link>, then <Link href="/train">train</Link>; a first
        model serves by itself.
      </Empty>
    )
  const since = history.find(({ version }) => version === serving)
  const { metrics, baselines, rankingMetrics } = model
  return (
    <>
      <p>
        <Link href={`/models/${model.version}`}>{model.version}</Link>,{' '}
        <strong>{model.spec.algorithm}</strong>
        {since && `, ${since.how} ${ago(since.at)}${since.by ? ` by ${since.by}` : ''}`}
      </p>
      {refusal && <p class="notice">A newer one does not serve: {refusal.reason}</p>}
      {held && (
        <p class="notice">
          Held since {time(held.at)}
          {held.by && ` by ${held.by}`}: trainings change nothing until a model is promoted by hand.
        </p>
      )}
      <Figures
        figures={[
          {
            name: 'RMSE on ratings held out',
            value: fixed(metrics?.rmse),
            note: metrics
              ? `of ${metrics.rows.toLocaleString('en')} ratings`
              : 'nothing was held out',
          },
          {
            name: 'Movie and user means alone',
            value: fixed(baselines?.['bias-only'].rmse),
            note: gain(metrics?.rmse, baselines?.['bias-only'].rmse),
          },
          {
            name: 'One mean for all',
            value: fixed(baselines?.['global-mean'].rmse),
            note: gain(metrics?.rmse, baselines?.['global-mean'].rmse),
          },
          {
            name: 'NDCG@10 of its lists',
            value: fixed(rankingMetrics?.['ndcg@10']),
            note: rankingMetrics
              ? `a hit for ${percent(rankingMetrics['hit@10'])} of users`
              : 'no ranking',
          },
        ]}
      />
      <Table
        caption="The last models"
        isCaptionSeen
        columns={columns}
        rows={items.slice(0, 6)}
        keyOf={({ version }) => version}
      />
    </>
  )
}

const columns: Column<Model>[] = [
  {
    title: 'Model',
    value: ({ version }) => version,
    show: ({ version, serving }) => (
      <>
        <Link href={`/models/${version}`}>{version}</Link>{' '}
        {serving && <Badge tone="good">serves</Badge>}
      </>
    ),
    isHeader: true,
  },
  ...modelColumns,
]

/** "the model is 3.2 % better" */
function gain(own: number | undefined, other: number | undefined): string {
  if (own === undefined || other === undefined) return ''
  const share = (other - own) / other
  return `the model is ${percent(Math.abs(share), 1)} ${share >= 0 ? 'better' : 'worse'}`
}
