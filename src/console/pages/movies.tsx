import { Page } from '../components/page.tsx'

export function MoviesPage() {
  return (
    <Page title="Movies" lead="">
      {null}
    </Page>
  )
}
