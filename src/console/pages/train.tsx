import { Page } from '../components/page.tsx'

export function TrainPage() {
  return (
    <Page title="Train" lead="">
      {null}
    </Page>
  )
}
