import { useSignal } from '@preact/signals'
import { Icon } from '../../components/icon.tsx'

/** Takes files that are dropped on it, or chosen. */
export function DropZone({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
  const isOver = useSignal(false)
  const over = (is: boolean) => (event: DragEvent) => {
    event.preventDefault()
    isOver.value = is
  }
  return (
    <label
      class={isOver.value ? 'drop over' : 'drop'}
      onDragOver={over(true)}
      onDragLeave={over(false)}
      onDrop={(event) => {
        over(false)(event)
        onFiles([...(event.dataTransfer?.files ?? [])])
      }}
    >
      <Icon name="upload" />
      <strong>Drop files here, or choose them</strong>
      <span>
        A MovieLens zip as it is downloaded, CSV, TSV, .dat, u.data, NDJSON, or these in gzip
      </span>
      <input
        type="file"
        multiple
        class="unseen"
        onChange={({ currentTarget }) => {
          onFiles([...(currentTarget.files ?? [])])
          currentTarget.value = ''
        }}
      />
    </label>
  )
}
