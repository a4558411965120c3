import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { load } from './serving/load.ts'
import { modelOf } from './serving/make-stores.ts'
import { freePort, startDurableRedis } from './serving/processes.ts'
const store = '/tmp/prof-sample'
const redis = await startDurableRedis(mkdtempSync('/tmp/pr'))
const serve = async (cli: string, prefix: string) => {
  const port = await freePort()
  const child = spawn(process.execPath, [cli, 'serve'], { env: { ...process.env, PORT: `${port}`, HOST: '127.0.0.1', MARQUEE_STORE: store, REDIS_URL: redis.url, MARQUEE_QUEUE_PREFIX: prefix, LOG_LEVEL: 'info' }, stdio: 'ignore' })
  const url = `http://127.0.0.1:${port}`
  for (;;) { const a = await fetch(`${url}/health/live`).catch(() => null); if (a?.ok) break; await new Promise(r => setTimeout(r, 50)) }
  return { url, pid: child.pid!, stop: () => child.kill() }
}
const { users, movies } = await modelOf(store)
const cpu = (pid: number) => { const f = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' '); return 10 * (Number(f[13]) + Number(f[14])) }
const [a, b] = [await serve(process.argv[2]!, 'before'), await serve(process.argv[3]!, 'after')]
const kinds = {
  prediction: { paths: Array.from({ length: 100 }, (_, i) => `/v1/users/${users.ids[(7 * i) % users.size]}/predictions/${movies.ids[(13 * i) % movies.size]}`) },
  list: { paths: Array.from({ length: 100 }, (_, i) => `/v1/users/${users.ids[(7 * i) % users.size]}/recommendations`) },
}
for (const [name, question] of Object.entries(kinds)) {
  const rows: number[][] = []
  for (let t = 0; t < Number(process.argv[4] ?? 9); t++) {
    const one = async (s: typeof a) => { const c = cpu(s.pid); const r = await load(s.url, question, 1); return [r.rps, 1000 * (cpu(s.pid) - c) / r.rps] }
    const [ra, ca] = await one(a); const [rb, cb] = await one(b)
    if (t > 2) rows.push([ra!, ca!, rb!, cb!, rb! / ra!])
  }
  console.log(name, 'before rps, us, after rps, us, ratio', rows[0]!.map((_, i) => rows.map(r => r[i]!).sort((x, y) => x - y)[rows.length >> 1]!.toFixed(2)).join(' | '))
}
a.stop(); b.stop(); await redis.stop()
