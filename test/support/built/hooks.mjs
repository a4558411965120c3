import { readFile } from 'node:fs/promises'
import { builtFolder, folders, root } from './place.mjs'

const sources = folders.map((folder) => new URL(`${folder}/`, root).href)

/** Gives a TypeScript module of ours as it was built; its address stays that of the source. */
export async function load(url, context, next) {
  if (!url.endsWith('.ts') || !sources.some((folder) => url.startsWith(folder)))
    return next(url, context)
  const built = new URL(`${url.slice(root.href.length, -2)}js`, builtFolder)
  return { format: 'module', shortCircuit: true, source: await readFile(built) }
}
