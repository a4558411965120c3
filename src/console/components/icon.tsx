/** Drawn with a pen of 1.75 in a square of 24. */
const paths = {
  overview: 'M4 13h6V4H4zM14 20h6v-9h-6zM4 20h6v-3H4zM14 7h6V4h-6z',
  try: 'm12 4 2.4 5 5.6.7-4.1 3.8 1.1 5.5-5-2.8L7 19l1.1-5.5L4 9.7l5.6-.7z',
  data: 'M5 6c0-1.7 3.1-3 7-3s7 1.3 7 3-3.1 3-7 3-7-1.3-7-3zM5 6v6c0 1.7 3.1 3 7 3s7-1.3 7-3V6M5 12v6c0 1.7 3.1 3 7 3s7-1.3 7-3v-6',
  train: 'M4 4v16h16M7 8c3 8 6 8 13 9',
  jobs: 'M4 6h2M4 12h2M4 18h2M10 6h10M10 12h10M10 18h10',
  models: 'm12 3 8 4.5v9L12 21l-8-4.5v-9zM12 12l8-4.5M12 12v9M12 12 4 7.5',
  movies: 'M4 5h16v14H4zM8 5v14M16 5v14M4 9.7h4M4 14.3h4M16 9.7h4M16 14.3h4',
  map: 'M6 7h.01M10 5h.01M9 10h.01M17 6h.01M15 12h.01M18 15h.01M7 16h.01M12 18h.01M13 8h.01',
  crosstab: 'M4 4h16v16H4zM4 10h16M10 4v16M4 15h16M15 4v16',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  check: 'm5 12.5 4.5 4.5L19 7',
  menu: 'M4 7h16M4 12h16M4 17h16',
  upload: 'M12 16V4M7 9l5-5 5 5M4 17v3h16v-3',
} as const
export type IconName = keyof typeof paths

/** A drawing beside a word; screen readers have the word. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  )
}
