import { parseArgs } from 'node:util'
import { type ListOrder, listOrders } from '../../model/ranker.ts'
import type { TrainingSpec } from '../../model/spec/training-spec.ts'
import { type CandidateRule, candidateRules } from '../../training/evaluation/ranking-cases.ts'
import { readSettings } from '../settings.ts'
import { invalid, misused, readTraining, toNumber } from '../training-arguments.ts'

export type EvaluateArguments = {
  readonly ratingsPath: string
  readonly testPath: string | undefined
  /** Files of movies and of users, whose attributes the training may use. */
  readonly sidePaths: { readonly movies: string | undefined; readonly users: string | undefined }
  /** null without --folds. */
  readonly folds: number | null
  /** One for each --algorithm; they differ in nothing but their own settings. */
  readonly specs: readonly TrainingSpec[]
  readonly candidates: CandidateRule
  readonly orderBy: ListOrder
  readonly isJson: boolean
  /** Where a page with the pictures goes; undefined for none. */
  readonly reportPath: string | undefined
}

/** The arguments, checked; null when only help is wanted. An `invalid-request` error says what is wrong. */
export function readArguments(args: string[]): EvaluateArguments | null {
  const named = parse(args)
  if (named.help) return null
  if (named.ratings === undefined) throw invalid(`--ratings is missing. ${hint}`)
  refuseTwoWaysToHoldOut(named)
  const algorithms = [...new Set(named.algorithm ?? ['bayes'])]
  const settings = readSettings(named.set ?? [], algorithms)
  return {
    ratingsPath: named.ratings,
    testPath: named.test,
    sidePaths: { movies: named.movies, users: named.users },
    folds: named.folds === undefined ? null : toNumber('--folds', named.folds),
    specs: algorithms.map((algorithm) => readTraining(algorithm, named, settings(algorithm))),
    candidates: oneOf('--candidates', candidateRules, named.candidates),
    orderBy: oneOf('--order-by', listOrders, named['order-by']),
    isJson: named.json,
    reportPath: named.report,
  }
}

type Named = ReturnType<typeof parse>

function parse(args: string[]) {
  const text = { type: 'string' } as const
  const several = { type: 'string', multiple: true } as const
  const flag = { type: 'boolean', default: false } as const
  try {
    return parseArgs({
      args,
      options: {
        ...{ movies: text, users: text },
        ...{ ratings: text, test: text, valid: text, split: text, folds: text },
        ...{ report: text, seed: text, engine: text, algorithm: several, set: several },
        candidates: { ...text, default: 'unliked' },
        'order-by': { ...text, default: 'relevance' },
        ...{ json: flag, help: { ...flag, short: 'h' } },
      },
    }).values
  } catch (cause) {
    throw misused(cause, hint)
  }
}

const hint = 'See marquee evaluate --help.'

function refuseTwoWaysToHoldOut({ test, folds, valid, split }: Named): void {
  const ways = { '--test': test, '--folds': folds, '--valid': valid, '--split': split }
  const given = Object.entries(ways).flatMap(([name, value]) => (value === undefined ? [] : name))
  if (given.length > 1 && (test !== undefined || folds !== undefined))
    throw invalid(`${given.join(' and ')} exclude each other: give one of them.`)
  if (valid !== undefined && Number(valid) === 0)
    throw invalid('--valid 0 would hold nothing out to measure on.')
}

function oneOf<Name extends string>(option: string, names: readonly Name[], text: string): Name {
  const name = names.find((known) => known === text)
  if (!name) throw invalid(`${option} ${text}: expected ${names.join(' or ')}.`)
  return name
}
