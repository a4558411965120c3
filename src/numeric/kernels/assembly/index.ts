export { addGram, solveRows } from './alternating'
export { settleAll, stepPerBatch } from './batch-steps'
export { addNormalEquations, factorise, solveTransposed, solveUpper } from './least-squares'
export { stepPerRating } from './rating-steps'
