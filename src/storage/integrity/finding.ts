/** One thing in a store that is not as it should be, and what can be done about it. */
export type Finding = {
  /**
   * `damaged`: it cannot be read as it was written; `lost`: something needs it and it is not there;
   * `unfinished`: a process died before it was complete; `orphaned`: nothing needs it any more;
   * `unsealed`: of an earlier release, without a checksum.
   */
  readonly kind: 'damaged' | 'lost' | 'unfinished' | 'orphaned' | 'unsealed'
  readonly key: string
  /** What is wrong, in a sentence. */
  readonly what: string
  /** What a repair does, in a few words. */
  readonly remedy: string
  /** False where nothing was done because what was found has changed meanwhile. */
  repair(): Promise<unknown>
}
