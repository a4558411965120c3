import { forEachSpan } from '../../../numeric/parallel/spans.ts'
import { createListing, type ListTask } from './make-lists.ts'

/** The program of a thread that makes lists. */
forEachSpan((task: ListTask, thread) => createListing(task, thread))
