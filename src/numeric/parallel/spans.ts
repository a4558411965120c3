import { extname } from 'node:path'
import { Worker, workerData } from 'node:worker_threads'
import { watch } from './watch.ts'

/** Work on the items 0 … size − 1, in spans of some of them, in any order. */
export type SpanWork = {
  /** The program of each thread, which calls `forEachSpan`. */
  readonly program: URL
  /** What the program works on; arrays in shared memory are not copied. */
  readonly data: unknown
  readonly size: number
  /** Items of a span. */
  readonly span: number
}

type Assignment = {
  readonly data: unknown
  readonly thread: number
  readonly size: number
  readonly span: number
  /** [0] the next item that is free, [1] items done */
  readonly control: Int32Array
}

/** The program beside a module: as TypeScript from the sources, as JavaScript when built. */
export function programBeside(module: string, name: string): URL {
  return new URL(`./${name}${extname(module)}`, module)
}

/**
 * Shares the work among `threads` threads, which take one span after the other until none is left.
 * Rejects, and ends them all, when one fails or when `onTick`, called every 40 ms, throws.
 */
export async function runSpans(
  { program, ...work }: SpanWork,
  threads: number,
  onTick: (share: number) => Promise<void>,
): Promise<void> {
  const control = new Int32Array(new SharedArrayBuffer(8))
  const workers = Array.from({ length: threads }, (_, thread) => {
    const assignment: Assignment = { ...work, thread, control }
    // The thread's first lines load a loader of TypeScript themselves, where one is needed.
    const options = { workerData: { program: program.href, assignment }, execArgv: [] }
    return new Worker(new URL('./thread.mjs', import.meta.url), options)
  })
  const ended = workers.map(
    (worker) =>
      new Promise<void>((resolve, reject) => {
        worker.on('error', reject)
        worker.on('exit', () => resolve())
      }),
  )
  try {
    await watch(Promise.all(ended), () => onTick(Atomics.load(control, 1) / work.size))
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
  if (Atomics.load(control, 1) < work.size) throw new Error('A thread ended before its work.')
}

/** In a thread's program: works on the spans that it gets; `prepare` is told the thread's number. */
export function forEachSpan<Data>(
  prepare: (data: Data, thread: number) => (from: number, to: number) => void,
): void {
  const { data, thread, size, span, control } = workerData.assignment as Assignment
  const work = prepare(data as Data, thread)
  for (;;) {
    const from = Atomics.add(control, 0, span)
    if (from >= size) return
    const to = Math.min(size, from + span)
    work(from, to)
    Atomics.add(control, 1, to - from)
  }
}
