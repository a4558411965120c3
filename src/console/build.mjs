import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

// Bundles the console: one page, one script, one style sheet and an icon. All but the page have a hash
// of their content in their names, so that browsers may keep them for good.
const folder = new URL('./', import.meta.url)
const built = new URL('built/', folder)
await rm(built, { recursive: true, force: true })
const { metafile } = await build({
  absWorkingDir: fileURLToPath(folder),
  entryPoints: ['main.tsx'],
  outdir: fileURLToPath(new URL('assets/', built)),
  entryNames: '[name]-[hash]',
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['chrome120', 'firefox120', 'safari17'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  // The tsconfig beside it is for the type check.
  tsconfigRaw: {},
  metafile: true,
})
const icon = await readFile(new URL('icon.svg', folder))
const hash = createHash('sha256').update(icon).digest('hex').slice(0, 8)
await mkdir(new URL('assets/', built), { recursive: true })
await writeFile(new URL(`assets/icon-${hash}.svg`, built), icon)

const names = [...Object.keys(metafile.outputs).map((path) => basename(path)), `icon-${hash}.svg`]
const page = await readFile(new URL('index.html', folder), 'utf8')
const named = page.replaceAll(/assets\/(\w+)\.(\w+)/g, (_, name, type) => {
  const found = names.find((file) => file.startsWith(`${name}-`) && file.endsWith(`.${type}`))
  if (found === undefined) throw new Error(`index.html names ${name}.${type}, which was not built`)
  return `assets/${found}`
})
await writeFile(new URL('index.html', built), named)
