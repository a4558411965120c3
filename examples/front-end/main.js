// The page of index.html, which says where Marquee is and with which key all may ask.
const { content: address, dataset } = document.querySelector('meta[name=marquee]')
const status = document.querySelector('[role=status]')

/** The JSON of an answer; an error with the service's own words where it refuses. */
async function ask(path, query, token = dataset.key) {
  const headers = token ? { authorization: `Bearer ${token}` } : {}
  const response = await fetch(`${address}${path}?${new URLSearchParams(query)}`, { headers })
  const body = await response.json().catch(() => null)
  if (!response.ok) throw new Error(body?.detail ?? `Marquee answered ${response.status}.`)
  return body
}

/** Fills a list; what comes from the service is text, never markup. */
async function fill(list, question, lineOf) {
  try {
    const { items } = await question
    list.replaceChildren(
      ...items.map((movie) => {
        const [title, remark] = lineOf(movie)
        const line = document.createElement('li')
        const small = document.createElement('small')
        small.textContent = remark
        line.append(title, small)
        return line
      }),
    )
  } catch (error) {
    list.replaceChildren()
    status.textContent = error.message
  }
}

const titleOf = ({ displayTitle, movieId, year }) =>
  `${displayTitle ?? movieId}${year ? ` (${year})` : ''}`

function showPopular() {
  const question = ask('/v1/movies/rankings/popular', { n: 10 })
  return fill(document.querySelector('#popular-list'), question, (movie) => [
    titleOf(movie),
    `${movie.ratings} ratings, ${movie.meanRating.toFixed(1)} on average`,
  ])
}

/** The list of whoever has logged in; the token is good for some minutes, so each list has a fresh one. */
async function showOwn() {
  const { userId, token } = await fetch('/me').then((response) => response.json())
  if (userId === null) return
  document.querySelector('section[aria-labelledby=yours]').hidden = false
  const path = `/v1/users/${encodeURIComponent(userId)}/recommendations`
  const question = ask(path, { n: 10, explain: true }, token)
  await fill(document.querySelector('#user-list'), question, (movie) => [
    titleOf(movie),
    movie.because.length > 0
      ? `because you liked ${movie.because.map(titleOf).join(', ')}`
      : `you would give it ${movie.rating.toFixed(1)}`,
  ])
}

await Promise.all([showPopular(), showOwn()])
