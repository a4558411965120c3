import { MarqueeError } from '../../errors.ts'

/** Where in an object store the keys are. */
export type S3Location = {
  /** Without a slash at its end; the bucket is the first part of the path after it. */
  readonly endpoint: string
  readonly region: string
  readonly bucket: string
  /** Before each key: empty, or with a slash at its end. */
  readonly prefix: string
}

const form =
  "s3://bucket or s3://bucket/prefix, with ?endpoint=https://host:port for a server other than Amazon's and ?region=eu-central-1"

export function isS3(location: string): boolean {
  return /^s3:/i.test(location)
}

/** Reads `s3://bucket/prefix?endpoint=…&region=…`; an `invalid-request` error says what is expected. */
export function s3LocationOf(location: string): S3Location {
  const refuse = (reason: string) =>
    new MarqueeError('invalid-request', `MARQUEE_STORE: ${reason}; expected ${form}.`)
  const [, bucket = '', path = '', query = ''] =
    /^s3:\/\/([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/i.exec(location) ?? []
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
    throw refuse(`"${bucket}" is no name of a bucket`)
  const folders = path.split('/').filter((part) => part !== '')
  if (!folders.every((part) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(part)))
    throw refuse(`"${path}" is no prefix of letters, digits, dots, hyphens and underscores`)
  const settings = new URLSearchParams(query)
  const unknown = [...settings.keys()].find((name) => !['endpoint', 'region'].includes(name))
  if (unknown !== undefined) throw refuse(`there is no setting "${unknown}"`)
  const region = settings.get('region') ?? 'us-east-1'
  const endpoint = settings.get('endpoint') ?? `https://s3.${region}.amazonaws.com`
  if (!/^https?:$/.test(protocolOf(endpoint))) throw refuse(`"${endpoint}" is no address`)
  return {
    endpoint: endpoint.replace(/\/+$/, ''),
    ...{ region, bucket },
    prefix: folders.map((part) => `${part}/`).join(''),
  }
}

function protocolOf(address: string): string {
  return URL.canParse(address) ? new URL(address).protocol : ''
}
