import { useSignal } from '@preact/signals'
import { Page } from '../components/page.tsx'
import { DropZone } from './data/drop-zone.tsx'
import { FileCard } from './data/file-card.tsx'
import { ForgetCard } from './data/forget-card.tsx'
import { ImportsCard } from './data/imports-card.tsx'
import { SchedulesCard } from './data/schedules-card.tsx'

/** What goes in, what is stored, when it is learnt from, and how it goes out again. */
export function DataPage() {
  const files = useSignal<readonly File[]>([])
  // Counts imports that ended, so that the list of them is asked for anew.
  const turn = useSignal(0)
  return (
    <Page
      title="Data"
      lead="Ratings, movies and users as files. Formats are recognised by their content; a bad line is reported and stops nothing."
    >
      <div class="stack">
        <DropZone
          onFiles={(dropped) => {
            files.value = [...files.value, ...dropped]
          }}
        />
        {files.value.map((file, i) => (
          <FileCard
            key={`${i} ${file.name}`}
            file={file}
            onDone={() => {
              turn.value += 1
            }}
          />
        ))}
        <ImportsCard turn={turn.value} />
        <SchedulesCard />
        <ForgetCard />
      </div>
    </Page>
  )
}
