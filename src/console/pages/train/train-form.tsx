import { useState } from 'preact/hooks'
import { useLocation, useSearchParams } from 'wouter-preact'
import { dataOf, ProblemError, type Schemas } from '../../../../clients/typescript/src/client.ts'
import { CopyCurl } from '../../components/copy.tsx'
import { SchemaForm } from '../../components/form/schema-form.tsx'
import { Card } from '../../components/page.tsx'
import { Failure } from '../../components/states.tsx'
import type { OpenApiDocument } from '../../state/openapi.ts'
import { api } from '../../state/session.ts'
import { Estimate } from './estimate.tsx'
import {
  type Algorithm,
  type Asked,
  algorithms,
  algorithmsOf,
  askedOf,
  jobFields,
  type Kind,
  kinds,
  requestOf,
} from './job-schemas.ts'

/** A job as it can be asked for; the address has what was filled in. */
export function TrainForm({ document }: { document: OpenApiDocument }) {
  const [search, setSearch] = useSearchParams()
  const asked = askedOf(parsed(search.get('job')))
  const [, navigate] = useLocation()
  const [error, setError] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const change = (changed: Partial<Asked>) => {
    setError(undefined)
    const body = requestOf({ ...asked, ...changed })
    setSearch({ job: JSON.stringify(body) }, { replace: true })
  }
  const start = async (event: Event) => {
    event.preventDefault()
    setBusy(true)
    try {
      const body = requestOf(asked) as Schemas['JobRequest']
      const { id } = await dataOf(api.POST('/v1/training-jobs', { body }))
      navigate(`/train/${id}`)
    } catch (thrown) {
      setError(thrown)
    }
    setBusy(false)
  }
  const { kind, algorithm, values } = asked
  const { basic, further } = jobFields(document, kind, algorithm)
  const form = {
    values,
    onChange: (changed: Asked['values']) => change({ values: changed }),
    wrong: wrongOf(error),
    pointer: kind === 'find-rate' ? '/training' : '',
  }
  return (
    <form class="stack" onSubmit={(event) => void start(event)} noValidate>
      <Card>
        <Choices
          legend="What to do"
          name="kind"
          options={kinds}
          chosen={kind}
          onChoose={(chosen: Kind) => {
            const first = algorithmsOf(chosen).includes(algorithm) ? algorithm : 'dot-bias'
            change({
              kind: chosen,
              algorithm: first,
              values: chosen === 'tune' ? { trials: 12 } : {},
            })
          }}
        />
        <Choices
          legend="Algorithm"
          name="algorithm"
          options={Object.fromEntries(algorithmsOf(kind).map((name) => [name, algorithms[name]]))}
          chosen={algorithm}
          onChoose={(chosen: Algorithm) =>
            change({ algorithm: chosen, values: kind === 'tune' ? { trials: 12 } : {} })
          }
        />
      </Card>
      <Card title="Settings" note="What is left empty has its default, which is shown.">
        <SchemaForm {...form} fields={basic} />
        <details open={further.some(({ name }) => name in values)}>
          <summary>{further.length} further settings</summary>
          <SchemaForm {...form} fields={further} />
        </details>
      </Card>
      <Card>
        {error !== undefined && <Failure error={error} />}
        <div class="row">
          <button type="submit" class="primary" disabled={isBusy}>
            Start
          </button>
          <CopyCurl call={{ method: 'POST', path: '/v1/training-jobs', body: requestOf(asked) }} />
        </div>
        <Estimate kind={kind} algorithm={algorithm} />
      </Card>
    </form>
  )
}

type ChoicesProps<Name extends string> = {
  readonly legend: string
  readonly name: string
  readonly options: Readonly<Record<string, { title: string; note: string }>>
  readonly chosen: Name
  readonly onChoose: (name: Name) => void
}

function Choices<Name extends string>(props: ChoicesProps<Name>) {
  const { legend, name, options, chosen, onChoose } = props
  return (
    <fieldset>
      <legend>{legend}</legend>
      <div class="choices">
        {Object.entries(options).map(([value, { title, note }]) => (
          <label key={value}>
            <input
              type="radio"
              name={name}
              value={value}
              checked={value === chosen}
              onChange={() => onChoose(value as Name)}
            />
            {title}
            <small>{note}</small>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

/** The sentences of a problem document by what they are about. */
function wrongOf(error: unknown): Record<string, string> {
  const errors = error instanceof ProblemError ? (error.problem?.errors ?? []) : []
  return Object.fromEntries(errors.map(({ pointer, detail }) => [pointer, detail]))
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '{}')
  } catch {
    return {}
  }
}
