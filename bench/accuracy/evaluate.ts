import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Result } from '../../src/cli/evaluate/results.ts'
import type { Recipe } from './recipes.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** The folder that holds the folders of the data sets: that of DATA_SETS, or beside the repository. */
export const dataSetsFolder = resolve(root, process.env['DATA_SETS'] ?? '../shared/data')

/** The arguments of `bin/marquee evaluate` that train a recipe on a file or folder. */
export function argumentsFor(ratings: string, { algorithm, settings }: Recipe): string[] {
  const sets = Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${value}`])
  return ['--ratings', ratings, '--algorithm', algorithm, ...sets]
}

/** A command for a shell whose folder holds those of the data sets. */
export function commandLine(args: readonly string[]): string {
  const quoted = args.map((arg) => (/^[\w./=@-]+$/.test(arg) ? arg : `'${arg}'`))
  return ['bin/marquee evaluate', ...quoted].join(' ')
}

/**
 * The results of `marquee evaluate … --json` in a process of its own, whose paths start in the
 * folder of the data sets; an error with its words when it fails.
 */
export function evaluate(args: readonly string[]): Promise<Result[]> {
  return new Promise((fulfil, reject) => {
    const command = resolve(root, 'bin/marquee')
    const child = spawn(command, ['evaluate', ...args, '--json'], { cwd: dataSetsFolder })
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
      if (code === 0) fulfil((JSON.parse(stdout) as { results: Result[] }).results)
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
