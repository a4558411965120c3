import { z } from 'zod'
import { apiKeys, kindsOfWork, origins, type Role, tokenSecrets, whole } from './config-fields.ts'
import { MarqueeError } from './errors.ts'
import { workKinds } from './queue/work-kinds.ts'
import { parseRedisAddress } from './redis/address.ts'
import type { RedisSettings } from './redis/options.ts'
import type { StoreSettings } from './storage/open-store.ts'
import { suggest } from './suggest.ts'

const text = (meaning: string) => z.string().default('').describe(meaning)

/** The environment, in one place: `marquee config` prints these lines. */
export const environment = z.object({
  HOST: z.string().default('127.0.0.1').describe('Address that serve and work listen on.'),
  PORT: whole(0, 65_535).default(3000).describe('Port of serve; 0 takes any.'),
  MARQUEE_WORKER_PORT: whole(0, 65_535)
    .default(0)
    .describe(
      'Port of work for /health/live, /health/ready and /metrics, which ask for no key; 0 for none.',
    ),
  MARQUEE_WORKER_KINDS: kindsOfWork.describe(
    `Jobs that work takes, by kind, comma between two; others it leaves to other workers. All unless given: ${workKinds.join(', ')}.`,
  ),
  MARQUEE_WORKER_CONCURRENCY: whole(1, 64)
    .default(1)
    .describe(
      'Jobs that work does at once, each in a process with memory of its own; they share the cores.',
    ),
  REDIS_URL: z
    .string()
    .superRefine(checkRedisAddress)
    .default('redis://127.0.0.1:6379')
    .describe(
      'Redis with the job queue: redis://user:password@host:6379/0, rediss:// for TLS, redis+sentinel://host:26379,host:26379/master/0, unix:///run/redis.sock; of a cluster any nodes, comma between two.',
    ),
  MARQUEE_REDIS_CA: text('PEM file of the authority that signed the certificate of Redis.'),
  MARQUEE_REDIS_CERT: text(
    'PEM file of the certificate that Redis is shown, where it asks for one.',
  ),
  MARQUEE_REDIS_KEY: text('PEM file of the key to MARQUEE_REDIS_CERT.'),
  MARQUEE_STORE: z
    .string()
    .default('data')
    .describe(
      "Folder of ratings and models, or a bucket: s3://bucket/prefix, with ?endpoint=https://host for a server other than Amazon's and &region=eu-central-1.",
    ),
  AWS_ACCESS_KEY_ID: text('Who the bucket of MARQUEE_STORE is asked as.'),
  AWS_SECRET_ACCESS_KEY: text('The secret to AWS_ACCESS_KEY_ID.'),
  AWS_SESSION_TOKEN: text('The token to credentials that are lent for a time.'),
  AWS_PROFILE: text('Whose credentials are taken from the shared file, where none are given.'),
  AWS_SHARED_CREDENTIALS_FILE: text('That file; ~/.aws/credentials unless given.'),
  MARQUEE_STORE_ROOM_BYTES: whole(0)
    .default(64 * 1024 ** 2)
    .describe('With less room on its disk, the store counts as full; in bytes.'),
  MARQUEE_QUEUE_PREFIX: z
    .string()
    .regex(/^(?:[\w.-]+|\{[\w.-]+\})$/, 'expected letters, digits, _, . and -, in braces or not')
    .default('marquee')
    .describe(
      'First part of every Redis key; put in braces where Redis says that it is a cluster.',
    ),
  MARQUEE_API_KEYS: apiKeys.describe(
    'role:sha256 of each API key, comma between two; `marquee key` makes one. Without any, serve binds to loopback only.',
  ),
  MARQUEE_KEYS_FILE: text(
    'File of further API keys, which have names and may expire; read anew when it changes: `marquee key admin --name ana` makes one.',
  ),
  MARQUEE_TOKEN_SECRETS: tokenSecrets.describe(
    'Secrets that sign user tokens, comma between two, each good: `marquee key token-secret` makes one, and your backend has it, too.',
  ),
  MARQUEE_LIMIT_PUBLIC: limit('public'),
  MARQUEE_LIMIT_READ: limit('read'),
  MARQUEE_LIMIT_WRITE: limit('write'),
  MARQUEE_LIMIT_ADMIN: limit('admin'),
  MARQUEE_LIMIT_USER: limit('user'),
  MARQUEE_LIMIT_WRONG_KEYS: whole(0)
    .default(60)
    .describe(
      'Wrong keys that an address may send a minute; good ones are let in beyond it. 0 for any number.',
    ),
  MARQUEE_CORS_ORIGINS: origins.describe(
    'Origins whose pages may ask, as in https://films.example, comma between two; no others may.',
  ),
  MARQUEE_TENSORFLOW_BACKEND: z
    .enum(['auto', 'cuda', 'webgpu', 'wasm'])
    .default('auto')
    .describe(
      'cuda, webgpu or wasm: what engine tensorflow runs on, and the only one that engine "auto" takes; auto takes the first of them that is here.',
    ),
  MARQUEE_IMPORT_LIMIT_BYTES: whole(1)
    .default(4 * 1024 ** 3)
    .describe('Largest body of an import, in bytes.'),
  MARQUEE_IMPORT_LINES: whole(1).default(50_000_000).describe('Most lines of a file of an import.'),
  MARQUEE_IMPORT_IDS: whole(1)
    .default(11_000_000)
    .describe('Most different users and movies, together, of an import of ratings.'),
  MARQUEE_IMPORT_UNPACKED_BYTES: whole(1)
    .default(4 * 1024 ** 3)
    .describe('Most bytes that a compressed import may unpack to.'),
  MARQUEE_IMPORT_RATIO: whole(1)
    .default(100)
    .describe('Most times its size that a compressed file of over 1 MiB may unpack to.'),
  MARQUEE_IMPORTS_AT_ONCE: whole(1)
    .default(4)
    .describe('Imports that serve takes at once; of more it asks to come again.'),
  MARQUEE_RESPONSE_CACHE_BYTES: whole(0)
    .default(32 * 1024 ** 2)
    .describe('For lists and rankings that are asked for again, in bytes; 0 makes each anew.'),
  MARQUEE_RANKING_CACHE_SECONDS: whole(0)
    .default(0)
    .describe(
      'For so long any cache on the way, a CDN too, may answer a ranking by itself, whoever asks; 0 for none.',
    ),
  MARQUEE_MODEL_POLL_MS: whole(1)
    .default(1_000)
    .describe('How often serve looks for a new model or catalogue, in milliseconds.'),
  MARQUEE_DRAIN_MS: whole(0, 600_000)
    .default(3_000)
    .describe(
      'For so long serve still answers after SIGTERM while /health/ready says that it is not ready, in milliseconds: longer than a load balancer takes to see that.',
    ),
  MARQUEE_LIVE_EVENTS: whole(1)
    .default(100_000)
    .describe('Live ratings that stay in Redis; with more, a worker folds them into the store.'),
  MARQUEE_JOB_LOCK_MS: whole(1)
    .default(15_000)
    .describe('A worker that is silent for so long has lost its job, in milliseconds.'),
  MARQUEE_CHECKPOINT_MS: whole(0)
    .default(20_000)
    .describe(
      'Least time between two checkpoints of a training, in milliseconds; 0 takes one after each epoch.',
    ),
  MARQUEE_BATCH_PART_ROWS: whole(1)
    .default(250_000)
    .describe('A part of a batch names about so many movies; a killed worker loses a part.'),
  MARQUEE_BATCH_DAYS: whole(1).default(7).describe('Batches are removed after so many days.'),
  MARQUEE_QUEUED_JOBS: whole(1).default(1_000).describe('How many jobs may wait.'),
  MARQUEE_JOB_ATTEMPTS: whole(1, 20)
    .default(3)
    .describe('How often a job is tried that fails by a fault and does not get further.'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe(
      'Least important log line that is written; answers that only read are at debug, changes (the audit) are written at any but silent.',
    ),
})
export type Config = z.output<typeof environment>

function limit(role: Role | 'user') {
  const whose = role === 'user' ? 'each user of a token' : `each key with the role ${role}`
  return whole(0).default(0).describe(`Requests that ${whose} may send a minute; 0 for any number.`)
}

function checkRedisAddress(text: string, context: z.RefinementCtx): void {
  try {
    parseRedisAddress(text)
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message })
  }
}

