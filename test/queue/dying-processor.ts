import { writeFileSync } from 'node:fs'
import stub from './stub-processor.ts'

try {
  writeFileSync(`${process.env['MARQUEE_STORE']}/died`, '', { flag: 'wx' })
  // The first process to come here is killed while it starts, as when memory runs out.
  process.kill(process.pid, 'SIGKILL')
} catch {
  // A later one goes on.
}

// biome-ignore lint/style/noDefaultExport: BullMQ takes the default export of a processor file
export default stub
