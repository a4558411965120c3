// Takes more than 15 s: a service with two models and every page of its console, in a browser.
import { after, before, test } from 'node:test'
import { type ConsoleService, startConsole } from '../support/console.ts'
import { walkCrosstab } from './crosstab.ts'
import { walkData } from './data.ts'
import { walkJobs } from './jobs.ts'
import { walkMap } from './map.ts'
import { walkModels } from './models.ts'
import { walkMovies } from './movies.ts'
import { walkOverview } from './overview.ts'
import { walkTrain } from './train.ts'
import { walkTryIt } from './try-it.ts'

let service: ConsoleService | null
before(async () => {
  service = await startConsole()
})
after(() => service?.close())

const walks = {
  overview: walkOverview,
  data: walkData,
  train: walkTrain,
  jobs: walkJobs,
  models: walkModels,
  movies: walkMovies,
  map: walkMap,
  'cross-table': walkCrosstab,
  'try it': walkTryIt,
}
for (const [name, walk] of Object.entries(walks))
  test(`the console, ${name}`, async (t) => {
    if (service === null) return t.skip('there is no Chromium')
    await walk(t, service)
    service.checkQuiet()
  })
