export { settleAll, stepPerBatch } from './batch-steps'
export { stepPerRating } from './rating-steps'
export { findRows, scoreRows } from './row-search'
