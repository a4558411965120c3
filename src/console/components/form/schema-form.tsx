import { useId } from 'preact/hooks'
import { type Field, parseText, textOf } from './fields.ts'

export type Values = Readonly<Record<string, unknown>>
/** Sentences about values that are not taken, by JSON pointers to them. */
export type Wrong = Readonly<Record<string, string>>

type Props = {
  readonly fields: readonly Field[]
  readonly values: Values
  readonly onChange: (values: Values) => void
  readonly wrong?: Wrong
  /** The pointer to the object that the fields are of. */
  readonly pointer?: string
}

/**
 * The fields of an object of the API: what is left empty is not sent, and has the default that is shown
 * in its place.
 */
export function SchemaForm({ fields, values, onChange, wrong = {}, pointer = '' }: Props) {
  // What is as wide as the form comes last.
  const ordered = [...fields].sort((a, b) => Number(isGroup(a)) - Number(isGroup(b)))
  return (
    <div class="fields">
      {ordered.map((field) => {
        const change = (value: unknown) => {
          const { [field.name]: _, ...others } = values
          onChange(value === undefined ? others : { ...others, [field.name]: value })
        }
        const part = { field, value: values[field.name], onChange: change, wrong }
        const here = `${pointer}/${field.name}`
        return isGroup(field) ? (
          <Group key={field.name} {...part} pointer={here} />
        ) : (
          <Control key={field.name} {...part} pointer={here} />
        )
      })}
    </div>
  )
}

function isGroup({ control }: Field): boolean {
  return control === 'group'
}

type PartProps = {
  readonly field: Field
  readonly value: unknown
  readonly onChange: (value: unknown) => void
  readonly wrong: Wrong
  readonly pointer: string
}

function Control({ field, value, onChange, wrong, pointer }: PartProps) {
  const id = useId()
  const { label, help, control, words, range, takes, isRequired } = field
  const refusal = wrong[pointer]
  const hints = [
    range,
    control === 'text' && words.length > 0 && `or ${words.map((word) => `“${word}”`).join(', ')}`,
    takes.range && 'a list, or from … to (log)',
    takes.list && !takes.range && 'a list',
  ].filter((hint) => typeof hint === 'string')
  const common = {
    id,
    'aria-describedby': `${id}-help`,
    ...(refusal && { 'aria-invalid': true as const }),
  }
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {control === 'choice' ? (
        <select
          {...common}
          value={value === undefined ? '' : String(value)}
          onChange={({ currentTarget }) =>
            onChange(words.find((word) => String(word) === currentTarget.value))
          }
        >
          <option value="">
            {field.default === null ? '–' : `${shown(field.default)} (default)`}
          </option>
          {words
            .filter((word) => String(word) !== field.default)
            .map((word) => (
              <option key={String(word)} value={String(word)}>
                {shown(String(word))}
              </option>
            ))}
        </select>
      ) : (
        <input
          {...common}
          type="text"
          inputMode={takes.number && words.length === 0 && !takes.list ? 'decimal' : 'text'}
          autocomplete="off"
          spellcheck={false}
          required={isRequired}
          placeholder={field.default === null ? '' : `${field.default} (default)`}
          value={textOf(value)}
          onChange={({ currentTarget }) => onChange(parseText(currentTarget.value, takes))}
        />
      )}
      <div class="help" id={`${id}-help`}>
        {refusal && <span class="wrong">{refusal}. </span>}
        <Help text={help} /> {hints.length > 0 && <i>{hints.join('; ')}</i>}
      </div>
    </div>
  )
}

/** The first sentence; the others where somebody asks for them. */
function Help({ text }: { text: string }) {
  const end = text.search(/[.;] (?=["A-Z])/) + 1
  if (text.length < 140 || end === 0) return <>{text}</>
  return (
    <details>
      <summary>{text.slice(0, end)}</summary>
      {text.slice(end + 1)}
    </details>
  )
}

/** A part of a form, which may be left out as a whole where the API takes null for it. */
function Group({ field, value, onChange, wrong, pointer }: PartProps) {
  const isOut = value === null
  return (
    <fieldset class="group">
      <legend>{field.label}</legend>
      <div class="help">
        <Help text={field.help} />
        {field.default?.startsWith('{') && <p>Default: {listed(field.default)}.</p>}
      </div>
      {field.isNullable && (
        <label class="row">
          <input
            type="checkbox"
            checked={isOut}
            onChange={({ currentTarget }) => onChange(currentTarget.checked ? null : undefined)}
          />
          Without it
        </label>
      )}
      {!isOut && (
        <details open={value !== undefined}>
          <summary>Settings</summary>
          <SchemaForm
            fields={field.fields}
            values={(value ?? {}) as Values}
            onChange={(inner) => onChange(Object.keys(inner).length === 0 ? undefined : inner)}
            wrong={wrong}
            pointer={pointer}
          />
        </details>
      )}
    </fieldset>
  )
}

function shown(word: string): string {
  return word === 'true' ? 'yes' : word === 'false' ? 'no' : word
}

/** An object in JSON as people list things. */
function listed(json: string): string {
  return Object.entries(JSON.parse(json) as object)
    .map(([name, value]) => `${name} ${textOf(value)}`)
    .join('; ')
}
