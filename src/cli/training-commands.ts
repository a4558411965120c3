import { Option } from 'commander'
import { z } from 'zod'
import { readConfig } from '../config.ts'
import { listOrders } from '../model/ranker.ts'
import { runFields } from '../model/spec/run-fields.ts'
import { algorithms, steppedAlgorithms } from '../model/spec/training-spec.ts'
import { tuningSpecSchema } from '../model/spec/tuning-spec.ts'
import { parseColumns } from '../storage/ratings/columns/given-columns.ts'
import type { AlsoName } from '../training/evaluation/also/also-measures.ts'
import type { CandidateRule } from '../training/evaluation/ranking-cases.ts'
import { fieldOption, type MarqueeCommand } from './command.ts'
import {
  type Section,
  settingsText,
  trainingSections,
  tuningSections,
} from './settings/settings-help.ts'

const candidateRules = ['unliked', 'unrated'] as const satisfies readonly CandidateRule[]
const alsoNames = [
  'few-ratings',
  'lists-by-ratings',
  'prequential',
  'similar-movies',
] as const satisfies readonly AlsoName[]
const { method, valid } = runFields.split.unwrap().shape
const search = tuningSpecSchema.options[0].shape

/** Adds `marquee evaluate` to the program. */
export function addEvaluate(program: MarqueeCommand): void {
  const several = z.enum(algorithms).describe('What trains, bayes unless given; repeatable.')
  const command = training(program, 'evaluate', {
    algorithm: fieldOption('--algorithm <name>', several, { isRepeated: true }),
    setting: 'epochs=5, or net.epochs=5 for one algorithm',
  })
  command
    .summary('Trains on a file and measures it beside simple predictors.')
    .description(
      'Trains on a file of ratings, and measures on ratings that the training has not seen, beside simple predictors: errors by what training has seen of user and movie; lists of ten from all movies, for each user that liked a held-out movie; and how many held-out ratings lie in intervals of level 0.9, each half of them calibrated on the other.',
    )
    .addOption(
      fieldOption(
        '--folds <number>',
        z
          .int()
          .describe('Instead: every rating once, in so many trainings; figures are their means.'),
      ).conflicts(['valid', 'split']),
    )
    .addOption(
      new Option('--test <file>', 'Instead: the ratings of a file of their own.').conflicts([
        ...['folds', 'valid', 'split'],
      ]),
    )
    .optionsGroup('What the training knows besides:')
    .option('--movies <file>', 'movies.csv, u.item or movies.dat: genres and decades.')
    .option('--users <file>', 'users.csv, u.user or users.dat: attributes.')
    .optionsGroup('What is measured:')
    .addOption(
      fieldOption(
        '--candidates <rule>',
        z
          .enum(candidateRules)
          .default('unliked')
          .describe(
            'What a list may show: "unliked", all that the user did not give 4 or more in training, as most papers do; "unrated", all that the user did not rate in training, as the service does.',
          ),
      ),
    )
    .addOption(
      fieldOption(
        '--order-by <order>',
        z
          .enum(listOrders)
          .default('relevance')
          .describe(
            'What orders the lists of trained models: "relevance", as the service does, or "rating", the predicted one.',
          ),
      ),
    )
    .addOption(
      fieldOption(
        '--also <measure>',
        z
          .enum(alsoNames)
          .describe(
            'What else, of each trained model; repeatable. "few-ratings": lists of the same users when 0, 1, 2 … 20 of their ratings are known, trained and folded in. "lists-by-ratings": lists of users by how many ratings they have in training. "prequential": errors of test ratings when all earlier ones of their user were told. "similar-movies": lists of similar movies; with --movies, whether they find others of a series.',
          ),
        { isRepeated: true },
      ),
    )
    .addOption(
      new Option(
        '--prequential',
        'As --also prequential, with the last ratings of all held out: --split global-time unless given.',
      )
        .implies({ split: 'global-time' })
        .conflicts('folds'),
    )
    .optionsGroup('What is printed:')
    .option('--json', 'One object instead of tables.')
    .option('--report <file>', 'Also a page (HTML) with figures and pictures of each training.')
    .option(
      '--predictions <file>',
      'Also the predictions of all held-out ratings (CSV: userId, movieId, rating, prediction, algorithm).',
    )
    .option('--save <file>', 'Also the model (safetensors), as examples/read_model.py reads it.')
    .examples(
      'marquee evaluate --ratings ml-100k',
      'marquee evaluate --ratings ml-100k/u1.base --test ml-100k/u1.test',
      "marquee evaluate --ratings ml-100k --algorithm net --set 'hiddenLayers=[100,50]'",
    )
    .action(async (options) => {
      const { evaluate } = await import('./evaluate/evaluate.ts')
      await evaluate(options, readConfig().MARQUEE_TENSORFLOW_BACKEND)
    })
  explainSettings(command, algorithms, trainingSections)
}

