import { dataOf, type Schemas } from '../../../../clients/typescript/src/client.ts'
import { Badge } from '../../components/figures.tsx'
import { Card } from '../../components/page.tsx'
import { Answered, Empty } from '../../components/states.tsx'
import { api } from '../../state/session.ts'
import { useAnswer } from '../../state/use-answer.ts'

type Engines = Schemas['Engines']

/** Who trains, and on what. */
export function WorkersCard() {
  const engines = useAnswer(['engines'], () => dataOf(api.GET('/v1/engines')), { everyMs: 30_000 })
  return (
    <Card title="Workers" isWide>
      <Answered answer={engines} what="Asking which devices there are">
        {({ workers }) => <Workers workers={workers} />}
      </Answered>
    </Card>
  )
}

function Workers({ workers }: { workers: Engines['workers'] }) {
  if (workers === null)
    return <Empty title="Redis cannot be reached">Workers are told of through it.</Empty>
  if (workers.length === 0)
    return (
      <Empty title="No worker is there">
        Start one with <code>marquee work</code>; jobs wait for it.
      </Empty>
    )
  return (
    <ul class="tight">
      {workers.map(({ worker, kinds, concurrency, report }) => (
        <li key={worker} class="tight">
          <p>
            <strong>{report.host}</strong> <code class="note">{worker}</code>
          </p>
          <p class="note">
            Takes {kinds.join(', ')}
            {concurrency > 1 && `, ${concurrency} at once`}.
          </p>
          {report.engines
            .filter(({ isAvailable }) => isAvailable)
            .map(({ engine, backend, device, isSoftware }) => (
              <p key={`${engine} ${backend}`}>
                <Badge tone={isSoftware ? 'warn' : 'good'}>
                  {engine}/{backend}
                </Badge>{' '}
                {device}
              </p>
            ))}
          <Missing engines={report.engines} />
        </li>
      ))}
    </ul>
  )
}

function Missing({ engines }: { engines: Engines['server']['engines'] }) {
  const missing = engines.filter(({ isAvailable }) => !isAvailable)
  if (missing.length === 0) return null
  return (
    <details>
      <summary>{missing.length} that it could have</summary>
      <dl class="facts">
        {missing.map(({ engine, backend, reason }) => (
          <>
            <dt>
              {engine}/{backend}
            </dt>
            <dd>{reason}</dd>
          </>
        ))}
      </dl>
    </details>
  )
}
