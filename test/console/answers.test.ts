// Takes more than 15 s: a service with two models and half of the pages of its console, in a browser.
import { walkCrosstab } from './crosstab.ts'
import { walkMap } from './map.ts'
import { walkModels } from './models.ts'
import { walkMovies } from './movies.ts'
import { walkTryIt } from './try-it.ts'
import { walkConsole } from './walk-console.ts'

walkConsole({
  ...{ models: walkModels, movies: walkMovies, map: walkMap },
  ...{ 'cross-table': walkCrosstab, 'try it': walkTryIt },
})
