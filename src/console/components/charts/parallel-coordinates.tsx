import { significant } from '../../text.ts'

export type Axis = {
  readonly name: string
  /** One of each line; words stand at places of their own. */
  readonly values: readonly (number | string | null)[]
  /** Small values at the top. */
  readonly isFlipped?: boolean
}

type Props = { readonly title: string; readonly axes: readonly Axis[] }

const height = 240
const top = 40
const bottom = height - 26

/**
 * Lines through several axes, the ones with the best value on the last axis drawn strongest. Who cannot see it has
 * a table of the same beside it.
 */
export function ParallelCoordinates({ title, axes }: Props) {
  const width = Math.max(360, 130 * axes.length)
  const left = (i: number) =>
    axes.length === 1 ? width / 2 : 60 + (i * (width - 120)) / (axes.length - 1)
  const places = axes.map(placesOf)
  const lines = (axes[0]?.values ?? []).map((_, line) => ({
    line,
    points: places.map(({ of }, i) => ({ x: left(i), y: of[line] ?? null })),
    rank: places.at(-1)!.of[line] ?? bottom,
  }))
  // The best last, above the others.
  lines.sort((a, b) => b.rank - a.rank)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keys, too
    <section class="scroll" aria-label={title} tabIndex={0}>
      <svg
        class="parallel"
        viewBox={`0 0 ${width} ${height}`}
        style={{ minWidth: `${width}px` }}
        role="img"
        aria-label={`${title}; the table below has the same.`}
      >
        {lines.map(({ line, points, rank }, i) => (
          <polyline
            key={line}
            class={i === lines.length - 1 ? 'best' : ''}
            style={{
              opacity: i === lines.length - 1 ? 1 : 0.15 + (0.6 * (bottom - rank)) / (bottom - top),
            }}
            points={points
              .filter(({ y }) => y !== null)
              .map(({ x, y }) => `${x},${y}`)
              .join(' ')}
          />
        ))}
        {axes.map(({ name }, i) => (
          <g key={name}>
            <line x1={left(i)} x2={left(i)} y1={top} y2={bottom} />
            <text x={left(i)} y={16} class="name">
              {name}
            </text>
            {places[i]!.ticks.map(({ text, y }) => (
              <text key={text} x={left(i) + 6} y={y + 4} class="tick">
                {text}
              </text>
            ))}
          </g>
        ))}
      </svg>
    </section>
  )
}

/** Where the values of an axis lie, and what stands there: its ends, or all its words. */
function placesOf({ values, isFlipped = false }: Axis) {
  const numbers = values.filter((value) => typeof value === 'number')
  const isOfNumbers = numbers.length > 0 && values.every((value) => typeof value !== 'string')
  const words = [...new Set(values.filter((value) => value !== null).map(String))].sort()
  const [low, high] = isOfNumbers
    ? [Math.min(...numbers), Math.max(...numbers)]
    : [0, words.length - 1]
  // Rates differ by powers.
  const isLog = isOfNumbers && low > 0 && high / low > 30
  const scaled = (value: number) => (isLog ? Math.log(value) : value)
  const yOf = (value: number) => {
    const span = scaled(high) - scaled(low)
    const share = span === 0 ? 0.5 : (scaled(value) - scaled(low)) / span
    return isFlipped ? top + share * (bottom - top) : bottom - share * (bottom - top)
  }
  const of = values.map((value) => {
    if (value === null) return null
    return yOf(isOfNumbers ? Number(value) : words.indexOf(String(value)))
  })
  const ticks = isOfNumbers
    ? [...new Set([low, high])].map((value) => ({ text: significant(value, 3), y: yOf(value) }))
    : words.map((text, i) => ({ text, y: yOf(i) }))
  return { of, ticks }
}
