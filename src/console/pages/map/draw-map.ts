import { type Point, placeOf, type Size, type View } from './projection.ts'

export type Dot = Point & {
  readonly title: string
  /** Which of the colours; −1 for the quiet one. */
  readonly tone: number
  readonly radius: number
  /** What is not looked for fades. */
  readonly isFaded: boolean
  readonly isMarked: boolean
}

export type Inks = {
  readonly tones: readonly string[]
  readonly quiet: string
  readonly ink: string
  readonly card: string
  readonly line: string
  readonly font: string
}

const mostLabels = 40

/** Draws all dots, the least rated first, and the titles of as many as there is room for. */
export function drawMap(
  context: CanvasRenderingContext2D,
  dots: readonly Dot[],
  view: View,
  size: Size,
  inks: Inks,
): void {
  context.clearRect(0, 0, size.width, size.height)
  drawAxes(context, view, size, inks)
  const isSeen = ({ x, y }: Point) => x > -9 && y > -9 && x < size.width + 9 && y < size.height + 9
  const seen = dots
    .map((dot) => ({ dot, place: placeOf(dot, view, size) }))
    .filter(({ place }) => isSeen(place))
  for (const { dot, place } of seen.toReversed()) {
    context.globalAlpha = dot.isFaded ? 0.12 : 0.75
    context.fillStyle = inks.tones[dot.tone] ?? inks.quiet
    context.beginPath()
    context.arc(place.x, place.y, dot.radius, 0, 2 * Math.PI)
    context.fill()
  }
  context.globalAlpha = 1
  const marked = seen.filter(({ dot }) => dot.isMarked)
  for (const { dot, place } of marked) {
    context.strokeStyle = inks.ink
    context.lineWidth = 2
    context.beginPath()
    context.arc(place.x, place.y, dot.radius + 4, 0, 2 * Math.PI)
    context.stroke()
  }
  drawTitles(context, [...marked, ...seen.filter(({ dot }) => !dot.isMarked)], inks)
}

/** A cross where both components are zero: the middle of all movies. */
function drawAxes(context: CanvasRenderingContext2D, view: View, size: Size, { line }: Inks): void {
  const { x, y } = placeOf({ x: 0, y: 0 }, view, size)
  context.globalAlpha = 1
  context.strokeStyle = line
  context.lineWidth = 1
  context.beginPath()
  context.moveTo(x, 0)
  context.lineTo(x, size.height)
  context.moveTo(0, y)
  context.lineTo(size.width, y)
  context.stroke()
}

/** The most rated first; a title that would lie over another one is left out. */
function drawTitles(
  context: CanvasRenderingContext2D,
  seen: readonly { dot: Dot; place: Point }[],
  { ink, card, font }: Inks,
): void {
  context.font = `12px ${font}`
  context.textBaseline = 'middle'
  context.lineJoin = 'round'
  const taken: { left: number; right: number; y: number }[] = []
  for (const { dot, place } of seen) {
    if (taken.length >= mostLabels) return
    if (dot.isFaded && !dot.isMarked) continue
    const left = place.x + dot.radius + 4
    const right = left + context.measureText(dot.title).width
    const isFree = taken.every(
      (other) =>
        Math.abs(other.y - place.y) > 15 || left > other.right + 6 || right < other.left - 6,
    )
    if (!isFree) continue
    taken.push({ left, right, y: place.y })
    context.strokeStyle = card
    context.lineWidth = 3
    context.strokeText(dot.title, left, place.y)
    context.fillStyle = ink
    context.fillText(dot.title, left, place.y)
  }
}
