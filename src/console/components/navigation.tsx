import { useSignal } from '@preact/signals'
import { Link, useLocation } from 'wouter-preact'
import { routes } from '../routes.ts'
import { isKeyWanted, isLoggedIn, logOut } from '../state/session.ts'
import { type Theme, theme, themes } from '../state/theme.ts'
import { Icon } from './icon.tsx'

/** The pages, and what is the same on all of them; on a phone behind a button. */
export function Navigation() {
  const [location] = useLocation()
  const isOpen = useSignal(false)
  const close = () => {
    isOpen.value = false
  }
  return (
    <header class={isOpen.value ? 'side open' : 'side'}>
      <div class="brand">
        <Link href="/" onClick={close}>
          <Logo />
          Marquee
        </Link>
        <button
          type="button"
          class="menu"
          aria-expanded={isOpen.value}
          aria-controls="navigation"
          onClick={() => {
            isOpen.value = !isOpen.value
          }}
        >
          <Icon name="menu" />
          Menu
        </button>
      </div>
      <div class="fold" id="navigation">
        <nav aria-label="Pages">
          <ul>
            {routes.map(({ path, title, icon }) => {
              const isHere = path === '/' ? location === '/' : `${location}/`.startsWith(`${path}/`)
              return (
                <li key={path}>
                  <Link href={path} onClick={close} {...(isHere && { 'aria-current': 'page' })}>
                    <Icon name={icon} />
                    {title}
                  </Link>
                </li>
              )
            })}
          </ul>
        </nav>
        <div class="foot">
          <a href="/docs">API reference</a>
          <label>
            Colours
            <select
              value={theme.value}
              onChange={({ currentTarget }) => {
                theme.value = currentTarget.value as Theme
              }}
            >
              {themes.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          {isLoggedIn.value && !isKeyWanted.value && (
            <button type="button" class="plain" onClick={logOut}>
              Forget the key
            </button>
          )}
        </div>
      </div>
    </header>
  )
}

function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" />
      <path d="M8 23V10.5l8 7 8-7V23" />
      <circle cx="8" cy="8" r="1.7" />
      <circle cx="16" cy="8" r="1.7" />
      <circle cx="24" cy="8" r="1.7" />
    </svg>
  )
}
