/**
 * Text as it is compared in a search: without case and diacritics, so that "amelie" finds "Amélie".
 */
export function foldText(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
}
