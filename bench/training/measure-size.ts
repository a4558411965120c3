import { measureSize, sizeSpecs } from './training-size.ts'

/** A process of its own for each size, so that its peak of memory is the size's: CSV, FOLDER, TRAINING. */
const [csv, folder, what] = process.argv.slice(2) as [string, string, keyof typeof sizeSpecs]
process.stdout.write(`${JSON.stringify(await measureSize(csv, folder, sizeSpecs[what]))}\n`)
