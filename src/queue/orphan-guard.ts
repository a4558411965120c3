import { Worker } from 'node:worker_threads'

const watchParent = `
  const { workerData } = require('node:worker_threads')
  setInterval(() => {
    if (process.ppid !== workerData.parent) process.kill(process.pid, 'SIGKILL')
  }, 500)`

/**
 * Ends this forked process with the worker that forked it. BullMQ does not: its child would train
 * to the end and then spin, trying for ever to tell a closed channel of the failure to do so.
 * A closed channel is heard between two steps; a thread sees to the case where there is no between.
 */
export function exitWithParent(): void {
  if (!process.send) return
  const parent = process.ppid
  process.on('disconnect', () => process.exit(1))
  process.prependListener('uncaughtException', () => {
    if (!process.connected) process.exit(1)
  })
  const thread = new Worker(watchParent, { eval: true, workerData: { parent }, execArgv: [] })
  thread.unref()
}
