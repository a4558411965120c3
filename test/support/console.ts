import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import {
  createMarquee,
  dataOf,
  type Marquee,
  type Schemas,
} from '../../clients/typescript/src/client.ts'
import { createApi } from '../../src/cli/demo/api.ts'
import { freePorts } from '../../src/cli/demo/processes.ts'
import { sha256 } from './app.ts'
import { findChromium } from './chromium.ts'
import { startMarquee, until } from './marquee.ts'
import { startRedis } from './redis.ts'
import { removeFolder } from './remove-folder.ts'
import { fewOfSample } from './sample-ratings.ts'

type OpenOptions = {
  /** The key that the tab has; an admin's unless told, none with null. */
  readonly key?: string | null
  /** Asks for it as another machine does, by plain HTTP at a name that is not of this one. */
  readonly isFromAfar?: boolean
  /** What the browser may write to its console. */
  readonly allowed?: RegExp
}

/** A running service with two small models, and a browser to look at its console with. */
export type ConsoleService = {
  readonly base: string
  readonly api: Marquee
  /** Opens a page of the console, in place of the one before; what goes wrong there fails `checkQuiet`. */
  open(path: string, options?: OpenOptions): Promise<Page>
  /** Fails if a page has written an error, asked another host or thrown since the last call. */
  checkQuiet(): void
  close(): Promise<void>
}

/** A name of this machine that browsers trust no more than any other. */
const elsewhere = 'marquee.example'

/** A key of each of three roles. */
export const consoleKeys = {
  ...{ admin: 'console-admin', read: 'console-read' },
  public: 'console-public',
} as const
const hashed = (role: keyof typeof consoleKeys) => `${role}:${sha256(consoleKeys[role])}`

/** Null where there is no Chromium. */
export async function startConsole(): Promise<ConsoleService | null> {
  const executablePath = await findChromium()
  if (executablePath === null) return null
  const cleanups: (() => unknown)[] = []
  const close = async () => {
    for (const cleanup of cleanups.reverse()) await cleanup()
  }
  try {
    const folder = await mkdtemp(join(tmpdir(), 'marquee-console-'))
    cleanups.push(() => removeFolder(folder))
    const redis = await startRedis()
    cleanups.push(() => redis.stop())
    const [port] = await freePorts(1)
    const environment = {
      HOST: '127.0.0.1',
      PORT: String(port),
      REDIS_URL: redis.url,
      MARQUEE_STORE: folder,
      MARQUEE_API_KEYS: [hashed('admin'), hashed('read'), hashed('public')].join(),
      MARQUEE_MODEL_POLL_MS: '100',
      LOG_LEVEL: 'warn',
    }
    for (const command of ['serve', 'work']) {
      const started = startMarquee([command], environment)
      cleanups.push(async () => {
        started.kill('SIGKILL')
        await started.ended
      })
    }
    const base = `http://127.0.0.1:${port}`
    const browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', `--host-resolver-rules=MAP ${elsewhere} 127.0.0.1`],
    })
    cleanups.push(() => browser.close())
    await createApi(base).waitFor('/health/live')
    const api = createMarquee({ baseUrl: base, key: consoleKeys.admin })
    await fill(base, api)
    return { base, api, close, ...watched(browser, base) }
  } catch (error) {
    await close()
    throw error
  }
}

/** The first users of the sample, and two models of them: `dot-bias` serves, `bayes` waits to be promoted. */
async function fill(base: string, api: Marquee): Promise<void> {
  for (const [kind, body] of Object.entries(await fewOfSample(60))) {
    const headers = { authorization: `Bearer ${consoleKeys.admin}`, 'content-type': 'text/csv' }
    const { status } = await fetch(`${base}/v1/${kind}/import`, { method: 'POST', headers, body })
    assert.equal(status, 200)
  }
  // Given, so that nothing is searched for.
  const ranking = {
    factors: 8,
    epochs: 3,
    unobservedWeight: 0.1,
    regularization: 0.1,
    priorRatings: 4,
  }
  const few = { factors: 5, ranking, split: { valid: 0.2 } }
  await train(api, { algorithm: 'dot-bias', epochs: 3, ...few })
  await train(api, { algorithm: 'bayes', sweeps: 5, burnIn: 3, promote: 'manual', ...few })
}

/** Trains a model and waits until it serves, where it is to; gives its version. */
export async function train(api: Marquee, body: Schemas['JobRequest']): Promise<string> {
  const { id } = await dataOf(api.POST('/v1/training-jobs', { body }))
  for await (const _ of api.follow(id));
  const path = { id }
  const { state, model, error, promotion } = await dataOf(
    api.GET('/v1/training-jobs/{id}', { params: { path } }),
  )
  assert.equal(state, 'completed', JSON.stringify(error))
  if (promotion?.promoted)
    await until(async () => (await dataOf(api.GET('/v1/models'))).serving === model)
  return model!
}

/** Pages with a key, whose slips are kept. */
function watched(browser: Browser, base: string): Pick<ConsoleService, 'open' | 'checkQuiet'> {
  const slips: string[] = []
  let last: BrowserContext | null = null
  return {
    async open(path, { key = consoleKeys.admin, isFromAfar = false, allowed = /^$/ } = {}) {
      const origin = isFromAfar ? base.replace('127.0.0.1', elsewhere) : base
      // One that was left asks on, and there is nobody to look.
      await last?.close()
      const context = await browser.newContext({
        viewport: wide,
        permissions: ['clipboard-read', 'clipboard-write'],
      })
      last = context
      // The test's own limit ends what waits for nothing.
      context.setDefaultTimeout(240_000)
      if (key !== null)
        await context.addInitScript(`sessionStorage.setItem('marquee-key', '${key}')`)
      context.on('request', (request) => {
        if (!request.url().startsWith(origin)) slips.push(`${path} asked ${request.url()}`)
      })
      const page = await context.newPage()
      page.on('pageerror', (error) => slips.push(`${path}: ${error.stack}`))
      page.on('console', (message) => {
        const text = message.text()
        // A service that is short of time says so, and is asked again.
        const isKnown = allowed.test(text) || /status of 503/.test(text)
        const isGood = ['log', 'info', 'debug'].includes(message.type()) || isKnown
        if (!isGood) slips.push(`${path} wrote: ${text} (${message.location().url})`)
      })
      await page.goto(`${origin}/console${path}`)
      return page
    },
    checkQuiet() {
      assert.deepEqual(slips.splice(0), [])
    },
  }
}

const wide = { width: 1_440, height: 900 }
const narrow = { width: 360, height: 740 }
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
type Finding = { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }

/**
 * Fails where the page is wider than the window, at 360 and at 1,440 px, light and dark, or axe-core has
 * a serious finding: it looks at the narrow page in the light and at the wide one in the dark, since a
 * look takes longer than all else, and colours do not depend on the width.
 */
export async function checkLooks(page: Page): Promise<void> {
  // Run by the browser's debugger, to which the policy of the page does not apply.
  await page.evaluate(axe)
  for (const viewport of [narrow, wide])
    for (const colorScheme of ['light', 'dark'] as const) {
      const where = `${page.url()} at ${viewport.width} px, ${colorScheme}`
      await page.setViewportSize(viewport)
      await page.emulateMedia({ colorScheme })
      const tooWide = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
      assert.equal(tooWide, 0, `${where} is too wide`)
      if ((viewport === wide) !== (colorScheme === 'dark')) continue
      const found = (await page.evaluate(
        "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)",
      )) as Finding[]
      const serious = found.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      const told = serious.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
      )
      assert.deepEqual(told, [], where)
    }
}
