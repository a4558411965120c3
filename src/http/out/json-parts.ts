import { setImmediate as nextTurn } from 'node:timers/promises'

const itemsInPart = 1_000

/**
 * A JSON object with a long list as its last member, as text in parts, between which other requests
 * get their turn: one of 60,000 items takes longer to write than they should wait.
 */
export async function* jsonParts(
  members: object,
  listName: string,
  items: Iterable<unknown>,
): AsyncGenerator<string> {
  let part = `${JSON.stringify(members).slice(0, -1)},${JSON.stringify(listName)}:[`
  let count = 0
  for (const item of items) {
    part += `${count === 0 ? '' : ','}${JSON.stringify(item)}`
    count += 1
    if (count % itemsInPart !== 0) continue
    yield part
    part = ''
    await nextTurn()
  }
  yield `${part}]}`
}
