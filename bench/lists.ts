import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { listsDocument, measureLists } from './accuracy/lists.ts'

// Writes docs/LISTS.md: npm run bench:lists, with DATA_SETS naming the folder of the data sets.
process.chdir(fileURLToPath(new URL('../', import.meta.url)))
const seeds = [42, 43, 44, 45, 46]
await writeFile('docs/LISTS.md', listsDocument(await measureLists(seeds), seeds))
