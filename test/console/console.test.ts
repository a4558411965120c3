// Takes more than 15 s: a service with two models and half of the pages of its console, in a browser.
import { walkData } from './data.ts'
import { walkJobs } from './jobs.ts'
import { walkOverview } from './overview.ts'
import { walkTrain } from './train.ts'
import { walkConsole } from './walk-console.ts'

walkConsole({ overview: walkOverview, data: walkData, train: walkTrain, jobs: walkJobs })
