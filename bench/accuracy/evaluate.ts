import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Result } from '../../src/cli/evaluate/results.ts'
import type { Recipe } from './recipes.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** The arguments of `bin/marquee evaluate` that train a recipe on a file or folder. */
export function argumentsFor(ratings: string, { algorithm, settings }: Recipe): string[] {
  const sets = Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${value}`])
  return ['--ratings', ratings, '--algorithm', algorithm, ...sets]
}

/** The same for a shell. */
export function commandLine(args: readonly string[]): string {
  const quoted = args.map((arg) => (/^[\w./=@-]+$/.test(arg) ? arg : `'${arg}'`))
  return ['bin/marquee evaluate', ...quoted].join(' ')
}

/**
 * What `bin/marquee evaluate … --json` prints, in a process of its own; its words when it fails.
 */
export function evaluate(args: readonly string[]): Promise<Result[]> {
  return new Promise((resolve, reject) => {
    const child = spawn('bin/marquee', ['evaluate', ...args, '--json'], { cwd: root })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => {
      stdout += chunk
    })
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve((JSON.parse(stdout) as { results: Result[] }).results)
      else reject(new Error(`${commandLine(args)} ended with ${code}: ${stderr}`))
    })
  })
}

/** Runs tasks, two at a time, and gives their results in order. */
export async function inPairs<Task, Value>(
  tasks: readonly Task[],
  run: (task: Task) => Promise<Value>,
): Promise<Value[]> {
  const values: Value[] = []
  const queue = tasks.entries()
  const work = async () => {
    for (const [i, task] of queue) values[i] = await run(task)
  }
  await Promise.all([work(), work()])
  return values
}
