import { effect, signal } from '@preact/signals'

const name = 'marquee-theme'
export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** Light, dark, or as the system has it. */
export const theme = signal<Theme>((localStorage.getItem(name) as Theme | null) ?? 'system')

effect(() => {
  localStorage.setItem(name, theme.value)
  document.documentElement.dataset['theme'] = theme.value
})

const system = matchMedia('(prefers-color-scheme: dark)')
const isSystemDark = signal(system.matches)
system.addEventListener('change', ({ matches }) => {
  isSystemDark.value = matches
})

/** The value of a custom property of the style sheet as it is now; what draws on a canvas asks again when this changes. */
export function colour(property: `--${string}`): string {
  // Read so that whoever draws is told of a change.
  void [theme.value, isSystemDark.value]
  return resolved(getComputedStyle(document.documentElement).getPropertyValue(property))
}

/** Has the browser resolve `light-dark()`. */
function resolved(value: string): string {
  const probe = document.createElement('i')
  probe.style.color = value
  document.body.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}
