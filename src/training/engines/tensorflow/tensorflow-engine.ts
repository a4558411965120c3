import type { BackendName } from '../../../model/engine-report.ts'
import type { Engine } from '../../trainer.ts'
import { guardDevice } from '../guard-device.ts'
import { startCuda } from './cuda-backend.ts'
import { createTensorflowTrainer } from './tensorflow-trainer.ts'
import { startWasm } from './wasm-backend.ts'
import { lostDevice, startWebgpu } from './webgpu-backend.ts'

/** TensorFlow.js on a backend; an error says why it cannot be had. */
export async function createTensorflowEngine(
  backend: BackendName,
  options: { takesSoftware: boolean },
): Promise<Engine> {
  const device = await startBackend(backend, options)
  const lost = backend === 'webgpu' ? lostDevice() : null
  return {
    name: 'tensorflow',
    backend,
    device,
    createTrainer(task) {
      const trainer = createTensorflowTrainer(task as Parameters<typeof createTensorflowTrainer>[0])
      return lost !== null ? guardDevice(trainer, lost, device) : trainer
    },
  }
}

/** Sets TensorFlow.js to the backend and names its device. */
function startBackend(backend: BackendName, options: { takesSoftware: boolean }): Promise<string> {
  switch (backend) {
    case 'cuda':
      return startCuda()
    case 'webgpu':
      return startWebgpu(options)
    case 'wasm':
      return startWasm()
  }
}
