import { Html } from './html.ts'

/** One style for light and dark, wide and narrow; it asks no other host for anything. */
export const style = new Html(`<style>
:root { color-scheme: light dark; --paper: #fcfcfb; --ink: #1d1f24; --soft: #5f6570; --line: #dfe1e5;
  --first: #2463b4; --second: #c2570c }
@media (prefers-color-scheme: dark) {
  :root { --paper: #15171b; --ink: #e8e9ec; --soft: #a2a8b3; --line: #33373f;
    --first: #74a9ee; --second: #f0975a } }
body { margin: 0 auto; max-width: 70rem; padding: 1.5rem 1rem 4rem; background: var(--paper);
  color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
h1 { font-size: 1.6rem; margin: 0 0 1rem } h2 { font-size: 1.3rem; margin: 2.5rem 0 .5rem }
h3 { font-size: 1rem; margin: 0 } .figures + h3 { margin-top: 2rem } p { margin: .25rem 0; color: var(--soft); font-size: .875rem }
.figures { display: grid; gap: 2rem; align-items: start;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)) }
figure { margin: 0; min-width: 0 }
svg { display: block; width: 100%; max-width: 30rem; height: auto; margin: .5rem 0 }
text { fill: var(--soft); font-size: 13px; font-variant-numeric: tabular-nums }
.end { text-anchor: end } .middle { text-anchor: middle } .value { fill: var(--ink) }
.grid { stroke: var(--line) } .diagonal { stroke: var(--ink); stroke-dasharray: 4 4; opacity: .6 }
.curve { fill: none; stroke-width: 2; stroke-linejoin: round }
.first { stroke: var(--first); color: var(--first) } .second { stroke: var(--second); color: var(--second) }
.dot { fill: currentColor; stroke: none } .bar, .hexagon { fill: var(--first) }
.key { margin-right: 1rem; white-space: nowrap } .key b { font-weight: 400; color: var(--ink) }
.key i { display: inline-block; width: 1.25rem; margin-right: .4rem; vertical-align: .25em;
  border-top: 3px solid currentColor }
.scroll { overflow-x: auto } details .scroll { max-height: 20rem; overflow-y: auto }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums }
th, td { padding: .25rem .75rem .25rem 0; text-align: right; white-space: nowrap;
  border-bottom: 1px solid var(--line) }
th { color: var(--soft); font-weight: 600 } td.text, th.text { text-align: left }
summary { color: var(--soft); font-size: .875rem; cursor: pointer }
</style>`)
