import { settle } from './catch-up'
import { BatchRows, pin, stepAt } from './epoch'
import { moveRow } from './optimizer'

/** A row's slot in this step, with sums of 0 at first sight; `count` slots are taken. */
export function slotOf(epoch: BatchRows, row: u32, step: u32, count: u32): u32 {
  const at = (<usize>row) << 2
  if (load<u32>(epoch.settled + at) === step) return load<u32>(epoch.slot + at)
  settle(epoch, row, step - 1)
  store<u32>(epoch.settled + at, step)
  store<u32>(epoch.slot + at, count)
  store<u32>(epoch.slotRow + ((<usize>count) << 2), row)
  memory.fill(epoch.sums + <usize>count * epoch.rowBytes, 0, epoch.rowBytes)
  return count
}

/** Moves the rows of this step by what is summed in their slots. */
export function moveSlots(epoch: BatchRows, number: u32, count: u32): void {
  const step = stepAt(epoch, number)
  for (let slot: usize = 0; slot < <usize>count; slot++) {
    const row = load<u32>(epoch.slotRow + (slot << 2))
    moveRow(epoch, row, step, epoch.sums + slot * epoch.rowBytes, 0, epoch.rowBytes)
    pin(epoch, row)
  }
}
