import { useState } from 'preact/hooks'
import { dataOf, ProblemError, type Schemas } from '../../../../clients/typescript/src/client.ts'
import { CopyCurl } from '../../components/copy.tsx'
import { fieldsOf } from '../../components/form/fields.ts'
import { SchemaForm, type Values } from '../../components/form/schema-form.tsx'
import { Answered, Failure } from '../../components/states.tsx'
import { openApi } from '../../state/openapi.ts'
import { api } from '../../state/session.ts'
import { useAnswer } from '../../state/use-answer.ts'

const first: Values = { cron: '0 3 * * *' }

/** Asks for a schedule, by the API's own schema; its training as the body of one. */
export function ScheduleForm({ onDone }: { onDone: () => void }) {
  const document = useAnswer(['openapi'], openApi)
  const [name, setName] = useState('nightly')
  const [training, setTraining] = useState('{"algorithm": "bayes"}')
  const [values, setValues] = useState(first)
  const [error, setError] = useState<unknown>()
  const put = async (event: Event) => {
    event.preventDefault()
    try {
      const body = {
        ...values,
        training: JSON.parse(training),
      } as Schemas['TrainingScheduleRequest']
      await dataOf(api.PUT('/v1/schedules/{name}', { params: { path: { name } }, body }))
      onDone()
    } catch (thrown) {
      setError(thrown instanceof SyntaxError ? new Error('The training is no JSON.') : thrown)
    }
  }
  const wrong = error instanceof ProblemError ? (error.problem?.errors ?? []) : []
  return (
    <form class="stack" onSubmit={(event) => void put(event)}>
      <div class="fields">
        <label class="field">
          Name
          <input
            value={name}
            required
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
        </label>
        <label class="field">
          Training, as a request of the API
          <input
            value={training}
            spellcheck={false}
            required
            onChange={({ currentTarget }) => setTraining(currentTarget.value)}
          />
        </label>
      </div>
      <Answered answer={document}>
        {(known) => (
          <SchemaForm
            fields={fieldsOf(
              known,
              known.components.schemas['TrainingScheduleRequest'] ?? {},
            ).filter((field) => field.name !== 'training')}
            values={values}
            onChange={setValues}
            wrong={Object.fromEntries(wrong.map(({ pointer, detail }) => [pointer, detail]))}
          />
        )}
      </Answered>
      {error !== undefined && <Failure error={error} />}
      <div class="row">
        <button type="submit" class="primary">
          Save the schedule
        </button>
        <CopyCurl
          call={{
            method: 'PUT',
            path: `/v1/schedules/${name}`,
            body: { ...values, training: parsed(training) },
          }}
        />
      </div>
    </form>
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
