import { Page } from '../components/page.tsx'

export function CrosstabPage() {
  return (
    <Page title="Cross-table" lead="">
      {null}
    </Page>
  )
}
