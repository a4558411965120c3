import { useSignal } from '@preact/signals'
import { dataOf, type Schemas } from '../../../../clients/typescript/src/client.ts'
import { ConfirmButton } from '../../components/confirm.tsx'
import { CopyCurl } from '../../components/copy.tsx'
import { Badge } from '../../components/figures.tsx'
import { Card } from '../../components/page.tsx'
import { Answered } from '../../components/states.tsx'
import { announce } from '../../state/live-region.ts'
import { api } from '../../state/session.ts'
import { useAnswer } from '../../state/use-answer.ts'
import { time } from '../../text.ts'

/** Erases a user, and follows the receipt until it is done. */
export function ForgetCard() {
  const userId = useSignal('')
  const receipt = useSignal<string | null>(null)
  const id = userId.value.trim()
  const path = { params: { path: { userId: id } } }
  return (
    <Card
      title="Forget a user"
      note="At once in answers; then a worker takes the user out of models, checkpoints, stored ratings and Redis."
    >
      <div class="row">
        <label class="field">
          User id
          <input
            value={userId.value}
            onInput={({ currentTarget }) => {
              userId.value = currentTarget.value
            }}
          />
        </label>
        {id !== '' && (
          <>
            <ConfirmButton
              label="Erase"
              title={`Erase user ${id}?`}
              confirm={`Erase user ${id}`}
              isDangerous
              action={async () => {
                const { id: made } = await dataOf(api.DELETE('/v1/users/{userId}', path))
                receipt.value = made
                announce(`User ${id} is erased from answers.`)
              }}
            >
              This cannot be undone. Whoever comes with this id later is somebody new.
            </ConfirmButton>
            <CopyCurl call={{ method: 'DELETE', path: `/v1/users/${encodeURIComponent(id)}` }} />
          </>
        )}
      </div>
      {receipt.value && <Receipt id={receipt.value} />}
    </Card>
  )
}

function Receipt({ id }: { id: string }) {
  const receipt = useAnswer(
    ['erasure', id],
    () => dataOf(api.GET('/v1/erasures/{id}', { params: { path: { id } } })),
    { everyMs: 2_000 },
  )
  return <Answered answer={receipt}>{(erasure) => <Steps erasure={erasure} />}</Answered>
}

function Steps({ erasure: { id, steps, finishedAt, note } }: { erasure: Schemas['Erasure'] }) {
  return (
    <>
      <p>
        Receipt <code>{id}</code>:{' '}
        {finishedAt ? `done at ${time(finishedAt)}.` : 'on its way, once a worker is there.'} {note}
      </p>
      <ul class="row">
        {steps.map(({ step, doneAt }) => (
          <li key={step}>
            <Badge tone={doneAt ? 'good' : 'neutral'}>
              {step}
              {doneAt ? ': done' : ': to come'}
            </Badge>
          </li>
        ))}
      </ul>
    </>
  )
}
