import type { Command } from 'commander'
import { z } from 'zod'
import { runFields } from '../../model/spec/run-fields.ts'
import { trainingSpecSchema } from '../../model/spec/training-spec.ts'
import { tuningSpecSchema } from '../../model/spec/tuning-spec.ts'
import {
  describeValues,
  type JsonSchema,
  jsonSchemaOf,
  valuesOf,
  valueText,
} from './describe-values.ts'
import { fieldsIn, fieldsOf } from './parse-spec.ts'
import { hasOption } from './read-settings.ts'

/** A setting, or a member of one with its name indented. */
type Row = { readonly name: string; readonly values: string; readonly meaning: string }
export type Section = { readonly title: string; readonly rows: readonly Row[] }

/** Settings of trainings by these algorithms; those that all have alike come last, once. */
export function trainingSections(algorithms: readonly string[]): Section[] {
  const shared = fieldsIn(jsonSchemaOf(z.object(runFields)))
  const isShared = ([name, field]: [string, JsonSchema]) =>
    JSON.stringify(field) === JSON.stringify(shared[name])
  const own = algorithms.map((algorithm) => ({
    title: `Settings of ${algorithm}`,
    rows: settingsIn(fieldsOf(trainingSpecSchema, algorithm), isShared),
  }))
  return [...own, { title: 'Settings of every algorithm', rows: settingsIn(shared, () => false) }]
}

/** Settings that a tuning of these algorithms can vary, each with what it varies by default. */
export function tuningSections(algorithms: readonly string[]): Section[] {
  return algorithms.map((algorithm) => {
    const meanings = fieldsOf(trainingSpecSchema, algorithm)
    const space = fieldsOf(tuningSpecSchema, algorithm)['space']!
    const varied = space.default as Record<string, unknown>
    const rows = Object.entries(fieldsIn(space)).map(([name, dimension]) => ({
      name,
      values: `${dimensionOf(dimension)}; ${name in varied ? `default ${valueText(varied[name])}` : 'not varied by default'}`,
      meaning: meaningOf(meanings[name]!),
    }))
    return { title: `Settings of ${algorithm}`, rows }
  })
}

function dimensionOf({ anyOf, items }: JsonSchema): string {
  const [list] = (anyOf ?? [{ items }]) as JsonSchema[]
  return `list${anyOf ? ' or range' : ''} of ${valuesOf(list!.items as JsonSchema)}`
}

function settingsIn(
  fields: Record<string, JsonSchema>,
  isLeftOut: (field: [string, JsonSchema]) => boolean,
): Row[] {
  return Object.entries(fields)
    .filter((field) => !hasOption(field[0]) && !isLeftOut(field))
    .flatMap(([name, field]) => [
      rowOf(name, field),
      ...Object.entries(fieldsIn(field)).map(([member, inner]) => rowOf(`  ${member}`, inner)),
    ])
}

function meaningOf({ description, anyOf = [] }: JsonSchema): string {
  const described = (anyOf as JsonSchema[]).find((one) => one.description !== undefined)
  return description ?? described?.description ?? ''
}

function rowOf(name: string, field: JsonSchema): Row {
  return { name, values: describeValues(field), meaning: meaningOf(field) }
}

/** Sections as text, one aligned line a setting; with its meaning where `isLong`. */
export function settingsText(
  command: Command,
  sections: readonly Section[],
  isLong: boolean,
): string {
  const help = command.createHelp()
  help.helpWidth = command.configureOutput().getOutHelpWidth?.() ?? 80
  const width = Math.max(...sections.flatMap(({ rows }) => rows.map(({ name }) => name.length)))
  return sections
    .map(({ title, rows }) => {
      const lines = rows.map(({ name, values, meaning }) =>
        help.formatItem(name, width, isLong ? `${meaning} (${values})` : values, help),
      )
      return `\n${title}:\n${lines.join('\n')}\n`
    })
    .join('')
}
