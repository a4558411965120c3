import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Route, Router, Switch, useLocation } from 'wouter-preact'
import { LogIn } from './components/log-in.tsx'
import { Navigation } from './components/navigation.tsx'
import { Page } from './components/page.tsx'
import { routes } from './routes.ts'
import { announcement } from './state/live-region.ts'
import { checkKey, isKeyWanted } from './state/session.ts'

/** The whole console: navigation beside the page that the address names. */
export function Console() {
  // Asks at once, so that who needs a key is told so and not by each part of a page.
  const isAsked = useSignal(false)
  useEffect(() => {
    const show = () => {
      isAsked.value = true
    }
    checkKey().then(show, show)
  }, [isAsked])
  return (
    <Router base="/console">
      <a class="skip" href="#page">
        Skip to the page
      </a>
      <Navigation />
      <main id="page" tabIndex={-1}>
        {isKeyWanted.value ? <LogIn /> : isAsked.value && <Pages />}
      </main>
      <p class="unseen" role="status" aria-live="polite">
        {announcement}
      </p>
    </Router>
  )
}

function Pages() {
  const [location] = useLocation()
  return (
    <Switch>
      {routes.map(({ path, page: Shown }) => (
        <Route path={path === '/' ? '/' : `${path}/*?`} key={path}>
          <Shown />
        </Route>
      ))}
      <Route>
        <Page title="Nothing here" lead={`The console has no page ${location}.`} />
      </Route>
    </Switch>
  )
}
