import { parentPort, workerData } from 'node:worker_threads'
import { parse } from 'yaml'

/** The program of a thread that turns one YAML document into JSON, as UTF-8. */
const { yaml } = workerData as { yaml: string }
parentPort?.postMessage(new TextEncoder().encode(JSON.stringify(parse(yaml))))
