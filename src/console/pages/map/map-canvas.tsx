import { useEffect, useRef, useState } from 'preact/hooks'
import { colour } from '../../state/theme.ts'
import { type Dot, drawMap, type Inks } from './draw-map.ts'
import { fitting, nearest, panned, type Size, type View, zoomed } from './projection.ts'

type Props = {
  readonly dots: readonly Dot[]
  /** What can be heard of it. */
  readonly describe: string
  /** Brought to the middle, near. */
  readonly centre: Dot | null
  readonly onPoint: (index: number) => void
  readonly onChoose: (index: number) => void
}

const near = 4

/** The scatter plot: the wheel, two fingers or the buttons zoom, dragging pans, a click chooses. */
export function MapCanvas({ dots, describe, centre, onPoint, onChoose }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [size, setSize] = useState<Size>({ width: 0, height: 0 })
  const [view, setView] = useState<View | null>(null)
  const whole = size.width > 0 ? fitting(dots, size) : null
  const seen = view ?? whole
  const latest = useRef({ seen, size })
  latest.current = { seen, size }

  useEffect(() => {
    const element = canvas.current!
    const watch = new ResizeObserver(() =>
      setSize({ width: element.clientWidth, height: element.clientHeight }),
    )
    watch.observe(element)
    return () => watch.disconnect()
  }, [])
  // Other axes or other movies: all of them again.
  const first = dots[0]
  const measure = `${dots.length} ${first?.x} ${first?.y}`
  useEffect(() => setView(null), [measure])
  useEffect(() => {
    if (centre && whole) setView({ x: centre.x, y: centre.y, scale: whole.scale * near })
  }, [centre?.x, centre?.y, whole === null])

  const inks = inksNow()
  useEffect(() => {
    const element = canvas.current!
    if (!seen) return
    const ratio = devicePixelRatio
    element.width = size.width * ratio
    element.height = size.height * ratio
    const context = element.getContext('2d')!
    context.scale(ratio, ratio)
    drawMap(context, dots, seen, size, inks)
  }, [dots, seen, size, JSON.stringify(inks)])

  const zoom = (factor: number, anchor = { x: size.width / 2, y: size.height / 2 }) => {
    const { seen, size } = latest.current
    if (seen) setView(zoomed(seen, factor, anchor, size))
  }
  useGestures(canvas, {
    zoom,
    pan: (dx, dy) => latest.current.seen && setView(panned(latest.current.seen, dx, dy)),
  })
  const at = (event: MouseEvent) => {
    if (!seen) return -1
    return nearest(dots, { x: event.offsetX, y: event.offsetY }, seen, size)
  }
  return (
    <div class="map">
      <canvas
        ref={canvas}
        role="img"
        aria-label={describe}
        onPointerMove={(event) => onPoint(at(event))}
        onPointerLeave={() => onPoint(-1)}
        onClick={(event) => {
          const index = at(event)
          if (index >= 0) onChoose(index)
        }}
      />
      <div class="map-buttons">
        <button type="button" class="quiet" aria-label="Nearer" onClick={() => zoom(1.6)}>
          +
        </button>
        <button type="button" class="quiet" aria-label="Farther" onClick={() => zoom(1 / 1.6)}>
          −
        </button>
        <button type="button" class="quiet" onClick={() => setView(null)}>
          All
        </button>
      </div>
    </div>
  )
}

type Gestures = {
  zoom(factor: number, anchor: { x: number; y: number }): void
  pan(dx: number, dy: number): void
}

/** The wheel, one pointer that drags and two that spread. */
function useGestures(canvas: { readonly current: HTMLCanvasElement | null }, gestures: Gestures) {
  const latest = useRef(gestures)
  latest.current = gestures
  useEffect(() => {
    const element = canvas.current!
    const stop = new AbortController()
    const down = new Map<number, { x: number; y: number }>()
    const placeOf = (event: MouseEvent) => {
      const { left, top } = element.getBoundingClientRect()
      return { x: event.clientX - left, y: event.clientY - top }
    }
    const on = <Name extends keyof HTMLElementEventMap>(
      name: Name,
      act: (event: HTMLElementEventMap[Name]) => void,
    ) => element.addEventListener(name, act, { signal: stop.signal, passive: false })
    on('wheel', (event) => {
      event.preventDefault()
      latest.current.zoom(Math.exp(-event.deltaY / 400), placeOf(event))
    })
    on('pointerdown', (event) => {
      element.setPointerCapture(event.pointerId)
      down.set(event.pointerId, placeOf(event))
    })
    on('pointermove', (event) => {
      const before = down.get(event.pointerId)
      if (!before) return
      const now = placeOf(event)
      const [other] = [...down].flatMap(([id, place]) => (id === event.pointerId ? [] : [place]))
      if (other) {
        const spread = Math.hypot(now.x - other.x, now.y - other.y)
        const spreadBefore = Math.hypot(before.x - other.x, before.y - other.y)
        const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 }
        latest.current.zoom(spread / Math.max(spreadBefore, 1), middle)
      } else latest.current.pan(now.x - before.x, now.y - before.y)
      down.set(event.pointerId, now)
    })
    for (const name of ['pointerup', 'pointercancel'] as const)
      on(name, (event) => down.delete(event.pointerId))
    return () => stop.abort()
  }, [canvas])
}

function inksNow(): Inks {
  return {
    tones: ([1, 2, 3, 4, 5, 6, 7, 8] as const).map((tone) => colour(`--genre-${tone}`)),
    quiet: colour('--edge'),
    ink: colour('--ink'),
    card: colour('--card'),
    line: colour('--line'),
    font: getComputedStyle(document.body).fontFamily,
  }
}