/** How to come to the store. */
export function storeOf(config: Config): StoreSettings {
  return { location: config.MARQUEE_STORE, environment: config }
}

/** How to come to Redis. */
export function redisOf(config: Config): RedisSettings {
  const fileOf = (path: string) => (path === '' ? undefined : path)
  return {
    redisUrl: config.REDIS_URL,
    prefix: config.MARQUEE_QUEUE_PREFIX,
    redisTls: {
      ca: fileOf(config.MARQUEE_REDIS_CA),
      cert: fileOf(config.MARQUEE_REDIS_CERT),
      key: fileOf(config.MARQUEE_REDIS_KEY),
    },
  }
}

/** Variables of earlier releases, and what they are called now. */
const renamed: Record<string, string> = {
  MARQUEE_ANSWER_MEMORY_BYTES: 'MARQUEE_RESPONSE_CACHE_BYTES',
}

/**
 * The configuration from the environment; one `invalid-request` error names every bad variable,
 * those that begin MARQUEE_ and are unknown among them.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const result = environment.safeParse(given)
  const unknown = Object.keys(given).filter(
    (name) =>
      name.startsWith('MARQUEE_') &&
      !Object.hasOwn(environment.shape, name) &&
      !isServiceAddress(name, given[name]),
  )
  if (result.success && unknown.length === 0) return result.data
  const wrong = result.error?.issues.map(({ path, message }) => `${String(path[0])}: ${message}.`)
  const problems = [...(wrong ?? []), ...unknown.map(refuseUnknown)]
  throw new MarqueeError('invalid-request', `The environment is not valid. ${problems.join(' ')}`)
}

/** Kubernetes tells every process the addresses of a service whose name begins "marquee" so. */
function isServiceAddress(name: string, value = ''): boolean {
  return /_SERVICE_(HOST|PORT)|_PORT_\d+_(TCP|UDP)/.test(name) || /^(tcp|udp):\/\//.test(value)
}

function refuseUnknown(name: string): string {
  const known = Object.keys(environment.shape).filter((other) => other.startsWith('MARQUEE_'))
  const now = renamed[name]
  return now === undefined
    ? `${name}: there is no such variable. ${suggest(name, known)}`
    : `${name} is called ${now} now.`
}
