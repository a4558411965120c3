import type { SteppedSpec } from '../../../model/spec/training-spec.ts'

/** Whether engine `simd` can train this: no `net`, and Adam only with the averages of fast.ai. */
export function hasKernels({
  algorithm,
  optimizer,
  beta2,
  epsilon,
}: Pick<SteppedSpec, 'algorithm' | 'optimizer' | 'beta2' | 'epsilon'>): boolean {
  return algorithm !== 'net' && (optimizer !== 'adam' || (beta2 === 0.99 && epsilon === 1e-5))
}
