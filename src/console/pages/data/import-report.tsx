import { Figures } from '../../components/figures.tsx'
import { Table } from '../../components/table.tsx'
import { count } from '../../text.ts'
import type { Report } from './upload.ts'

/** What was taken of a file, and the first lines that were not, with the reasons. */
export function ImportReport({ name, report }: { name: string; report: Report }) {
  const { format, accepted, refused, refusals, scale } = report
  return (
    <div class="stack">
      <Figures
        figures={[
          { name: name === 'file' ? 'Read as' : name, value: format },
          { name: 'Lines taken', value: count(accepted) },
          { name: 'Lines refused', value: count(refused) },
          ...(scale
            ? [
                {
                  name: 'Ratings from … to',
                  value: `${scale.lowest} … ${scale.highest}`,
                  note: scale.farOff > 0 && `${count(scale.farOff)} far off these`,
                },
              ]
            : []),
        ]}
      />
      {refusals.length > 0 && (
        <Table
          caption={
            refused > refusals.length
              ? `The first ${count(refusals.length)} lines that were refused`
              : 'Lines that were refused'
          }
          isCaptionSeen
          columns={[
            { title: 'Line', value: ({ line }) => line, isNumber: true, isHeader: true },
            { title: 'Why', value: ({ reason }) => reason },
          ]}
          rows={refusals}
          isLow
        />
      )}
      {scale && scale.farOffRatings.length > 0 && (
        <Table
          caption="Ratings far off all others, taken but no part of the scale"
          isCaptionSeen
          columns={[
            { title: 'Line', value: ({ line }) => line, isNumber: true, isHeader: true },
            { title: 'Rating', value: ({ rating }) => rating, isNumber: true },
          ]}
          rows={scale.farOffRatings}
          isLow
        />
      )}
    </div>
  )
}
