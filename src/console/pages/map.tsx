import { Page } from '../components/page.tsx'

export function MapPage() {
  return (
    <Page title="Map" lead="">
      {null}
    </Page>
  )
}
