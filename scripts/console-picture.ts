import { stat } from 'node:fs/promises'
import { chromium } from 'playwright-core'
import { findChromium } from '../test/support/chromium.ts'

// docs/console.png, the picture of README.md: what the page "Try it" of a running demo shows to somebody
// new who has rated five movies. `npm run picture -- http://127.0.0.1:3000` where it runs elsewhere.

const [base = 'http://127.0.0.1:3000'] = process.argv.slice(2)
const file = 'docs/console.png'
const limitBytes = 250_000
/** Of the sample: The Matrix, Star Wars, Toy Story, Pulp Fiction; the fifth is given on the page. */
const ratings = ['2571:5', '260:5', '1:3', '296:4']
const last = ['Forrest Gump', '2 of 5'] as const

const executablePath = await findChromium()
if (executablePath === null) throw new Error('There is no Chromium on the PATH.')
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
try {
  const page = await browser.newPage({
    viewport: { width: 1_280, height: 800 },
    deviceScaleFactor: 1,
    colorScheme: 'light',
    reducedMotion: 'reduce',
  })
  const rates = ratings.map((rating): [string, string] => ['rate', rating])
  await page.goto(`${base}/console/try?${new URLSearchParams(rates)}`)
  const list = page.locator('.suggestions:not(.waiting)')
  await list.locator('.likely').first().waitFor()
  const [title, stars] = last
  const stand = page.getByRole('group', { name: `Your rating of ${title}`, exact: true })
  await stand.getByRole('radio', { name: stars }).first().check()
  await page.getByRole('heading', { name: 'Your ratings (5)' }).waitFor()
  // Where each movie stood before the last rating.
  await list.locator('.moved').first().waitFor()
  // The page from below its title, without a focus.
  await page.evaluate(`document.activeElement.blur()
    document.querySelector('.who').scrollIntoView()
    scrollBy(0, -16)`)
  await page.screenshot({ path: file })
} finally {
  await browser.close()
}
const { size } = await stat(file)
if (size > limitBytes) throw new Error(`${file} has ${size} bytes, more than ${limitBytes}.`)
process.stdout.write(`${file}: ${size} bytes\n`)
