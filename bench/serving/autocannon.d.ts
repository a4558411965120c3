/** What the bench uses of autocannon, which has no types of its own. */
declare module 'autocannon' {
  type Request = {
    method: 'GET' | 'POST' | 'PUT'
    path: string
    body?: string
    headers?: Record<string, string>
  }
  type Options = { url: string; connections: number; duration: number; requests: Request[] }
  type Result = {
    requests: { total: number }
    duration: number
    latency: { p50: number; p99: number }
    errors: number
    timeouts: number
    non2xx: number
  }
  function autocannon(options: Options): Promise<Result>
  export = autocannon
}
