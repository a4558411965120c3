import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'

export type Column<Row> = {
  readonly title: string
  /** What is sorted by, and shown unless there is `show`. */
  readonly value: (row: Row) => string | number | null
  readonly show?: (row: Row) => ComponentChildren
  /** Numbers stand at the right, one below the other. */
  readonly isNumber?: boolean
  /** The cell names its row. */
  readonly isHeader?: boolean
}

type Props<Row> = {
  /** What the table is of; shown unless what is around it says so. */
  readonly caption: string
  readonly isCaptionSeen?: boolean
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf?: (row: Row, index: number) => string | number
  readonly isSortable?: boolean
  /** At most so high, with a scroll bar. */
  readonly isLow?: boolean
}

/** A table that sorts by any of its columns and scrolls, not the page, where it is too wide. */
export function Table<Row>(props: Props<Row>) {
  const { caption, isCaptionSeen, columns, rows, keyOf = (_, i) => i, isSortable, isLow } = props
  const [order, setOrder] = useState<{ column: number; sign: 1 | -1 } | null>(null)
  const sorted = order ? sortRows(rows, columns[order.column]!.value, order.sign) : rows
  const turn = (column: number, isNumber = false) => {
    const first = isNumber ? -1 : 1
    const isSame = order?.column === column
    if (isSame && order.sign !== first) setOrder(null)
    else setOrder({ column, sign: isSame ? (first === 1 ? -1 : 1) : first })
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keys, too
    <section class={isLow ? 'scroll low' : 'scroll'} aria-label={caption} tabIndex={0}>
      <table>
        <caption class={isCaptionSeen ? '' : 'unseen'}>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title, isNumber }, i) => {
              const sign = order?.column === i ? order.sign : null
              const sorting = sign === null ? 'none' : sign === 1 ? 'ascending' : 'descending'
              return (
                <th
                  key={title}
                  scope="col"
                  class={isNumber ? 'number' : ''}
                  {...(isSortable && { 'aria-sort': sorting })}
                >
                  {isSortable ? (
                    <button type="button" class="sort" onClick={() => turn(i, isNumber)}>
                      {title}
                      <span aria-hidden="true">
                        {sign === null ? '' : sign === 1 ? ' ↑' : ' ↓'}
                      </span>
                    </button>
                  ) : (
                    title
                  )}
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody>
          {sorted.map((row, i) => (
            <tr key={keyOf(row, i)}>
              {columns.map(({ title, value, show, isNumber, isHeader }) => {
                const content = show ? show(row) : (value(row) ?? '–')
                return isHeader ? (
                  <th key={title} scope="row">
                    {content}
                  </th>
                ) : (
                  <td key={title} class={isNumber ? 'number' : ''}>
                    {content}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** A sorted copy; rows without a value come last either way. */
function sortRows<Row>(rows: readonly Row[], value: Column<Row>['value'], sign: 1 | -1): Row[] {
  return [...rows].sort((a, b) => {
    const [left, right] = [value(a), value(b)]
    if (left === null || right === null) return Number(left === null) - Number(right === null)
    if (typeof left === 'number' && typeof right === 'number') return sign * (left - right)
    return sign * String(left).localeCompare(String(right), 'en', { numeric: true })
  })
}
