import { measureSize } from './training-size.ts'

/** A process of its own for each size, so that its peak of memory is the size's: CSV, FOLDER. */
const [csv, folder] = process.argv.slice(2) as [string, string]
process.stdout.write(`${JSON.stringify(await measureSize(csv, folder))}\n`)
