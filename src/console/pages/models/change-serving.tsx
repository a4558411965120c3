import { dataOf } from '../../../../clients/typescript/src/client.ts'
import { ConfirmButton } from '../../components/confirm.tsx'
import { announce } from '../../state/live-region.ts'
import { api } from '../../state/session.ts'
import type { Model, Models } from '../../state/use-serving.ts'
import { fixed, time } from '../../text.ts'

type Props = { readonly models: Models; readonly onChange: () => void }

/** Makes a model the one that serves; nothing for the one that does. */
export function PromoteButton({ model, models, onChange }: Props & { model: Model }) {
  if (model.version === models.serving) return null
  const now = models.items.find(({ version }) => version === models.serving)
  const promote = async () => {
    const path = { version: model.version }
    await dataOf(api.POST('/v1/models/{version}/promote', { params: { path } }))
    announce(`Model ${model.version} serves.`)
    onChange()
  }
  return (
    <ConfirmButton
      label={
        <>
          Promote<span class="unseen"> {model.version}</span>
        </>
      }
      title="Let this model serve?"
      confirm="Promote"
      action={promote}
    >
      <Swap from={now} to={model} />
    </ConfirmButton>
  )
}

/** Returns to the model that served before; nothing where there is none. */
export function RollBackButton({ models, onChange }: Props) {
  const find = (wanted: string | null) => models.items.find(({ version }) => version === wanted)
  const target = find(models.rollbackTo)
  if (!target) return null
  const rollBack = async () => {
    const { model } = await dataOf(api.POST('/v1/models/rollback'))
    announce(`Model ${model} serves again.`)
    onChange()
  }
  return (
    <ConfirmButton
      label="Roll back"
      title="Return to the model that served before?"
      confirm="Roll back"
      action={rollBack}
      isDangerous
    >
      <Swap from={find(models.serving)} to={target} />
      <p class="fine">No training changes what serves from then on, until somebody promotes one.</p>
    </ConfirmButton>
  )
}

function Swap({ from, to }: { from: Model | undefined; to: Model }) {
  return (
    <dl class="facts">
      <dt>From then on</dt>
      <dd>
        <Named model={to} />
      </dd>
      <dt>In place of</dt>
      <dd>{from ? <Named model={from} /> : 'nothing'}</dd>
    </dl>
  )
}

function Named({ model: { version, spec, createdAt, metrics } }: { model: Model }) {
  return (
    <>
      <code>{version}</code>
      <br />
      <span class="fine">
        {spec.algorithm}, of {time(createdAt)}
        {metrics && `, RMSE ${fixed(metrics.rmse)}`}
      </span>
    </>
  )
}
