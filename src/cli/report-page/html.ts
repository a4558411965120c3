/**
 * Text that is HTML already; only `html` makes it, so that whatever else is put in gets escaped.
 */
export class Html {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  toString(): string {
    return this.#text
  }
}

type Value = Html | string | number | readonly Html[]

/** A template whose values are escaped unless they are Html, or lists of it, themselves. */
export function html(parts: TemplateStringsArray, ...values: Value[]): Html {
  return new Html(
    parts.map((part, i) => part + (i < values.length ? textOf(values[i]!) : '')).join(''),
  )
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function textOf(value: Value): string {
  if (typeof value === 'string') return value.replace(/[&<>"']/g, (found) => entities[found]!)
  return typeof value === 'object' && 'map' in value ? value.join('\n') : String(value)
}
