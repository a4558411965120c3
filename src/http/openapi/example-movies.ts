/** Movies of the examples, as MovieLens has them. */
export const shawshank = {
  movieId: '318',
  title: 'Shawshank Redemption, The',
  year: 1994,
  genres: ['Crime', 'Drama'],
}
export const pulpFiction = {
  movieId: '296',
  title: 'Pulp Fiction',
  year: 1994,
  genres: ['Comedy', 'Crime', 'Drama'],
}
export const forrestGump = {
  movieId: '356',
  title: 'Forrest Gump',
  year: 1994,
  genres: ['Comedy', 'Drama', 'Romance'],
}
export const matrix = {
  movieId: '2571',
  title: 'Matrix, The',
  year: 1999,
  genres: ['Action', 'Sci-Fi'],
}
export const toyStory = {
  movieId: '1',
  title: 'Toy Story',
  year: 1995,
  genres: ['Adventure', 'Animation', 'Children'],
}
export const amelie = {
  movieId: '4973',
  title: 'Amélie',
  year: 2001,
  genres: ['Comedy', 'Romance'],
}
/** The version of the model that answers in the examples. */
export const model = '20260102t080000000-7d1e52c4'
