import { readFile } from 'node:fs/promises'
import { MarqueeError } from './errors.ts'

/** What `marquee` can do; each command's code is loaded only when it is asked for. */
const commands: Record<
  string,
  { summary: string; takesArguments?: false; run(args: string[]): Promise<void> }
> = {
  serve: {
    summary: 'Answers over HTTP.',
    takesArguments: false,
    run: async () => (await import('./cli/serve.ts')).serveCommand(),
  },
  work: {
    summary: 'Takes training jobs from the queue.',
    takesArguments: false,
    run: async () => (await import('./cli/work.ts')).workCommand(),
  },
  demo: {
    summary: 'Starts all of it and trains on the sample; --once stops at the end.',
    run: async (args) => (await import('./cli/demo.ts')).demoCommand(args),
  },
  evaluate: {
    summary: 'Trains on a file and measures it beside simple predictors; see --help.',
    run: async (args) => {
      const { readConfig } = await import('./config.ts')
      const { evaluateCommand } = await import('./cli/evaluate.ts')
      await evaluateCommand(args, readConfig().MARQUEE_TENSORFLOW_BACKEND)
    },
  },
  'find-rate': {
    summary: 'Finds a learning rate for a file of ratings.',
    run: async (args) => {
      const { readConfig } = await import('./config.ts')
      const { findRateCommand } = await import('./cli/find-rate.ts')
      await findRateCommand(args, readConfig().MARQUEE_TENSORFLOW_BACKEND)
    },
  },
  tune: {
    summary: 'Searches for hyper-parameters on a file of ratings.',
    run: async (args) => {
      const { readConfig } = await import('./config.ts')
      const { tuneCommand } = await import('./cli/tune.ts')
      await tuneCommand(args, readConfig().MARQUEE_TENSORFLOW_BACKEND)
    },
  },
  generate: {
    summary: 'Writes a ratings.csv of any size with a known truth; see --help.',
    run: async (args) => (await import('./cli/generate.ts')).generateCommand(args),
  },
  key: {
    summary: 'Makes an API key: marquee key read|write|admin.',
    run: async (args) => (await import('./cli/key.ts')).keyCommand(args),
  },
  config: {
    summary: 'Lists the environment variables.',
    takesArguments: false,
    run: async () => (await import('./cli/config.ts')).configCommand(),
  },
}

function usage(): string {
  const lines = Object.entries(commands).map(
    ([name, { summary }]) => `  ${name.padEnd(11)}${summary}`,
  )
  return `Usage: marquee COMMAND, or marquee --version\n\n${lines.join('\n')}\n`
}

async function version(): Promise<string> {
  const file = await readFile(new URL('../package.json', import.meta.url), 'utf8')
  return JSON.parse(file).version
}

async function main([name = 'help', ...args]: string[]): Promise<void> {
  if (['help', '--help', '-h'].includes(name)) {
    process.stdout.write(usage())
    return
  }
  if (name === '--version') {
    process.stdout.write(`${await version()}\n`)
    return
  }
  if (!Object.hasOwn(commands, name)) {
    const known = Object.keys(commands).join(', ')
    throw new MarqueeError('invalid-request', `There is no command "${name}"; expected ${known}.`)
  }
  const command = commands[name]!
  if (command.takesArguments === false && args.length > 0)
    throw new MarqueeError(
      'invalid-request',
      `marquee ${name} takes no arguments, got "${args[0]}"; "marquee config" lists what it reads from the environment.`,
    )
  await command.run(args)
}

// A reader that has seen enough, such as head, closes the pipe.
process.stdout.on('error', () => process.exit(0))

try {
  await main(process.argv.slice(2))
} catch (error) {
  // What a user can put right is one line; anything else is a fault of ours and shows where it is.
  const text =
    error instanceof MarqueeError
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error)
  process.stderr.write(`marquee: ${text}\n`)
  process.exitCode = 1
}
