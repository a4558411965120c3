import type { Schemas } from '../../../../clients/typescript/src/client.ts'
import { Badge } from '../../components/figures.tsx'
import { useAnswer } from '../../state/use-answer.ts'

const tones = { ok: 'good', degraded: 'warn', unavailable: 'bad' } as const

/** Asked for without the client: what is not ready says so with 503 and is an answer all the same. */
async function readiness(): Promise<Schemas['Readiness']> {
  const response = await fetch('/health/ready')
  return response.json() as Promise<Schemas['Readiness']>
}

/** How the service is, in a sentence. */
export function Health() {
  const { data, error } = useAnswer(['health'], readiness, { everyMs: 5_000 })
  if (error !== undefined)
    return (
      <span class="health">
        <Badge tone="bad">away</Badge> The service cannot be reached.
      </span>
    )
  if (!data) return <span class="health">Asking how it is …</span>
  const { status, reasons, catalogue } = data
  return (
    <span class="health">
      <Badge tone={tones[status]}>{status === 'ok' ? 'healthy' : status}</Badge>{' '}
      {reasons.length === 0
        ? `A model answers about ${catalogue.toLocaleString('en')} movies; Redis and the store take what comes.`
        : reasons.join(' ')}
    </span>
  )
}
