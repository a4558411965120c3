// Loaded into `serve` by bench/stalls.ts: on SIGUSR2 it writes to the file STALLS_FILE the most
// milliseconds of CPU time that one turn of the event loop has taken since it was last asked. Other
// work on the machine makes a turn longer by the clock, not by this.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

const file = process.env.STALLS_FILE
if (isMainThread && file) {
  const stat = `/proc/self/task/${process.pid}/schedstat`
  const cpuMs = () => Number(readFileSync(stat, 'utf8').split(' ')[0]) / 1e6
  let before = cpuMs()
  let longest = 0
  setInterval(() => {
    const now = cpuMs()
    longest = Math.max(longest, now - before)
    before = now
  }, 2).unref()
  process.on('SIGUSR2', () => {
    writeFileSync(`${file}.new`, String(longest))
    renameSync(`${file}.new`, file)
    longest = 0
  })
}
