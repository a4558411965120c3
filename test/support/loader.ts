const { execArgv } = process
const at = execArgv.indexOf('--import')

/** What makes a Node process read TypeScript: the loader of this one. */
export const loaderArgs: readonly string[] = execArgv.slice(at, at + 2)
