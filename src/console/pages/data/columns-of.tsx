import { Table } from '../../components/table.tsx'
import { type Preview, type Roles, roles } from './preview.ts'

type Props = {
  readonly preview: Preview
  /** Null where no columns can be told. */
  readonly chosen: Roles | null
  readonly onChoose: (roles: Roles) => void
}

/** The columns of a file with its first lines; of ratings it can be said which is which. */
export function ColumnsOf({ preview, chosen, onChoose }: Props) {
  const { columns, rows } = preview
  return (
    <>
      <Table
        caption="The first lines"
        isCaptionSeen
        columns={columns.map((title, i) => ({
          title,
          value: (row: readonly string[]) => row[i] ?? '',
        }))}
        rows={rows}
      />
      {chosen && (
        <details>
          <summary>Say which column is which</summary>
          <p class="help">
            Left as it is, the service finds columns by their names (userId, user_id, item_id and
            the like) or by the format.
          </p>
          <div class="fields">
            {roles.map((role) => (
              <label key={role} class="field">
                {role}
                <select
                  value={chosen[role] ?? ''}
                  onChange={({ currentTarget: { value } }) => {
                    const { [role]: _, ...others } = chosen
                    onChoose(value === '' ? others : { ...others, [role]: Number(value) })
                  }}
                >
                  <option value="">as it is found</option>
                  {columns.map((title, i) => (
                    <option key={title} value={i}>
                      {title}
                    </option>
                  ))}
                </select>
              </label>
            ))}
          </div>
        </details>
      )}
    </>
  )
}
