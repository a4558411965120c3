import type { Examples } from '../../openapi/example.ts'
import {
  forrestGump,
  matrix,
  model,
  pulpFiction,
  shawshank,
  toyStory,
} from '../../openapi/example-movies.ts'

export const examples = {
  findSimilarUsers: {
    parameters: { userId: '15', n: 2 },
    answer: {
      model,
      userId: '15',
      items: [
        { userId: '17', similarity: -0.4802, ratings: 3 },
        { userId: '16', similarity: -0.7436, ratings: 3 },
      ],
    },
  },
  findSimilarMovies: {
    parameters: { movieId: '318', n: 2 },
    answer: {
      model,
      movieId: '318',
      items: [
        { ...toyStory, similarity: 0.8355, ratings: 2 },
        { ...pulpFiction, similarity: 0.783, ratings: 2 },
      ],
    },
  },
  rankMoviesByBias: {
    parameters: { n: 2 },
    answer: {
      model,
      source: 'model',
      items: [
        { ...pulpFiction, meanRating: 1.75, ratings: 2, bias: 2.0534 },
        { ...shawshank, meanRating: 0.5, ratings: 1, bias: 1.7646 },
      ],
    },
  },
  rankMoviesByMean: {
    parameters: { n: 2 },
    answer: {
      model,
      items: [
        { ...matrix, meanRating: 3.3333, ratings: 3, dampedMean: 2.5641 },
        { ...forrestGump, meanRating: 3, ratings: 3, dampedMean: 2.4872 },
      ],
    },
  },
  rankMoviesByPopularity: {
    parameters: { n: 2 },
    answer: {
      model,
      items: [
        { ...forrestGump, meanRating: 3, ratings: 3 },
        { ...matrix, meanRating: 3.3333, ratings: 3 },
      ],
    },
  },
  rankMoviesByTrend: {
    parameters: { n: 2, window: 'week' },
    answer: {
      model,
      asOf: '2026-01-01T00:00:00.000Z',
      items: [
        {
          ...matrix,
          meanRating: 3.3333,
          ratings: 3,
          recentRatings: 3,
          expectedRatings: 1.75,
          trend: 0.7538,
        },
        {
          ...toyStory,
          meanRating: 1.25,
          ratings: 2,
          recentRatings: 2,
          expectedRatings: 1.1667,
          trend: 0.5661,
        },
      ],
    },
  },
  getCrosstab: {
    parameters: { users: 2, movies: 2 },
    answer: {
      model,
      users: [
        { userId: '15', ratings: 3 },
        { userId: '16', ratings: 3 },
      ],
      movies: [
        { movieId: '356', title: 'Forrest Gump', ratings: 3 },
        { movieId: '2571', title: 'Matrix, The', ratings: 3 },
      ],
      cells: [
        [1.5, null],
        [3, 3.5],
      ],
    },
  },
  getMovieMap: {
    parameters: { components: 1, mostRated: 2 },
    answer: {
      model,
      movies: 2,
      components: [
        {
          explained: 1,
          highest: [
            { movieId: '2571', title: 'Matrix, The', coordinate: 1.4233 },
            { movieId: '356', title: 'Forrest Gump', coordinate: -1.4233 },
          ],
          lowest: [
            { movieId: '356', title: 'Forrest Gump', coordinate: -1.4233 },
            { movieId: '2571', title: 'Matrix, The', coordinate: 1.4233 },
          ],
        },
      ],
      items: [
        { movieId: '356', title: 'Forrest Gump', coordinates: [-1.4233] },
        { movieId: '2571', title: 'Matrix, The', coordinates: [1.4233] },
      ],
    },
  },
  searchMovies: { parameters: { title: 'matrix' }, answer: { items: [matrix], nextCursor: null } },
  getMovie: {
    parameters: { movieId: '318' },
    answer: { ...shawshank, model, ratings: 1, meanRating: 0.5 },
  },
} as const satisfies Examples
