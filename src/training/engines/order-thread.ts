import { forEachSpan } from '../../numeric/parallel/spans.ts'
import { drawOrder, type OrderTask } from './epoch-orders.ts'

/** A thread's program: draws the order of one epoch. */
forEachSpan<OrderTask>((task) => () => drawOrder(task))
