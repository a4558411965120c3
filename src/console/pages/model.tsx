import { Page } from '../components/page.tsx'

export function ModelPage() {
  return (
    <Page title="Models" lead="">
      {null}
    </Page>
  )
}
