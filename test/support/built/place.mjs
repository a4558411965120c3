export const root = new URL('../../../', import.meta.url)
export const builtFolder = new URL('.built/', root)
