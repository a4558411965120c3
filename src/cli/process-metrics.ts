import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { version } from '../version.ts'

/** A registry with the figures of this process, under the names that dashboards of Node.js know. */
export function processMetrics(): Registry {
  const register = new Registry()
  collectDefaultMetrics({ register })
  new Gauge({
    name: 'marquee_build_info',
    help: 'The release that runs; 1.',
    labelNames: ['version'],
    registers: [register],
  }).set({ version }, 1)
  return register
}
