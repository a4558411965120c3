/** What a worker may be there for: jobs by their kind, each with its parts, and erasures. */
export const workKinds = ['train', 'find-rate', 'tune', 'recommend-all', 'erase'] as const
export type WorkKind = (typeof workKinds)[number]

/** The kind of what waits in the queue; null where another release wrote it. */
export function workKindOf(data: unknown): WorkKind | null {
  const { kind, ofKind } = Object(data)
  const name = kind === 'part' ? ofKind : kind
  return workKinds.find((one) => one === name) ?? null
}
