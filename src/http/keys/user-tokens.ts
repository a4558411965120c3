import { type CryptoKey, errors, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import { idSchema } from '../../model/data/ids.ts'
import type { Caller } from './caller.ts'

/** Shared by the owner's backend, which signs user tokens with it, and `serve`. */
export type TokenSecret = {
  /** What the log calls whoever comes with a token that it signed. */
  readonly name: string
  /** Its bytes, in UTF-8, are the key of the signature. */
  readonly secret: string
  /** What it signs is good until then, in milliseconds since 1970; null for ever. */
  readonly expires: number | null
  /** Each user of its tokens may send so many requests a minute; null for the limit of users. */
  readonly limit: number | null
}

/** What a token may let its user do beyond reading. */
export const tokenScopes = ['rate'] as const
export type TokenScope = (typeof tokenScopes)[number]

/** The longest that a token may be good for. */
export const mostTokenSeconds = 86_400
const algorithm = 'HS256'
const audience = 'marquee'
/** By so much may the clock of the backend be fast, or that of this machine. */
const clockTolerance = 30

const claimsSchema = z.object({
  sub: idSchema,
  iat: z.number(),
  exp: z.number(),
  scope: z.string().default(''),
})

/** Why a token is not good. */
export type TokenRefusal = {
  readonly refusal: string
  /** Whether one of the secrets has signed it all the same, so that it is no guess. */
  readonly isSigned: boolean
}

/** Whether a text has the form of a token, which keys do not have. */
export function isTokenLike(text: string): boolean {
  return /^[\w-]+\.[\w-]*\.[\w-]*$/.test(text)
}

/**
 * The user of a token, a JWT (RFC 7519) that one of the secrets has signed by HMAC with SHA-256, and by
 * nothing else. It names whom it is for (`aud` "marquee"), one user (`sub`), and is good for a day at most
 * from `iat` to `exp`. Nobody is asked: it is taken back only with its secret. One by a secret that has
 * expired is no guess.
 */
export async function readToken(
  token: string,
  secrets: readonly TokenSecret[],
): Promise<Caller | TokenRefusal> {
  const isOld = ({ expires }: TokenSecret) => expires !== null && expires <= Date.now()
  // Of one secret in two lines that which is good counts.
  for (const secret of secrets.toSorted((a, b) => Number(isOld(a)) - Number(isOld(b))))
    try {
      const { payload } = await jwtVerify(token, await keyOf(secret), {
        ...{ algorithms: [algorithm], audience, clockTolerance },
        ...{ requiredClaims: ['sub', 'exp'], maxTokenAge: mostTokenSeconds },
      })
      if (!isOld(secret)) return callerOf(payload, secret)
      const at = new Date(secret.expires!).toISOString()
      return signed(`The secret that signed the user token expired at ${at}.`)
    } catch (error) {
      if (error instanceof errors.JWSSignatureVerificationFailed) continue
      if (error instanceof errors.JOSEError) return refusalOf(error)
      throw error
    }
  return guess('The user token is not signed by a secret that is configured here.')
}

function callerOf(payload: JWTPayload, { name, limit }: TokenSecret): Caller | TokenRefusal {
  const claims = claimsSchema.safeParse(payload)
  if (!claims.success)
    return signed(`The user token has no good "${String(claims.error.issues[0]!.path[0])}" claim.`)
  const { sub: user, iat, exp, scope } = claims.data
  if (exp - iat > mostTokenSeconds)
    return signed(`The user token is for ${exp - iat} s; at most ${mostTokenSeconds} may be.`)
  return { name, role: 'user', limit, user, scopes: new Set(scope.split(' ')) }
}

function refusalOf(error: errors.JOSEError): TokenRefusal {
  if (error instanceof errors.JWTExpired) {
    const { exp } = error.payload
    const time = new Date(1_000 * Number(exp))
    const at = error.claim === 'exp' && !Number.isNaN(time.getTime()) ? time.toISOString() : null
    return signed(`The user token expired${at === null ? '' : ` at ${at}`}.`)
  }
  if (error instanceof errors.JWTClaimValidationFailed)
    return signed(`The user token is not good: ${error.message}.`)
  if (error instanceof errors.JOSEAlgNotAllowed)
    return guess(`A user token is signed with ${algorithm}.`)
  return guess('The key is not one of those configured here, and no user token.')
}

const signed = (refusal: string): TokenRefusal => ({ refusal, isSigned: true })
const guess = (refusal: string): TokenRefusal => ({ refusal, isSigned: false })

const keys = new WeakMap<TokenSecret, Promise<CryptoKey>>()

/** Made once of each secret: to make it anew costs more than the signature. */
function keyOf(secret: TokenSecret): Promise<CryptoKey> {
  const known = keys.get(secret)
  if (known !== undefined) return known
  const bytes = new TextEncoder().encode(secret.secret)
  const hmac = { name: 'HMAC', hash: 'SHA-256' }
  const made = crypto.subtle.importKey('raw', bytes, hmac, false, ['sign', 'verify'])
  keys.set(secret, made)
  return made
}

/** A token of a user that is good for so long from now. */
export async function signToken(
  secret: TokenSecret,
  { user, seconds, scopes }: { user: string; seconds: number; scopes: readonly TokenScope[] },
): Promise<string> {
  return new SignJWT(scopes.length === 0 ? {} : { scope: scopes.join(' ') })
    .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
    .setSubject(user)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(`${seconds}s`)
    .sign(await keyOf(secret))
}
