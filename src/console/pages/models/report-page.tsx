import { Link } from 'wouter-preact'
import { dataOf, type Schemas } from '../../../../clients/typescript/src/client.ts'
import { Badge, Figures } from '../../components/figures.tsx'
import { Card, Page } from '../../components/page.tsx'
import { IntervalCharts } from '../../components/report/interval-charts.tsx'
import { ReportCharts, Tensors } from '../../components/report/report-charts.tsx'
import { Answered } from '../../components/states.tsx'
import { Table } from '../../components/table.tsx'
import { api } from '../../state/session.ts'
import { useAnswer } from '../../state/use-answer.ts'
import { loadModels, type Model, type Models } from '../../state/use-serving.ts'
import { count, duration, fixed, percent, time } from '../../text.ts'
import { PromoteButton } from './change-serving.tsx'
import { settingText } from './setting-text.ts'

type Read = { readonly model: Model; readonly models: Models }

/** What a training left: its figures, its pictures, its settings. */
export function ReportPage({ version }: { version: string }) {
  const path = { version }
  const card = useAnswer([version], async (signal): Promise<Read> => {
    const models = await loadModels(signal)
    const model = await dataOf(api.GET('/v1/models/{version}', { params: { path }, signal }))
    return { model, models }
  })
  const report = useAnswer([version], (signal) =>
    dataOf(api.GET('/v1/models/{version}/report', { params: { path }, signal })),
  )
  const { data } = card
  const other = data?.models.serving !== version ? data?.models.serving : data.models.rollbackTo
  return (
    <Page
      title={data ? `Model ${data.model.spec.algorithm}` : 'Model'}
      lead={
        <>
          <code>{version}</code> {data?.model.serving && <Badge tone="good">serves</Badge>}
        </>
      }
      actions={
        data && (
          <>
            {other && (
              <Link href={`/models/${other}/compare/${version}`}>
                Compare with the {data.model.serving ? 'one before' : 'one that serves'}
              </Link>
            )}
            <PromoteButton {...data} onChange={card.reload} />
          </>
        )
      }
    >
      <div class="stack">
        <Answered answer={card}>{({ model }) => <ModelCard model={model} />}</Answered>
        <Answered answer={report}>
          {(told) => (
            <div class="grid">
              <ReportCharts report={told} />
              {data?.model.intervals && <IntervalCharts intervals={data.model.intervals} />}
              <Tensors tensors={told.tensors} />
            </div>
          )}
        </Answered>
        {data && <Settings model={data.model} />}
      </div>
    </Page>
  )
}

function ModelCard({ model }: { model: Model }) {
  const { metrics, baselines, rankingMetrics, data, promotion, setbacks = [] } = model
  return (
    <Card>
      <Figures
        figures={[
          {
            name: 'RMSE',
            value: fixed(metrics?.rmse),
            note: baselines && `biases only ${fixed(baselines['bias-only'].rmse)}`,
          },
          {
            name: 'MAE',
            value: fixed(metrics?.mae),
            note: baselines && `mean of all ${fixed(baselines['global-mean'].mae)}`,
          },
          {
            name: 'NDCG@10',
            value: fixed(rankingMetrics?.['ndcg@10'], 3),
            note: rankingMetrics && `${count(rankingMetrics.users)} users`,
          },
          {
            name: 'Hit@10',
            value: percent(rankingMetrics?.['hit@10']),
            note: 'have one they like among ten',
          },
          { name: 'Ratings', value: count(data.ratings), note: `${count(data.users)} users` },
          { name: 'Movies', value: count(data.movies) },
        ]}
      />
      <dl class="facts">
        <dt>Trained</dt>
        <dd>
          {time(model.createdAt)}, in {duration(model.trainSeconds)} on {model.device}
        </dd>
        <dt>Measured</dt>
        <dd>
          {metrics
            ? `on ${count(data.validRows)} held-out ratings, fitted to ${count(data.trainRows)}`
            : 'not: nothing was held out'}
          {model.refit && `; then fitted once more to all, in ${duration(model.refit.seconds)}`}
        </dd>
        {promotion && (
          <>
            <dt>Promotion</dt>
            <dd>
              <Verdict promotion={promotion} />
            </dd>
          </>
        )}
        {setbacks.length > 0 && (
          <>
            <dt>Setbacks</dt>
            <dd>{setbacks.join(' ')}</dd>
          </>
        )}
      </dl>
    </Card>
  )
}

function Verdict({ promotion }: { promotion: Schemas['Promotion'] }) {
  const { promoted, reason } = promotion
  return (
    <>
      <Badge tone={promoted ? 'good' : 'warn'}>{promoted ? 'promoted' : 'not promoted'}</Badge>{' '}
      {reason}
    </>
  )
}

function Settings({ model: { spec, asked } }: { model: Model }) {
  const found = flat(spec)
  const wanted = new Map(flat(asked ?? spec))
  return (
    <Card title="Settings" note="As they were found, and as they were asked for.">
      <Table
        caption="Settings"
        columns={[
          {
            title: 'Setting',
            value: ([name]) => name,
            show: ([name]) => <code>{name}</code>,
            isHeader: true,
          },
          { title: 'Value', value: ([, value]) => settingText(value) },
          { title: 'Asked for', value: ([name]) => settingText(wanted.get(name)) },
        ]}
        rows={found}
        keyOf={([name]) => name}
        isSortable
        isLow
      />
    </Card>
  )
}

/** `ranking.factors` and the like, as comparisons name them. */
function flat(settings: object, before = ''): [string, unknown][] {
  return Object.entries(settings).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? flat(value, `${before}${name}.`)
      : [[before + name, value] as [string, unknown]],
  )
}
