import type { BackendPreference } from '../engine.ts'
import type { Engine } from '../trainer.ts'
import { chooseBackend } from './choose-backend.ts'
import { createTensorflowTrainer } from './tensorflow-trainer.ts'

/** TensorFlow.js on the backend asked for, or the best one here. A `no-engine` error without one. */
export async function createTensorflowEngine(preference: BackendPreference): Promise<Engine> {
  const { backend, device } = await chooseBackend(preference)
  return { name: 'tensorflow', backend, device, createTrainer: createTensorflowTrainer }
}
