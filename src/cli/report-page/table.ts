import { type Html, html } from './html.ts'

export type Cell = string | number | null
export type Table = {
  readonly heads: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/** A table that scrolls sideways where it is too wide; a column of text is set to the left. */
export function tableOf({ heads, rows }: Table): Html {
  const isText = heads.map((_, column) => rows.some((row) => typeof row[column] === 'string'))
  const kind = (column: number) => (isText[column] ? 'text' : 'number')
  return html`<div class="scroll" tabindex="0"><table>
<thead><tr>${heads.map((head, i) => html`<th scope="col" class="${kind(i)}">${head}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell, i) => html`<td class="${kind(i)}">${written(cell)}</td>`)}</tr>`)}</tbody>
</table></div>`
}

/** Whole numbers in full, others with four digits, nothing as a dash. */
export function written(cell: Cell): string {
  if (cell === null) return '–'
  if (typeof cell === 'string') return cell
  if (Number.isInteger(cell)) return cell.toLocaleString('en')
  return Math.abs(cell) >= 0.001 ? cell.toFixed(4) : cell.toPrecision(3)
}
