/** The checkout's folder: the tests may run as they are compiled, from .built/. */
export const root = new URL(
  import.meta.url.endsWith('.ts') ? '../../' : '../../../',
  import.meta.url,
)
