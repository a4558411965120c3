/** Whether Redis, or a script in it, refused a write because it is at its memory limit. */
export function isRedisFull(error: unknown): boolean {
  return error instanceof Error && /\bOOM\b/.test(error.message)
}
