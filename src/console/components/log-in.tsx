import { useSignal } from '@preact/signals'
import { logIn, refusal } from '../state/session.ts'
import { Card, Page } from './page.tsx'

/** Asks for an API key, where the service needs one. */
export function LogIn() {
  const isAsking = useSignal(false)
  const submit = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault()
    const key = String(new FormData(event.currentTarget).get('key')).trim()
    if (key === '') return
    isAsking.value = true
    await logIn(key)
    isAsking.value = false
  }
  return (
    <Page title="Log in" lead="This service answers to those who have an API key.">
      <Card>
        <form class="log-in" onSubmit={submit}>
          <label for="key">API key</label>
          <input
            id="key"
            name="key"
            type="password"
            autocomplete="off"
            spellcheck={false}
            required
            aria-describedby="key-help"
          />
          <p id="key-help" class="help">
            It stays in this tab until that is closed, and is sent to this service only. With a{' '}
            <code>read</code> key you can look, with <code>write</code> also import, with{' '}
            <code>admin</code> also train and choose the model; <code>public</code> keys and user
            tokens are for pages of your own. Make one with <code>marquee key admin</code>.
          </p>
          {refusal.value && (
            <p class="failure" role="alert">
              {refusal.value}
            </p>
          )}
          <button type="submit" class="primary" disabled={isAsking.value}>
            Log in
          </button>
        </form>
      </Card>
    </Page>
  )
}
