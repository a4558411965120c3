import { Argument, type OutputConfiguration } from 'commander'
import { z } from 'zod'
import { readConfig, redisOf, storeOf } from '../config.ts'
import { roles } from '../config-fields.ts'
import { purposes } from '../http/keys/keys-file.ts'
import { mostTokenSeconds, tokenScopes } from '../http/keys/user-tokens.ts'
import type { BackendName } from '../model/engine-report.ts'
import { version } from '../version.ts'
import { createRoot, fieldOption, type MarqueeCommand } from './command.ts'
import { addEvaluate, addFindRate, addTune } from './training-commands.ts'

const backends = ['cuda', 'webgpu', 'wasm'] as const satisfies readonly BackendName[]

/**
 * The command line of `marquee`. What a command runs is loaded once it is asked for: `serve` never
 * loads training code. Misuse is an `invalid-request` error; help and version end the parsing with
 * a CommanderError of exit code 0.
 */
export function createProgram(output: OutputConfiguration = {}): MarqueeCommand {
  const program = createRoot(version, output)
  program.description('Recommends movies: trains on ratings and answers over HTTP.')
  addService(program)
  addEvaluate(program)
  addFindRate(program)
  addTune(program)
  addTools(program)
  addKeys(program)
  return program
}

function addService(program: MarqueeCommand): void {
  const environment = '"marquee config" lists the environment variables that it reads.'
  program
    .command('serve')
    .description(`Answers over HTTP until it is told to stop. ${environment}`)
    .summary('Answers over HTTP.')
    .examples('marquee serve', 'PORT=8080 MARQUEE_STORE=/srv/marquee marquee serve')
    .action(async () => (await import('./serve.ts')).serve())
  program
    .command('work')
    .description(
      `Takes training jobs from the queue, each in a process of its own, until it is told to stop. ${environment}`,
    )
    .summary('Takes training jobs from the queue.')
    .examples('REDIS_URL=redis://10.0.0.5:6379 MARQUEE_STORE=/srv/marquee marquee work')
    .action(async () => (await import('./work.ts')).work())
  program
    .command('demo')
    .description(
      'Starts a Redis (unless REDIS_URL names one), the API and a worker, imports the sample, trains on it and shows what the API answers; then stays up until Ctrl-C.',
    )
    .summary('Starts all of it and trains on the sample.')
    .option('--once', 'Stops at the end instead of staying up.', false)
    .examples('marquee demo', 'marquee demo --once')
    .action(async (options) => (await import('./demo/demo.ts')).demo(options))
}

function addTools(program: MarqueeCommand): void {
  program
    .command('doctor')
    .description(
      'Tries every engine on every device of this machine, each in a process of its own, and says which are there, which are not and why; then says how Redis is, what could lose data there, and whether the store can be used.',
    )
    .summary(
      'Says which engines and devices this machine has, which are missing and why, and how Redis and the store are.',
    )
    .option('--json', 'Prints one object instead of lines.')
    .addOption(
      fieldOption(
        '--require <backend>',
        z.enum(backends).describe('Fails unless that backend is there.'),
      ),
    )
    .examples('marquee doctor', 'marquee doctor --require cuda')
    .action(async (options) => {
      const { doctor } = await import('./doctor/doctor.ts')
      const config = readConfig()
      await doctor(options, config.MARQUEE_TENSORFLOW_BACKEND, redisOf(config), storeOf(config))
    })
  program
    .command('check')
    .description(
      'Walks the store (MARQUEE_STORE) and says what is damaged, lost, unfinished or needed by nobody, and what a repair would do. Services may run meanwhile. Ends with 1 where something needs a repair.',
    )
    .summary('Says what in the store is damaged or left over, and repairs it.')
    .option(
      '--repair',
      'Does it: moves what is damaged to quarantine/ and removes what is left over.',
    )
    .examples('marquee check', 'MARQUEE_STORE=/srv/marquee marquee check --repair')
    .action(async (options) => (await import('./check.ts')).check(options))
  const count = (meaning: string) => z.int().min(1).describe(meaning)
  program
    .command('generate')
    .description(
      'Writes exactly as many ratings as asked for, with a known truth, as a ratings.csv to try sizes with, and prints the RMSE of that truth on them. No user rates more than a quarter of the movies.',
    )
    .summary('Writes a ratings.csv of any size with a known truth.')
    .requiredOption('--out <file>', 'The file to write. (needed)')
    .addOption(
      fieldOption(
        '--ratings <number>',
        z.int().min(1).default(1_000_000).describe('How many ratings.'),
      ),
    )
    .addOption(
      fieldOption(
        '--users <number>',
        count('By how many users; a 154th of the ratings unless given.'),
      ),
    )
    .addOption(
      fieldOption(
        '--movies <number>',
        count(
          'Of how many movies; unless given, a 424th of the ratings, or eight times what a user rates where that is more.',
        ),
      ),
    )
    .addOption(
      fieldOption(
        '--seed <number>',
        z.int().min(0).default(1).describe('Seeds all that is drawn.'),
      ),
    )
    .examples(
      'marquee generate --out ratings.csv',
      'marquee generate --out ratings.csv --ratings 100000 --users 943 --movies 1682',
    )
    .action(async (options) => (await import('./generate/generate.ts')).generate(options))
  program
    .command('config')
    .description('Lists the environment variables, each with its default and meaning.')
    .summary('Lists the environment variables.')
    .examples('marquee config')
    .action(async () => (await import('./config.ts')).printConfig())
}

