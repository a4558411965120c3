import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

// Bundles the console: one page, one script, one style sheet and an icon. All but the page have a hash
// of their content in their names, so that browsers may keep them for good. And the report of
// `evaluate`, one file that holds all it needs, but what it is of. With both go the licences of the
// libraries in them.
const folder = new URL('./', import.meta.url)
const built = new URL('built/', folder)
await rm(built, { recursive: true, force: true })
const options = {
  absWorkingDir: fileURLToPath(folder),
  outdir: fileURLToPath(new URL('assets/', built)),
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['chrome120', 'firefox120', 'safari17'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  // The tsconfig beside it is for the type check.
  tsconfigRaw: {},
  metafile: true,
}
const notice = '/*! The libraries in it and their licences: /console/LICENSES.txt */'
const { metafile } = await build({
  ...options,
  entryPoints: ['main.tsx'],
  entryNames: '[name]-[hash]',
  banner: { js: notice, css: notice },
})
await writeFile(new URL('LICENSES.txt', built), await licensesOf(metafile))
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

const { outputFiles, metafile: metafileOfReport } = await build({
  ...options,
  entryPoints: ['report/report.tsx'],
  write: false,
})
const inlined = new Map()
for (const [name, type, opened] of [
  ['script', '.js', '<script type="module">'],
  ['style', '.css', '<style>'],
]) {
  const { text } = outputFiles.find(({ path }) => path.endsWith(type))
  // What would end the element must not stand in it.
  const kept = text.replaceAll(`</${name}`, `<\\/${name}`)
  inlined.set(`<!--${name}-->`, `${opened}${kept}</${name}>`)
  const hash = createHash('sha256').update(kept).digest('base64')
  inlined.set(`{${name}-hash}`, `'sha256-${hash}'`)
}
inlined.set('<!--licenses-->', `<!--\n${await licensesOf(metafileOfReport)}-->`)
const report = await readFile(new URL('report/report.html', folder), 'utf8')
await writeFile(
  new URL('report.html', built),
  report.replaceAll(/<!--\w+-->|\{[\w-]+\}/g, (found) => inlined.get(found) ?? found),
)
// Last: that it is there says that all is.
await writeFile(new URL('index.html', built), named)

/** The licences of all packages that a bundle has a file of, with their names and versions. */
async function licensesOf({ inputs }) {
  const folders = Object.keys(inputs).flatMap(
    (path) => path.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+\//)?.[0] ?? [],
  )
  const texts = [...new Set(folders)].sort().map(async (path) => {
    const from = new URL(path, folder)
    const { name, version, license } = JSON.parse(await readFile(new URL('package.json', from)))
    const file = (await readdir(from)).find((one) => /^licen[cs]e/i.test(one))
    const text = file ? await readFile(new URL(file, from), 'utf8') : ''
    return `${name} ${version}, ${license}\n\n${text.trim()}\n`
  })
  return (await Promise.all(texts)).join('\n---\n\n')
}
