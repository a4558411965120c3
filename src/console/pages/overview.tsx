import { Link } from 'wouter-preact'
import { Page } from '../components/page.tsx'
import { DataCard } from './overview/data-card.tsx'
import { Health } from './overview/health.tsx'
import { QueueCard } from './overview/queue-card.tsx'
import { ServingCard } from './overview/serving-card.tsx'
import { WorkersCard } from './overview/workers-card.tsx'

/** What serves, how good it is, what has come since, and who works. */
export function OverviewPage() {
  return (
    <Page
      title="Overview"
      lead={<Health />}
      actions={
        <Link class="primary button" href="/train">
          Train a model
        </Link>
      }
    >
      <div class="grid">
        <ServingCard />
        <DataCard />
        <QueueCard />
        <WorkersCard />
      </div>
    </Page>
  )
}
