import { Worker } from 'node:worker_threads'

const watchParent = `
  const { workerData } = require('node:worker_threads')
  setInterval(() => {
    if (process.ppid !== workerData.parent) process.kill(process.pid, 'SIGKILL')
  }, 500)`

/**
 * Ends this forked process with the worker that forked it. BullMQ does not: its child would train
 * to the end, and it tells its worker of each uncaught exception, where on a broken channel the
 * telling is the next exception: it spins for ever. A closed channel is heard between two steps of
 * a training; a thread sees to the case where there is no between.
 */
export function exitWithParent(): void {
  if (!process.send) return
  const exit = () => process.exit(1)
  if (!process.connected) exit()
  process.on('disconnect', exit)
  process.prependListener('uncaughtException', () => {
    // The first one is told, and BullMQ exits; a second one means that nobody listens.
    process.prependListener('uncaughtException', exit)
  })
  const parent = process.ppid
  const thread = new Worker(watchParent, { eval: true, workerData: { parent }, execArgv: [] })
  thread.unref()
}
