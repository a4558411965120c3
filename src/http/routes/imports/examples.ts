import type { Examples } from '../../openapi/example.ts'

export const examples = {
  importRatings: {
    body: 'userId,movieId,rating,timestamp\n15,318,4.5,1767225600\n15,356,bad,1767225660\n',
    answer: {
      format: 'ratings.csv',
      accepted: 1,
      refused: 1,
      refusals: [{ line: 3, reason: 'rating "bad" is not a number from 0 to 100' }],
      segment: '1767340800000-55f1da5c1241387c',
    },
  },
  importMovies: {
    body: 'movieId,title,genres\n318,"Shawshank Redemption, The (1994)",Crime|Drama\n',
    answer: {
      format: 'movies.csv',
      accepted: 1,
      refused: 0,
      refusals: [],
      segment: '1767340800000-55f1da5c1241387c',
    },
  },
  importUsers: {
    body: 'userId,age,occupation\n15,34,librarian\n',
    answer: {
      format: 'users.csv',
      accepted: 1,
      refused: 0,
      refusals: [],
      segment: '1767340800000-55f1da5c1241387c',
    },
  },
  importArchive: {
    answer: {
      ratings: {
        format: 'ratings.csv',
        accepted: 2,
        refused: 0,
        refusals: [],
        segment: '1767340800000-55f1da5c1241387c',
      },
      movies: {
        format: 'movies.csv',
        accepted: 1,
        refused: 0,
        refusals: [],
        segment: '1767340800001-0d4c2b7e9a5f1368',
      },
      users: null,
      skipped: ['ml-latest-small/README.txt'],
    },
  },
} as const satisfies Examples
