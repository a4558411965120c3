// Where a thread's program starts: plain JavaScript, since Node starts no thread from TypeScript.
import { workerData } from 'node:worker_threads'

if (workerData.program.endsWith('.ts')) (await import('tsx/esm/api')).register()
await import(workerData.program)
