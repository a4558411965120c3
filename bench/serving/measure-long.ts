import { loadUntil } from './load.ts'

export type LongQuestion = { readonly name: string; ask(turn: number): Promise<Response> }

/**
 * Latencies of short requests alone, and beside one client that asks a long question again and
 * again.
 */
export type BesideLong = {
  readonly longPerSecond: number
  readonly usual: { readonly p50: number; readonly p99: number }
  readonly beside: { readonly p50: number; readonly p99: number }
}

/** Long requests of a model with so many users and movies. */
export function longQuestions(base: string, users: number, movies: number): LongQuestion[] {
  const ratings = Array.from({ length: 2_000 }, (_, i) => {
    return { movieId: String(1 + ((31 * i) % movies)), rating: 1 + (i % 4) }
  })
  const post = (path: string, body: object) =>
    fetch(base + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  return [
    {
      name: `users like a user, among ${users.toLocaleString('en')}`,
      ask: (turn) => fetch(`${base}/v1/users/${1 + ((97 * turn) % users)}/similar`),
    },
    {
      name: 'a list folded in from 2,000 ratings',
      ask: () => post('/v1/recommendations', { ratings }),
    },
    {
      name: 'a list with reasons, folded in from 2,000 ratings',
      ask: () => post('/v1/recommendations', { ratings, explain: true }),
    },
  ]
}

/** Ten connections ask short questions for some seconds, alone and beside the long one. */
export async function measureBeside(
  base: string,
  paths: readonly string[],
  { ask }: LongQuestion,
  seconds: number,
): Promise<BesideLong> {
  const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 1_000 * seconds))
  const usual = await loadUntil(base, paths, pause())
  let isOver = false
  let asked = 0
  const asking = async () => {
    for (; !isOver; asked++) {
      const response = await ask(asked)
      if (!response.ok) throw new Error(`A long question was answered with ${response.status}.`)
      await response.arrayBuffer()
    }
  }
  const end = async () => {
    await pause()
    isOver = true
  }
  const [beside] = await Promise.all([loadUntil(base, paths, end()), asking()])
  return { longPerSecond: asked / seconds, usual, beside }
}
