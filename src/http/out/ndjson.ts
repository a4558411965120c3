import { setImmediate as nextTurn } from 'node:timers/promises'

export const ndjsonType = 'application/x-ndjson; charset=utf-8'

/**
 * A line of JSON for each item, made when the lines before it were taken; between two of them other
 * requests get their turn.
 */
export async function* ndjson<Item>(
  items: Iterable<Item>,
  lineOf: (item: Item) => Promise<unknown>,
): AsyncGenerator<string> {
  for (const item of items) {
    yield `${JSON.stringify(await lineOf(item))}\n`
    await nextTurn()
  }
}
