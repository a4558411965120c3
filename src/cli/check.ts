import { readConfig, storeOf } from '../config.ts'
import { checkStore } from '../storage/integrity/check-store.ts'
import { quarantined } from '../storage/integrity/quarantine.ts'
import { createStore, probeStore } from '../storage/open-store.ts'

/**
 * Runs `marquee check`: a line for each thing that is not as it should be. Exits with 1 where something
 * is left that needs a repair; what is of an earlier release does not.
 */
export async function check({ repair = false }: { repair?: boolean }): Promise<void> {
  const settings = storeOf(readConfig())
  await probeStore(settings)
  const say = (line: string) => process.stdout.write(`${line}\n`)
  let found = 0
  let left = 0
  for await (const { kind, key, what, remedy, repair: mend } of checkStore(settings)) {
    found += 1
    const done = repair && (await mend()) !== false
    if (!done && kind !== 'unsealed') left += 1
    const outcome = done ? 'Done' : repair ? 'Changed meanwhile, so not' : 'Repair'
    say(`${kind.padEnd(10)} ${key}: ${what} ${outcome}: ${remedy}.`)
  }
  const aside = await quarantined(createStore(settings))
  if (aside.length > 0) say(`In quarantine/, for you to keep or delete: ${aside.join(', ')}.`)
  if (found === 0) say('Everything is as it should be.')
  else if (!repair) say('Nothing was changed; "marquee check --repair" does what is said.')
  if (left > 0) process.exitCode = 1
}
