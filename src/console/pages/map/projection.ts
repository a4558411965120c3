/** What of the map is seen: the middle of the canvas in coordinates, and pixels for a unit. */
export type View = { readonly x: number; readonly y: number; readonly scale: number }

export type Size = { readonly width: number; readonly height: number }
export type Point = { readonly x: number; readonly y: number }

const margin = 28

/** All points, both axes in the same unit, so that distances are true. */
export function fitting(points: readonly Point[], { width, height }: Size): View {
  if (points.length === 0) return { x: 0, y: 0, scale: 1 }
  const [left, right] = rangeOf(points.map(({ x }) => x))
  const [low, high] = rangeOf(points.map(({ y }) => y))
  const scale = Math.min(
    (width - 2 * margin) / Math.max(right - left, 1e-9),
    (height - 2 * margin) / Math.max(high - low, 1e-9),
  )
  return { x: (left + right) / 2, y: (low + high) / 2, scale }
}

/** Where a point is on the canvas; the second axis points up. */
export function placeOf(point: Point, view: View, { width, height }: Size): Point {
  return {
    x: width / 2 + (point.x - view.x) * view.scale,
    y: height / 2 - (point.y - view.y) * view.scale,
  }
}

/** The view nearer, or farther, by a factor; what is at `anchor` on the canvas stays there. */
export function zoomed(view: View, factor: number, anchor: Point, { width, height }: Size): View {
  const scale = view.scale * factor
  const [dx, dy] = [anchor.x - width / 2, anchor.y - height / 2]
  return {
    x: view.x + dx / view.scale - dx / scale,
    y: view.y - dy / view.scale + dy / scale,
    scale,
  }
}

/** The view after the map was dragged by so many pixels. */
export function panned(view: View, dx: number, dy: number): View {
  return { ...view, x: view.x - dx / view.scale, y: view.y + dy / view.scale }
}

/** The index of the nearest point within so many pixels; −1 for none. */
export function nearest(
  points: readonly Point[],
  at: Point,
  view: View,
  size: Size,
  withinPx = 14,
): number {
  let found = -1
  let least = withinPx ** 2
  for (const [i, point] of points.entries()) {
    const place = placeOf(point, view, size)
    const distance = (place.x - at.x) ** 2 + (place.y - at.y) ** 2
    if (distance < least) [found, least] = [i, distance]
  }
  return found
}

function rangeOf(values: readonly number[]): [number, number] {
  return [
    values.reduce((least, value) => Math.min(least, value)),
    values.reduce((most, value) => Math.max(most, value)),
  ]
}
