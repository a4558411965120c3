import type { Config } from '../../config.ts'

/** What a worker was told and its children have to know, as the variables of `config.ts`. */
export type ChildSettings = Pick<
  Config,
  | 'REDIS_URL'
  | 'MARQUEE_QUEUE_PREFIX'
  | 'MARQUEE_STORE'
  | 'MARQUEE_TENSORFLOW_BACKEND'
  | 'LOG_LEVEL'
>

/** The environment of a child: this process's own, with the worker's settings over it. */
export function childEnvironment(settings: ChildSettings): NodeJS.ProcessEnv {
  // biome-ignore lint/style/noProcessEnv: nothing is read from it, it is handed on as it is
  return { ...process.env, ...settings }
}
