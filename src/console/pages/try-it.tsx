import { Page } from '../components/page.tsx'

export function TryItPage() {
  return (
    <Page title="Try it" lead="">
      {null}
    </Page>
  )
}
