import { hash } from 'node:crypto'
import type { Arm, Experiment } from './experiment.ts'

const hexDigits = 12

/** A user's place in an experiment: the arm, and a key that stands for the user in what is counted. */
export type Place = { readonly arm: Arm; readonly key: string }

/**
 * The place of a user, from the SHA-256 of the experiment's name and the id alone: the same in every
 * process and after every restart, and in another experiment an independent one.
 */
export function placeOf(
  { name, share }: Pick<Experiment, 'name' | 'share'>,
  userId: string,
): Place {
  const digest = hash('sha256', `${name}\n${userId}`, 'hex')
  const part = Number.parseInt(digest.slice(0, hexDigits), 16) / 16 ** hexDigits
  return {
    arm: part < share ? 'treatment' : 'control',
    key: digest.slice(hexDigits, 3 * hexDigits),
  }
}
