import { Link } from 'wouter-preact'

type Props = {
  readonly label: string
  readonly tabs: readonly { title: string; href: string; isHere: boolean }[]
}

/** Views of a page, each with an address of its own. */
export function Tabs({ label, tabs }: Props) {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map(({ title, href, isHere }) => (
        <Link key={title} href={href} {...(isHere && { 'aria-current': 'page' })}>
          {title}
        </Link>
      ))}
    </nav>
  )
}
