import type { Examples } from '../../openapi/example.ts'
import { model, pulpFiction, shawshank } from '../../openapi/example-movies.ts'

export const examples = {
  predictRating: {
    parameters: { userId: '15', movieId: '318', interval: 0.9 },
    answer: {
      model,
      userId: '15',
      movieId: '318',
      rating: 1.3742,
      basis: 'trained',
      interval: { level: 0.9, lowest: 0.6742, highest: 2.0742 },
    },
  },
  predictRatings: {
    body: { userId: '15', movieIds: ['318', '356', '99999'] },
    answer: {
      model,
      items: [
        { movieId: '318', rating: 1.3742, basis: 'trained' },
        { movieId: '356', rating: 4.1527, basis: 'trained' },
        { movieId: '99999', error: 'unknown-movie' },
      ],
    },
  },
  explainRating: {
    parameters: { userId: '15', movieId: '318', n: 2 },
    answer: {
      model,
      userId: '15',
      movieId: '318',
      basis: 'trained',
      rating: 1.3742,
      score: 1.3742,
      prior: 5.1666,
      items: [
        { ...shawshank, rating: 0.5, stars: -2.8023 },
        { ...pulpFiction, rating: 1, stars: -0.3011 },
      ],
      others: 0.0391,
      remainder: -0.7281,
    },
  },
} as const satisfies Examples
