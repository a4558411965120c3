export const root = new URL('../../../', import.meta.url)
export const builtFolder = new URL('.built/', root)
/** Of the TypeScript that tests run. */
export const folders = ['src', 'clients/typescript/src', 'test', 'scripts', 'bench']
