const { execArgv } = process
const at = execArgv.indexOf('--import')

/** What makes a Node process read TypeScript: the loader of this one; nothing where it has none. */
export const loaderArgs: readonly string[] = at < 0 ? [] : execArgv.slice(at, at + 2)
