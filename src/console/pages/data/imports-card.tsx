import { useState } from 'preact/hooks'
import { dataOf, type Schemas } from '../../../../clients/typescript/src/client.ts'
import { ConfirmButton } from '../../components/confirm.tsx'
import { Badge } from '../../components/figures.tsx'
import { Card } from '../../components/page.tsx'
import { Answered, Empty } from '../../components/states.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { announce } from '../../state/live-region.ts'
import { api } from '../../state/session.ts'
import { useAnswer } from '../../state/use-answer.ts'
import { count, time } from '../../text.ts'

type Import = Schemas['Import']

/** As many of the newest imports, page by page. */
async function newest(wanted: number): Promise<{ items: Import[]; hasMore: boolean }> {
  const items: Import[] = []
  for (let cursor: string | undefined; ; ) {
    const query = { n: Math.min(100, wanted - items.length), ...(cursor && { cursor }) }
    const page = await dataOf(api.GET('/v1/imports', { params: { query } }))
    items.push(...page.items)
    if (page.nextCursor === null) return { items, hasMore: false }
    if (items.length >= wanted) return { items, hasMore: true }
    cursor = page.nextCursor
  }
}

/** What is stored, each import with a way to take it back. */
export function ImportsCard({ turn }: { turn: number }) {
  const [wanted, setWanted] = useState(20)
  const imports = useAnswer(['imports', wanted, turn], () => newest(wanted))
  return (
    <Card title="Imports" note="Of two ratings of one movie by one user the later counts.">
      <Answered answer={imports}>
        {({ items, hasMore }) =>
          items.length === 0 ? (
            <Empty title="Nothing has been imported yet">
              Drop a MovieLens zip above to begin with.
            </Empty>
          ) : (
            <>
              <Table
                caption="Imports, newest first"
                columns={[...columns, undo(imports.reload)]}
                rows={items}
                keyOf={({ id }) => id}
              />
              {hasMore && (
                <button type="button" class="quiet" onClick={() => setWanted(wanted + 100)}>
                  Show more
                </button>
              )}
            </>
          )
        }
      </Answered>
    </Card>
  )
}

const columns: Column<Import>[] = [
  {
    title: 'When',
    value: ({ importedAt }) => importedAt,
    show: ({ importedAt }) => time(importedAt),
    isHeader: true,
  },
  {
    title: 'What',
    value: ({ kind }) => kind,
    show: ({ kind, format, damage }) => (
      <>
        {kind}
        {format && <span class="note"> as {format}</span>}{' '}
        {damage && <Badge tone="bad">damaged: {damage}</Badge>}
      </>
    ),
  },
  { title: 'Stored', value: ({ rows }) => rows, show: ({ rows }) => count(rows), isNumber: true },
  {
    title: 'Refused',
    value: ({ refused }) => refused,
    show: ({ refused }) => count(refused),
    isNumber: true,
  },
  { title: 'By', value: ({ key }) => key },
]

function undo(reload: () => void): Column<Import> {
  return {
    title: 'Undo',
    value: () => null,
    show: ({ id, kind, rows, importedAt }) => (
      <ConfirmButton
        label="Take back"
        class="plain"
        title="Take this import back?"
        confirm="Take it back"
        isDangerous
        action={async () => {
          await dataOf(api.DELETE('/v1/imports/{id}', { params: { path: { id } } }))
          announce('The import is taken back.')
          reload()
        }}
      >
        The {count(rows)} {kind} of {time(importedAt)} go, and what counted before them counts
        again. Models that were trained with them stay as they are.
      </ConfirmButton>
    ),
  }
}
