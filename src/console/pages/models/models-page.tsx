import { Link, useLocation } from 'wouter-preact'
import { Badge } from '../../components/figures.tsx'
import { modelColumns } from '../../components/model-columns.tsx'
import { Card, Page } from '../../components/page.tsx'
import { Answered, Empty } from '../../components/states.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { useAnswer } from '../../state/use-answer.ts'
import { loadModels, type Model, type Models } from '../../state/use-serving.ts'
import { bytes, count, time } from '../../text.ts'
import { PromoteButton, RollBackButton } from './change-serving.tsx'

/** All models that are kept, what has served, and the way to another. */
export function ModelsPage() {
  const answer = useAnswer([], (signal) => loadModels(signal), { everyMs: 10_000 })
  return (
    <Page
      title="Models"
      lead="Each training leaves a model. One serves; any other can take its place, at once and without a restart."
      actions={answer.data && <RollBackButton models={answer.data} onChange={answer.reload} />}
    >
      <Answered answer={answer}>
        {(models) =>
          models.items.length === 0 ? (
            <Empty title="No model yet">
              <Link href="/train">Train one</Link>; it takes a minute or two on the sample.
            </Empty>
          ) : (
            <div class="stack">
              {models.refusal && (
                <p class="failure" role="alert">
                  A newer model does not serve: {models.refusal.reason}
                </p>
              )}
              {models.held && (
                <p class="fine">
                  <Badge tone="warn">held</Badge> Somebody returned to this model by hand at{' '}
                  {time(models.held.at)}: trainings change nothing until one is promoted.
                </p>
              )}
              <Card
                title="All models"
                note="Figures on ratings that were held out of the training."
              >
                <Table
                  caption="All models"
                  columns={columnsOf(models, answer.reload)}
                  rows={models.items}
                  keyOf={({ version }) => version}
                  isSortable
                />
              </Card>
              {models.items.length > 1 && <Compare items={models.items} />}
              <History models={models} />
            </div>
          )
        }
      </Answered>
    </Page>
  )
}

function columnsOf(models: Models, onChange: () => void): Column<Model>[] {
  return [
    {
      title: 'Version',
      value: ({ version }) => version,
      show: ({ version, serving }) => (
        <>
          <Link href={`/models/${version}`}>
            <code>{version}</code>
          </Link>{' '}
          {serving && <Badge tone="good">serves</Badge>}
        </>
      ),
      isHeader: true,
    },
    ...modelColumns,
    {
      title: 'Ratings',
      value: ({ data }) => data.ratings,
      show: ({ data }) => count(data.ratings),
      isNumber: true,
    },
    {
      title: 'Size',
      value: ({ tensors }) => tensors.sizeBytes,
      show: ({ tensors }) => bytes(tensors.sizeBytes),
      isNumber: true,
    },
    {
      title: 'Serve it',
      value: ({ serving }) => (serving ? 1 : 0),
      show: (model) => <PromoteButton model={model} models={models} onChange={onChange} />,
    },
  ]
}

function Compare({ items }: { items: readonly Model[] }) {
  const [, navigate] = useLocation()
  const serving = items.findIndex((model) => model.serving)
  const first = Math.max(serving, 0)
  const submit = (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    navigate(`/models/${form.get('a')}/compare/${form.get('b')}`)
  }
  const choice = (name: 'a' | 'b', label: string, chosen: number) => (
    <div class="field">
      <label for={name}>{label}</label>
      <select id={name} name={name}>
        {items.map(({ version, spec }, i) => (
          <option key={version} value={version} selected={i === chosen}>
            {spec.algorithm} {version}
          </option>
        ))}
      </select>
    </div>
  )
  return (
    <Card title="Compare two models">
      <form class="fields compare" onSubmit={submit}>
        {choice('a', 'Model a', first === 0 ? 1 : 0)}
        {choice('b', 'Model b', first)}
        <button type="submit" class="quiet">
          Compare
        </button>
      </form>
    </Card>
  )
}

const how = { trained: 'after its training', promoted: 'promoted', 'rolled-back': 'rolled back to' }

function History({ models: { history } }: { models: Models }) {
  if (history.length === 0) return null
  return (
    <Card title="What has served">
      <Table
        caption="What has served"
        columns={[
          {
            title: 'Version',
            value: ({ version }) => version,
            show: ({ version }) => <code>{version}</code>,
            isHeader: true,
          },
          { title: 'Since', value: ({ at }) => at, show: ({ at }) => time(at) },
          { title: 'How', value: (change) => how[change.how] },
          { title: 'By', value: ({ by }) => by ?? 'no key needed' },
        ]}
        rows={history}
        isLow
      />
    </Card>
  )
}
