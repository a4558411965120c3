import { alternatives, type OpenApiDocument, resolve, type Schema } from '../../state/openapi.ts'

/** A field of a form as its schema describes it. */
export type Field = {
  readonly name: string
  readonly label: string
  readonly help: string
  /** As the description of the field has it; null where it says none. */
  readonly default: string | null
  readonly isRequired: boolean
  /** "1 … 1,000"; null where any number is taken, or none. */
  readonly range: string | null
  readonly control: 'choice' | 'text' | 'group'
  /** Of a choice, or words that are taken beside numbers. */
  readonly words: readonly unknown[]
  /** Of a group. */
  readonly fields: readonly Field[]
  /** Whether null, "without it", may be said. */
  readonly isNullable: boolean
  readonly takes: Takes
}

/** What a text may stand for. */
export type Takes = {
  readonly number: boolean
  readonly list: boolean
  readonly range: boolean
}

/** The fields of an object, without those that can only have one value. */
export function fieldsOf(document: OpenApiDocument, schema: Schema): Field[] {
  const { properties = {}, required = [] } = resolve(document, schema)
  return Object.entries(properties)
    .filter(([, property]) => resolve(document, property).const === undefined)
    .map(([name, property]) => fieldOf(document, name, property, required.includes(name)))
}

function fieldOf(
  document: OpenApiDocument,
  name: string,
  schema: Schema,
  isRequired: boolean,
): Field {
  const all = alternatives(document, schema)
  const some = all.filter(({ type }) => type !== 'null')
  const numbers = some.filter(({ type }) => type === 'number' || type === 'integer')
  const lists = some.filter(({ type }) => type === 'array')
  const objects = some.filter(({ properties }) => properties !== undefined)
  const ranges = objects.filter(({ properties }) => properties?.['min'] !== undefined)
  const groups = objects.filter((one) => !ranges.includes(one))
  const words = some.flatMap(wordsOf)
  const isFree = some.some((one) => one.type === 'string' && wordsOf(one).length === 0)
  const isChoice = words.length > 0 && numbers.length + lists.length === 0 && !isFree
  const given = resolve(document, schema).description ?? some[0]?.description ?? ''
  return {
    name,
    label: labelOf(name),
    ...describe(given),
    isRequired,
    range: numbers[0] ? rangeOf(numbers[0]) : null,
    control: groups[0] ? 'group' : isChoice ? 'choice' : 'text',
    words,
    fields: groups[0] ? fieldsOf(document, groups[0]) : [],
    isNullable: all.length > some.length && some.length > 0,
    takes: { number: numbers.length > 0, list: lists.length > 0, range: ranges.length > 0 },
  }
}

function wordsOf({ type, const: constant, enum: words }: Schema): readonly unknown[] {
  if (type === 'boolean') return [true, false]
  return constant === undefined ? (words ?? []) : [constant]
}

/** `weightDecay` as "Weight decay". */
function labelOf(name: string): string {
  const words = name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Descriptions tell the default as a sentence of its own, or behind its word. */
function describe(text: string): { help: string; default: string | null } {
  const found = / ?\bDefault (\{.*?\}|\[.*?\]|"[^"]*"|[\w.-]+?)\.(?= |$)/.exec(text)
  const help = found ? text.replace(found[0], '') : text
  const told = found?.[1] ?? /"([\w-]+)" \(the default\)/.exec(text)?.[1]
  return { help: help.trim(), default: told?.replaceAll(/^"|"$/g, '') ?? null }
}

function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): string | null {
  const low = minimum ?? exclusiveMinimum
  const high = maximum ?? exclusiveMaximum
  const shown = (value: number) => value.toLocaleString('en', { maximumSignificantDigits: 10 })
  if (low === undefined && high === undefined) return null
  if (high === undefined) return `${exclusiveMinimum === low ? 'above' : 'from'} ${shown(low!)}`
  const from = exclusiveMinimum === undefined ? shown(low ?? 0) : `above ${shown(low!)}`
  return `${from} … ${exclusiveMaximum === undefined ? '' : 'below '}${shown(high)}`
}

/** What a text stands for; nothing where it is empty, itself where it is for the service to refuse. */
export function parseText(text: string, { number, list, range }: Takes): unknown {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  if (/^[[{]/.test(trimmed))
    try {
      return JSON.parse(trimmed)
    } catch {
      return trimmed
    }
  const [, min, max, log] = /^(\S+) *(?:\.\.|…) *(\S+)( +log)?$/.exec(trimmed) ?? []
  if (range && min !== undefined)
    return { min: Number(min), max: Number(max), ...(log && { log: true }) }
  if (list && (!number || trimmed.includes(','))) return trimmed.split(/ *, */).map(wordOrNumber)
  return number ? wordOrNumber(trimmed) : trimmed
}

function wordOrNumber(word: string): unknown {
  const number = Number(word)
  return word === '' || Number.isNaN(number) ? word : number
}

/** A value as its text; the other way round. */
export function textOf(value: unknown): string {
  if (value === undefined) return ''
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return value.join(', ')
  if (typeof value !== 'object' || value === null) return String(value)
  if ('min' in value && 'max' in value)
    return `${value.min} … ${value.max}${'log' in value && value.log ? ' log' : ''}`
  return JSON.stringify(value)
}
