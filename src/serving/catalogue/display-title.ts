/** Articles that catalogues write behind a title, in languages of films. */
const articles = [
  ...['the', 'a', 'an', 'la', 'le', 'les', "l'", 'un', 'une', 'il', 'lo', 'gli', 'i', 'una', 'uno'],
  ...['el', 'los', 'las', 'der', 'die', 'das', 'den', 'det', 'de', 'en', 'ett', 'een', 'het', 'da'],
]
const behind = new RegExp(`^(a\\.k\\.a\\. |aka )?(.+), (${articles.join('|')})$`, 'i')

/**
 * A title as people write it: "Godfather, The" is "The Godfather", "Postman, The (Postino, Il)" is
 * "The Postman (Il Postino)".
 */
export function displayTitle(title: string): string {
  if (!title.includes(', ')) return title
  return title.replaceAll(/[^()]+/g, (part) => {
    const [, before = '', text = '', after = ''] = /^(\s*)(.*?)(\s*)$/s.exec(part) ?? []
    return before + articleFirst(text) + after
  })
}

function articleFirst(text: string): string {
  const [, alias = '', name, article] = behind.exec(text) ?? []
  if (name === undefined || article === undefined) return text
  return `${alias}${article}${article.endsWith("'") ? '' : ' '}${name}`
}
