import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { Link } from 'wouter-preact'
import { CopyCurl } from '../../components/copy.tsx'
import { Bar } from '../../components/figures.tsx'
import { Card } from '../../components/page.tsx'
import { Failure } from '../../components/states.tsx'
import { announce } from '../../state/live-region.ts'
import { bytes, counted, percent } from '../../text.ts'
import { ColumnsOf } from './columns-of.tsx'
import { ImportReport } from './import-report.tsx'
import {
  columnsText,
  type FileKind,
  fileKinds,
  kindOf,
  type Preview,
  previewOf,
  type Roles,
} from './preview.ts'
import { type Reports, upload } from './upload.ts'

type State =
  | { readonly at: 'chosen' }
  | { readonly at: 'sending'; readonly share: number; readonly stop: AbortController }
  | { readonly at: 'done'; readonly reports: Reports }
  | { readonly at: 'refused'; readonly error: unknown }

/** One file: as it was understood, on its way, and what came of it. */
export function FileCard({ file, onDone }: { file: File; onDone: () => void }) {
  const kind = useSignal<FileKind>(kindOf(file.name))
  const preview = useSignal<Preview | null>(null)
  const chosen = useSignal<Roles>({})
  const scale = useSignal('')
  const state = useSignal<State>({ at: 'chosen' })
  const done = useRef(onDone)
  done.current = onDone
  useEffect(() => {
    void previewOf(file).then((made) => {
      preview.value = made
    })
  }, [file, preview])

  const query = new URLSearchParams()
  const hasScale = kind.value === 'ratings' || kind.value === 'archive'
  if (hasScale && scale.value.trim() !== '') query.set('ratingScale', scale.value.trim())
  const columns = preview.value && columnsText(preview.value, chosen.value)
  if (kind.value === 'ratings' && columns) query.set('columns', columns)
  const path = fileKinds[kind.value].path + (query.size > 0 ? `?${query}` : '')

  const send = async () => {
    const stop = new AbortController()
    const onShare = (share: number) => {
      state.value = { at: 'sending', share, stop }
    }
    onShare(0)
    try {
      const reports = await upload(path, file, onShare, stop.signal)
      state.value = { at: 'done', reports }
      const lines = reports.parts.reduce((sum, { report }) => sum + report.accepted, 0)
      announce(`${file.name}: ${counted(lines, 'line')} taken.`)
      done.current()
    } catch (error) {
      state.value = stop.signal.aborted ? { at: 'chosen' } : { at: 'refused', error }
    }
  }

  const now = state.value
  return (
    <Card
      title={file.name}
      note={bytes(file.size)}
      actions={<CopyCurl call={{ method: 'POST', path, file: file.name }} />}
    >
      {(now.at === 'chosen' || now.at === 'refused') && (
        <>
          {now.at === 'refused' && <Failure error={now.error} />}
          <div class="fields">
            <label class="field">
              It has
              <select
                value={kind.value}
                onChange={({ currentTarget }) => {
                  kind.value = currentTarget.value as FileKind
                }}
              >
                {Object.entries(fileKinds).map(([name, { title }]) => (
                  <option key={name} value={name}>
                    {title}
                  </option>
                ))}
              </select>
            </label>
            {hasScale && (
              <label class="field">
                Scale of all ratings
                <input
                  value={scale.value}
                  placeholder="as it is found; or 1,5"
                  onChange={({ currentTarget }) => {
                    scale.value = currentTarget.value
                  }}
                />
              </label>
            )}
          </div>
          {preview.value && (
            <ColumnsOf
              preview={preview.value}
              chosen={kind.value === 'ratings' ? chosen.value : null}
              onChoose={(roles) => {
                chosen.value = roles
              }}
            />
          )}
          <button type="button" class="primary" onClick={() => void send()}>
            Import
          </button>
        </>
      )}
      {now.at === 'sending' && (
        <>
          <p>{now.share < 1 ? `${percent(now.share)} sent` : 'Sent; the service reads it …'}</p>
          <Bar share={now.share} label={`Sent of ${file.name}`} />
          <button type="button" class="quiet" onClick={() => now.stop.abort()}>
            Stop
          </button>
        </>
      )}
      {now.at === 'done' && (
        <>
          {now.reports.parts.map(({ name, report }) => (
            <ImportReport key={name} name={name} report={report} />
          ))}
          {now.reports.skipped.length > 0 && (
            <p class="note">
              Other files, which were left alone: {now.reports.skipped.join(', ')}.
            </p>
          )}
          <p>
            Answers know it already, as far as they can; <Link href="/train">train</Link> to learn
            from it.
          </p>
        </>
      )}
    </Card>
  )
}
