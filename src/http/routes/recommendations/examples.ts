import type { Examples } from '../../openapi/example.ts'
import { amelie, model, toyStory } from '../../openapi/example-movies.ts'

export const examples = {
  recommendMovies: {
    parameters: { userId: '15', n: 2 },
    answer: {
      model,
      basis: 'trained',
      orderBy: 'relevance',
      items: [
        { ...amelie, rating: 1.5265, score: 6 },
        { ...toyStory, rating: 2.1811, score: 5 },
      ],
      nextCursor: 'WyJtb2RlbCAyMDI2MDEwMnQwODAwMDAwMDAtN2QxZTUyYzQiLDY2NDA3OTk5NiwyXQ',
      unknownMovieIds: [],
      userId: '15',
    },
  },
  recommendMoviesTo: {
    body: {
      ratings: [
        { movieId: '318', rating: 5 },
        { movieId: '2571', rating: 4 },
      ],
      n: 2,
    },
    answer: {
      model,
      basis: 'folded-in',
      orderBy: 'relevance',
      items: [
        { ...amelie, rating: 2.177, score: 1.1285 },
        { ...toyStory, rating: 3.3336, score: 0.9404 },
      ],
      nextCursor: 'WyJtb2RlbCAyMDI2MDEwMnQwODAwMDAwMDAtN2QxZTUyYzQiLDI3NDE5MjkzNSwyXQ',
      unknownMovieIds: [],
    },
  },
  recommendMoviesToMany: {
    body: { users: [{ userId: '15' }, { userId: 15 }], n: 1 },
    answer:
      '{"model":"20260102t080000000-7d1e52c4","userId":"15","basis":"trained","orderBy":"relevance","items":[{"movieId":"4973","title":"Amélie","year":2001,"genres":["Comedy","Romance"],"rating":1.5265,"score":6}],"nextCursor":"WyJtb2RlbCAyMDI2MDEwMnQwODAwMDAwMDAtN2QxZTUyYzQiLDY2NDA3OTk5NiwxXQ","unknownMovieIds":[]}\n{"line":1,"code":"invalid-request","detail":"/userId: Invalid input: expected string, received number.","errors":[{"pointer":"/userId","detail":"Invalid input: expected string, received number"}]}\n',
  },
} as const satisfies Examples
