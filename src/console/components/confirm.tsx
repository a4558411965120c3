import type { ComponentChildren } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { Failure } from './states.tsx'

type Props = {
  readonly label: ComponentChildren
  readonly title: string
  /** What will happen, and to what. */
  readonly children: ComponentChildren
  readonly confirm: string
  /** Done once confirmed; what it throws is shown, and the dialog stays. */
  readonly action: () => Promise<unknown>
  readonly isDangerous?: boolean
  readonly class?: string
}

/** A button for what should not happen by a slip: it asks before it acts. */
export function ConfirmButton(props: Props) {
  const { label, title, children, confirm, action, isDangerous } = props
  const dialog = useRef<HTMLDialogElement>(null)
  const [error, setError] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const act = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await action()
      dialog.current?.close()
    } catch (thrown) {
      setError(thrown)
    }
    setBusy(false)
  }
  return (
    <>
      <button
        type="button"
        class={props.class ?? 'quiet'}
        onClick={() => {
          setError(undefined)
          dialog.current?.showModal()
        }}
      >
        {label}
      </button>
      <dialog ref={dialog} aria-label={title}>
        <h2>{title}</h2>
        <div class="says">{children}</div>
        {error !== undefined && <Failure error={error} />}
        <div class="actions">
          <button
            type="button"
            class={isDangerous ? 'primary danger' : 'primary'}
            disabled={isBusy}
            onClick={() => void act()}
          >
            {confirm}
          </button>
          <button type="button" class="quiet" onClick={() => dialog.current?.close()}>
            Leave it
          </button>
        </div>
      </dialog>
    </>
  )
}
