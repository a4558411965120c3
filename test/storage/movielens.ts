import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { root } from '../support/root.ts'

const folder = fileURLToPath(new URL('../shared/data/', root))

/** The path of a file of MovieLens, which is not part of the project. */
export function movielens(path: string): string {
  return folder + path
}

/** For `test` options: skips where the real data are not there. */
export const needsMovielens = {
  skip: existsSync(folder) ? false : `no MovieLens data in ${folder}`,
}
