import { appendFileSync } from 'node:fs'
import Module, { register } from 'node:module'

/**
 * Preloaded into a process (--import), it writes the address of every module that the process
 * loads, by import or by require, after its process id, into the file that RECORD_MODULES names.
 */
const file = process.env['RECORD_MODULES'] ?? ''

const hooks = `import { appendFileSync } from 'node:fs'
export function load(url, context, next) {
  appendFileSync(${JSON.stringify(file)}, process.pid + ' ' + url + '\\n')
  return next(url, context)
}`
register(`data:text/javascript,${encodeURIComponent(hooks)}`)

type Resolve = (request: string, ...rest: unknown[]) => string
const internals = Module as unknown as { _resolveFilename: Resolve }
const resolve = internals._resolveFilename
internals._resolveFilename = (...args) => {
  const path = Reflect.apply(resolve, Module, args)
  appendFileSync(file, `${process.pid} ${path}\n`)
  return path
}
