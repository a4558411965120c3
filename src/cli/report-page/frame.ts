import { type Axis, tickText } from './axis.ts'
import { type Html, html } from './html.ts'
import { type Table, tableOf } from './table.ts'

/** The edges of the curves within a drawing, in its own units. */
export const plot = { left: 52, right: 392, top: 12 }

/** A drawing with its heading and caption, and behind it a table of what it shows. */
export function figure(heading: string, caption: Html, drawing: Html, table: Table): Html {
  return html`<figure><h3>${heading}</h3>
<p>${caption}</p>
${drawing}
<details><summary>As a table</summary>${tableOf(table)}</details></figure>`
}

/** The lines and numbers of both axes, and the name of the horizontal one under it. */
export function axes(x: Axis, y: Axis, bottom: number, name: string): Html {
  const { left, right } = plot
  return html`${y.ticks.map(
    (
      tick,
    ) => html`<line class="grid" x1="${left}" x2="${right}" y1="${y.at(tick)}" y2="${y.at(tick)}"/>
<text class="end" x="${left - 6}" y="${y.at(tick) + 4}">${tickText(tick)}</text>`,
  )}
${x.ticks.map((tick) => html`<text class="middle" x="${x.at(tick)}" y="${bottom + 17}">${tickText(tick)}</text>`)}
<text class="middle" x="${(left + right) / 2}" y="${bottom + 36}">${name}</text>`
}
