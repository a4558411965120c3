import { useSignal } from '@preact/signals'
import type { Schemas } from '../../../../clients/typescript/src/client.ts'
import { count, significant } from '../../text.ts'
import { Figure } from '../charts/figure.tsx'
import { Table } from '../table.tsx'
import { createAxis } from './axis.ts'

type Bins = Pick<
  Schemas['ModelReport']['predictedVsActual'],
  'columnSpacing' | 'rowSpacing' | 'rows' | 'bins'
>
type Bin = Bins['bins'][number]

const plot = { left: 44, right: 452, top: 10, bottom: 364, width: 460, height: 408 }

/** Predicted against actual ratings, each hexagon the stronger the more ratings it stands for. */
export function HexChart({ predictedVsActual }: { predictedVsActual: Bins }) {
  const { rows, bins } = predictedVsActual
  const at = useSignal<Bin | null>(null)
  return (
    <Figure
      title="Predicted against actual"
      note={`${count(rows)} held-out ratings; on the dashed line they are predicted right.`}
      table={
        <Table
          caption="Predicted against actual"
          columns={[
            { title: 'Actual', value: ({ actual }) => actual, isNumber: true, isHeader: true },
            {
              title: 'Predicted',
              value: ({ predicted }) => predicted,
              show: ({ predicted }) => significant(predicted, 4),
              isNumber: true,
            },
            { title: 'Ratings', value: (bin) => bin.count, isNumber: true },
          ]}
          rows={bins}
          isSortable
          isLow
        />
      }
    >
      <Hexagons
        {...predictedVsActual}
        onPoint={(bin) => {
          at.value = bin
        }}
      />
      <p class="pointed">
        {at.value
          ? `actual ${significant(at.value.actual, 3)}, predicted ${significant(at.value.predicted, 3)}: ${count(at.value.count)} ratings`
          : ' '}
      </p>
    </Figure>
  )
}

/**
 * Hexagons d·4/3 wide and h high around their centres; opacity is √(count / highest count), so that
 * the rare ones are seen, too.
 */
function Hexagons(props: Bins & { onPoint: (bin: Bin | null) => void }) {
  const { columnSpacing: d, rowSpacing: h, bins, rows, onPoint } = props
  const [actual, predicted] = [bins.map((bin) => bin.actual), bins.map((bin) => bin.predicted)]
  const [left, right] = [Math.min(...actual) - (2 / 3) * d, Math.max(...actual) + (2 / 3) * d]
  const [low, high] = [Math.min(...predicted) - h / 2, Math.max(...predicted) + h / 2]
  const x = createAxis(left, right, plot.left, plot.right)
  const y = createAxis(low, high, plot.bottom, plot.top)
  const most = Math.max(...bins.map((bin) => bin.count))
  const [from, to] = [Math.max(left, low), Math.min(right, high)]
  return (
    <svg
      class="hexagons"
      viewBox={`0 0 ${plot.width} ${plot.height}`}
      role="img"
      aria-label={`Predicted against actual ratings: ${count(rows)} in ${bins.length} hexagons.`}
      onPointerLeave={() => onPoint(null)}
    >
      {y.ticks.map((tick) => (
        <g key={tick}>
          <line class="rule" x1={plot.left} x2={plot.right} y1={y.at(tick)} y2={y.at(tick)} />
          <text text-anchor="end" x={plot.left - 8} y={y.at(tick) + 4}>
            {significant(tick, 3)}
          </text>
        </g>
      ))}
      {x.ticks.map((tick) => (
        <text key={tick} text-anchor="middle" x={x.at(tick)} y={plot.bottom + 18}>
          {significant(tick, 3)}
        </text>
      ))}
      <text text-anchor="middle" x={(plot.left + plot.right) / 2} y={plot.bottom + 38}>
        actual rating
      </text>
      <text
        text-anchor="middle"
        transform={`translate(13 ${(plot.top + plot.bottom) / 2}) rotate(-90)`}
      >
        predicted rating
      </text>
      {bins.map((bin) => (
        <polygon
          key={`${bin.actual} ${bin.predicted}`}
          points={corners
            .map(([i, j]) => `${x.at(bin.actual + i * d)},${y.at(bin.predicted + j * h)}`)
            .join(' ')}
          fill-opacity={Math.sqrt(bin.count / most).toFixed(3)}
          onPointerEnter={() => onPoint(bin)}
        />
      ))}
      {from < to && (
        <line class="right" x1={x.at(from)} y1={y.at(from)} x2={x.at(to)} y2={y.at(to)} />
      )}
    </svg>
  )
}

const corners = [
  [-2 / 3, 0],
  [-1 / 3, 1 / 2],
  [1 / 3, 1 / 2],
  [2 / 3, 0],
  [1 / 3, -1 / 2],
  [-1 / 3, -1 / 2],
] as const
