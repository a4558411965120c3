import type { ComponentType } from 'preact'
import type { IconName } from './components/icon.tsx'
import { CrosstabPage } from './pages/crosstab.tsx'
import { DataPage } from './pages/data.tsx'
import { JobsPage } from './pages/jobs.tsx'
import { MapPage } from './pages/map.tsx'
import { ModelPage } from './pages/model.tsx'
import { MoviesPage } from './pages/movies.tsx'
import { OverviewPage } from './pages/overview.tsx'
import { TrainPage } from './pages/train.tsx'
import { TryItPage } from './pages/try-it.tsx'

export type ConsoleRoute = {
  /** Below `/console`; what follows is the page's own, as `*` of its parameters. */
  readonly path: string
  readonly title: string
  readonly icon: IconName
  readonly page: ComponentType
}

/** The pages, in the order of the navigation. */
export const routes: readonly ConsoleRoute[] = [
  { path: '/', title: 'Overview', icon: 'overview', page: OverviewPage },
  { path: '/try', title: 'Try it', icon: 'try', page: TryItPage },
  { path: '/data', title: 'Data', icon: 'data', page: DataPage },
  { path: '/train', title: 'Train', icon: 'train', page: TrainPage },
  { path: '/jobs', title: 'Jobs', icon: 'jobs', page: JobsPage },
  { path: '/models', title: 'Models', icon: 'models', page: ModelPage },
  { path: '/movies', title: 'Movies', icon: 'movies', page: MoviesPage },
  { path: '/map', title: 'Map', icon: 'map', page: MapPage },
  { path: '/crosstab', title: 'Cross-table', icon: 'crosstab', page: CrosstabPage },
]
