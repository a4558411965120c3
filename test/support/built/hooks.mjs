import { readFile } from 'node:fs/promises'
import { builtFolder, root } from './place.mjs'

const sources = [new URL('src/', root).href, new URL('test/', root).href]

/** Gives a TypeScript module of ours as it was built; its address stays that of the source. */
export async function load(url, context, next) {
  if (!url.endsWith('.ts') || !sources.some((folder) => url.startsWith(folder)))
    return next(url, context)
  const built = new URL(`${url.slice(root.href.length, -2)}js`, builtFolder)
  return { format: 'module', shortCircuit: true, source: await readFile(built) }
}
