import type { Schemas } from '../../../../clients/typescript/src/client.ts'
import { Card } from '../../components/page.tsx'
import { Table } from '../../components/table.tsx'
import { count, fixed } from '../../text.ts'
import { signed } from './setting-text.ts'

type Props = { readonly comparison: Schemas['ModelComparison'] }

/** What was measured when one of the two was to take the place of the other; nothing where it was not. */
export function GateCard({ comparison: { gate } }: Props) {
  if (gate === null) return null
  const { comparison, candidate } = gate
  const ndcg = comparison['ndcg@10']
  const rows = [
    { name: 'RMSE', ...comparison.rmse },
    ...(ndcg ? [{ name: 'NDCG@10', ...ndcg }] : []),
  ]
  const column = (title: string, of: (row: (typeof rows)[number]) => number) => ({
    title,
    value: of,
    show: (row: (typeof rows)[number]) => fixed(of(row)),
    isNumber: true,
  })
  return (
    <Card
      title="What the gate measured"
      note={`When ${candidate} was to take the place of the other: its figures beside those of a fit of the other’s settings to the same ${count(comparison.rows)} held-out ratings. It may be worse by ${fixed(comparison.rmse.tolerance)}.`}
    >
      <Table
        caption="What the gate measured"
        columns={[
          { title: 'Figure', value: ({ name }) => name, isHeader: true },
          column('New', ({ candidate }) => candidate),
          column('Served', ({ serving }) => serving),
          {
            title: 'Difference',
            value: ({ difference }) => difference,
            show: ({ difference }) => signed(difference, 4),
            isNumber: true,
          },
          {
            title: '98 %',
            value: ({ low }) => low,
            show: ({ low, high }) => `${signed(low, 3)} … ${signed(high, 3)}`,
            isNumber: true,
          },
        ]}
        rows={rows}
        keyOf={({ name }) => name}
      />
    </Card>
  )
}
