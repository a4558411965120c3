import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transform } from 'esbuild'

// Compiles sources and tests to .built/, a tree like the checkout's in which .js stands for .ts, and
// all else is a link. Node loads it as it is: with tsx, each of the some three hundred processes of
// a run of all tests spends a second of CPU time on a compiler of its own.
const root = fileURLToPath(new URL('../../', import.meta.url))
const built = join(root, '.built')
const folders = ['src', 'clients/typescript/src', 'test', 'scripts', 'bench']
const hasOwn = ['.built', '.git', 'node_modules', 'dist', 'bin', 'clients', ...folders]

rmSync(built, { recursive: true, force: true })
const files = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name))),
)
const isSource = (path) => /(?<!\.d)\.ts$/.test(path) && !path.includes('/assembly/')
const sources = new Set(files.filter(isSource))
for (const folder of new Set(files.map(dirname)))
  mkdirSync(join(built, folder), { recursive: true })

/** Each text that names a source beside the file names what it is compiled to. */
const named = (code, path) =>
  code.replaceAll(/(["'`])([\w./-]+)\.ts\1/g, (text, quote, name) =>
    sources.has(`${normalize(join(dirname(path), name))}.ts`) ? `${quote}${name}.js${quote}` : text,
  )
await Promise.all(
  [...sources].map(async (path) => {
    const { code, map } = await transform(readFileSync(join(root, path), 'utf8'), {
      ...{ loader: 'ts', format: 'esm', target: 'node20.19' },
      ...{ sourcemap: 'external', sourcesContent: false, sourcefile: join(root, path) },
    })
    const out = join(built, path.replace(/ts$/, 'js'))
    const link = `//# sourceMappingURL=data:application/json;base64,${btoa(map)}\n`
    writeFileSync(out, named(code, path) + link)
  }),
)
const link = (path) =>
  symlinkSync(relative(dirname(join(built, path)), join(root, path)), join(built, path))
for (const path of files) if (!/\.tsx?$/.test(path)) link(path)
for (const name of readdirSync(root)) if (!hasOwn.includes(name)) link(name)
for (const name of readdirSync(join(root, 'clients'))) {
  if (name !== 'typescript') link(`clients/${name}`)
}
// The command runs what is in dist/.
mkdirSync(join(built, 'bin'))
writeFileSync(join(built, 'bin/marquee'), readFileSync(join(root, 'bin/marquee')), { mode: 0o755 })
symlinkSync('src', join(built, 'dist'))
