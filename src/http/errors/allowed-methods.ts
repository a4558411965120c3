import type { App } from '../app-type.ts'

/**
 * The methods of the routes, added after this, that lead to a path, sorted; none where nothing does.
 * The router tells apart methods first, so that it does not say which others a path has.
 */
export function collectMethods(app: App): (path: string) => string[] {
  const routes: { pattern: RegExp; methods: string[] }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    // Of the questions that browsers ask first, which are no method of the address.
    if (method === 'OPTIONS') return
    routes.push({ pattern: patternOf(url), methods: [method].flat() })
  })
  return (path) => {
    const found = routes.filter(({ pattern }) => pattern.test(path))
    return [...new Set(found.flatMap(({ methods }) => methods))].sort()
  }
}

/** Matches the paths of a route as the router does: ":name" is a segment, "*" any rest. */
function patternOf(url: string): RegExp {
  const source = url
    .replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/:\w+/g, '[^/]+')
    .replaceAll('*', '.*')
  return new RegExp(`^${source}$`)
}
