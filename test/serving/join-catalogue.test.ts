import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Movie } from '../../src/model/data/movie.ts'
import { Vocabulary } from '../../src/model/data/vocabulary.ts'
import { createRandom } from '../../src/numeric/random/random.ts'
import { isIn } from '../../src/numeric/search/bit-set.ts'
import { catalogueTable } from '../../src/serving/catalogue/catalogue-table.ts'
import { foldText } from '../../src/serving/catalogue/fold-text.ts'
import { joinCatalogue } from '../../src/serving/catalogue/join-catalogue.ts'

const names = ['Drama', 'drama', 'Sci-Fi', 'Comédie', 'COMEDIE']

test('each movie of a model has the row, year and genres of the catalogue, or none', () => {
  const random = createRandom(8, 'join')
  for (const size of [0, 1, 40, 300]) {
    const movies = Array.from({ length: size }, (_, i): Movie => {
      const year = random.below(3) > 0 ? 1900 + random.below(120) : null
      const genres = names.filter(() => random.below(3) === 0)
      return { movieId: `m${2 * i}`, title: `T${random.below(9)}`, year, genres }
    })
    const ids = Array.from({ length: size + 5 }, (_, i) => `m${i}`)
    const table = catalogueTable(movies, 'v')
    const joined = joinCatalogue(new Vocabulary(ids).table, table)
    for (const [index, id] of ids.entries()) {
      const movie = movies.find(({ movieId }) => movieId === id)
      assert.equal(joined.rowOfMovie[index], movie ? movies.indexOf(movie) : -1)
      assert.equal(joined.years[index], movie?.year ?? Number.NaN)
      for (const name of names) {
        const ofGenre = joined.moviesOfGenre.get(foldText(name))
        const isOf = movie?.genres.some((genre) => foldText(genre) === foldText(name)) ?? false
        assert.equal(ofGenre ? isIn(ofGenre, index) : false, isOf, `${id} ${name}`)
      }
    }
  }
})
