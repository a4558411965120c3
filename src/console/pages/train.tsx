import { useParams } from 'wouter-preact'
import { Page } from '../components/page.tsx'
import { Answered } from '../components/states.tsx'
import { openApi } from '../state/openapi.ts'
import { useAnswer } from '../state/use-answer.ts'
import { JobView } from './job/job-view.tsx'
import { TrainForm } from './train/train-form.tsx'

/** A form that starts a training, or, with the id of a job in the address, the job as it runs. */
export function TrainPage() {
  const id = useParams()['*']
  const document = useAnswer(['openapi'], openApi)
  if (id) return <JobView id={id} />
  return (
    <Page
      title="Train"
      lead="A worker takes it up; what serves is not held up by it, and is replaced only by what is not worse."
    >
      <Answered answer={document}>{(known) => <TrainForm document={known} />}</Answered>
    </Page>
  )
}