function addKeys(program: MarqueeCommand): void {
  const count = (meaning: string) => z.int().min(1).describe(meaning)
  program
    .command('key')
    .description(
      'Makes an API key and prints it, once. With a name, the line that lets it in is added to MARQUEE_KEYS_FILE, or printed where there is none; every serve takes it within a second. Without a name, prints the entry for MARQUEE_API_KEYS. Each role may do what the one before it may; public is for pages in browsers: rankings and movies. In place of a role, token-secret makes a secret that signs user tokens, which your backend and serve share.',
    )
    .summary('Makes an API key, or a secret for user tokens.')
    .addArgument(
      new Argument('<role>', `What it may do: ${roles.join(', ')}; or token-secret.`).choices(
        purposes,
      ),
    )
    .option('--name <name>', 'What log and records call whoever has it.')
    .addOption(
      fieldOption(
        '--days <number>',
        z.int().min(1).max(36_500).describe('It is good for so long; for ever unless given.'),
      ),
    )
    .addOption(
      fieldOption(
        '--limit <number>',
        count('Requests a minute, in place of what its role, or each user of a token, may send.'),
      ),
    )
    .examples(
      'marquee key admin',
      'MARQUEE_KEYS_FILE=/etc/marquee/keys marquee key write --name importer --days 90',
      'MARQUEE_KEYS_FILE=/etc/marquee/keys marquee key token-secret --name shop',
    )
    .action(async (purpose, options) => {
      const { makeKey, makeSecret } = await import('./key.ts')
      await (purpose === 'token-secret' ? makeSecret(options) : makeKey(purpose, options))
    })
  const mostMinutes = mostTokenSeconds / 60
  program
    .command('token')
    .description(
      'Prints a token of one user, for the lists and the profile of that user and for rankings and movies, as your backend would make it: signed with the newest secret of MARQUEE_KEYS_FILE or MARQUEE_TOKEN_SECRETS. It ends by itself, or with its secret.',
    )
    .summary('Makes a token of one user.')
    .requiredOption('--user <id>', 'Whose it is. (needed)')
    .addOption(
      fieldOption(
        '--minutes <number>',
        z.int().min(1).max(mostMinutes).default(15).describe('It is good for so long.'),
      ),
    )
    .addOption(
      fieldOption(
        '--scope <scope>',
        z.enum(tokenScopes).optional().describe('rate: the user may also rate movies.'),
      ),
    )
    .examples('marquee token --user 15', 'marquee token --user 15 --minutes 60 --scope rate')
    .action(async (options) => (await import('./token.ts')).printToken(options))
}