/** Adds `marquee find-rate` to the program. */
export function addFindRate(program: MarqueeCommand): void {
  const command = training(program, 'find-rate', { algorithm: stepped(), setting: 'factors=20' })
  command
    .summary('Finds a learning rate for a file of ratings.')
    .description(
      'Finds a learning rate on the training rows of a file of ratings, and shows the loss at each rate.',
    )
    .optionsGroup('What is printed:')
    .option('--json', 'One object instead of a picture.')
    .examples(
      'marquee find-rate --ratings ml-100k',
      'marquee find-rate --ratings ml-100k --algorithm dot --set factors=20',
    )
    .action(async (options) => {
      const { findRate } = await import('./find-rate.ts')
      await findRate(options, readConfig().MARQUEE_TENSORFLOW_BACKEND)
    })
  explainSettings(command, steppedAlgorithms, trainingSections)
}

/** Adds `marquee tune` to the program. */
export function addTune(program: MarqueeCommand): void {
  const command = training(program, 'tune', {
    algorithm: stepped(),
    setting: `'factors=[10,20]', a list to draw from, or 'factors={"min":5,"max":100}', a range, with "log":true by its logarithm`,
  })
  command
    .summary('Searches for hyper-parameters on a file of ratings.')
    .description(
      'Searches for hyper-parameters on the training rows of a file of ratings; those that the split holds out are not looked at. Prints each trial, and the winner as a training job.',
    )
    .optionsGroup('How it searches; --trials, --minutes or both are needed:')
    .addOption(fieldOption('--trials <number>', search.trials))
    .addOption(fieldOption('--minutes <number>', search.minutes))
    .addOption(fieldOption('--strategy <name>', search.strategy))
    .optionsGroup('What is printed:')
    .option('--json', 'One object instead of lines.')
    .examples(
      'marquee tune --ratings ml-100k --trials 20',
      "marquee tune --ratings ml-100k --minutes 10 --set 'factors=[10,20,40]'",
    )
    .action(async (options) => {
      const { tuneFile } = await import('./tune.ts')
      await tuneFile(options, readConfig().MARQUEE_TENSORFLOW_BACKEND)
    })
  explainSettings(command, steppedAlgorithms, tuningSections)
}

function stepped(): Option {
  const algorithm = z.enum(steppedAlgorithms).default('dot-bias')
  return fieldOption('--algorithm <name>', algorithm.describe('What trains.'))
}

/** A command with the options that all have that train; `setting` is an example for `--set`. */
function training(
  program: MarqueeCommand,
  name: string,
  { algorithm, setting }: { algorithm: Option; setting: string },
): MarqueeCommand {
  return program
    .command(name)
    .requiredOption(
      '--ratings <path>',
      'A file of ratings, also in gzip or zip, or a folder with ratings.csv, u.data or ratings.dat. (needed)',
    )
    .addOption(
      new Option(
        '--columns <names>',
        'Which columns of it to read: user:…,movie:…,rating:…,timestamp:…, by their names in the header or, for a file without one, by positions from 1.',
      ).argParser(parseColumns),
    )
    .addOption(algorithm)
    .option(
      '--set <name=value>',
      `A setting of the algorithm, JSON or a word; repeatable: --set ${setting}.`,
      (text: string, before: readonly string[]) => [...before, text],
      [],
    )
    .addOption(fieldOption('--engine <name>', runFields.engine))
    .addOption(fieldOption('--seed <number>', runFields.seed))
    .optionsGroup('What is held out:')
    .addOption(fieldOption('--valid <share>', valid))
    .addOption(fieldOption('--split <method>', method))
}

/** Ends the help with all settings of the algorithms; under --algorithm with what each means. */
function explainSettings(
  command: MarqueeCommand,
  known: readonly string[],
  sectionsOf: (algorithms: readonly string[]) => Section[],
): void {
  command.addHelpText('after', () => {
    const isAsked = command.getOptionValueSource('algorithm') === 'cli'
    const asked: string[] = isAsked ? [command.opts()['algorithm']].flat() : [...known]
    const text = settingsText(command, sectionsOf(asked), isAsked)
    const hint = `\nWhat each means: marquee ${command.name()} --algorithm ${known[0]} --help`
    return isAsked ? text.trimEnd() : `${text}${hint}`
  })
}
