/**
 * Whole sentences that end the refusal of an unknown name: the nearest known one, and all of them.
 */
export function suggest(name: string, known: readonly string[]): string {
  const near = nearest(name, known)
  return `${near === null ? '' : `Did you mean ${near}? `}Expected one of: ${known.join(', ')}.`
}

/**
 * The known name fewest edits away; null where even that one differs in over two letters of five.
 */
function nearest(name: string, known: readonly string[]): string | null {
  const ranked = known
    .map((candidate) => ({ candidate, edits: editDistance(name, candidate) }))
    .sort((a, b) => a.edits - b.edits)
  const [best] = ranked.filter(
    ({ candidate, edits }) => edits <= 0.4 * Math.max(name.length, candidate.length),
  )
  return best?.candidate ?? null
}

/** Letters to insert, delete or replace that make one word of the other (Levenshtein). */
function editDistance(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const line = [row]
    for (let column = 1; column <= to.length; column++) {
      const replaced = above[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1)
      line.push(Math.min(replaced, above[column]! + 1, line[column - 1]! + 1))
    }
    above = line
  }
  return above[to.length]!
}
