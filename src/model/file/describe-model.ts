import type { Model } from '../model.ts'

/**
 * What somebody without this program needs to predict from a model's file, for its metadata: the
 * formula in the names of the tensors, and where ids stand. `examples/read_model.py` does it.
 */
export function describeModel(model: Model): { formula: string; ids: string } {
  const biases = `${model.userBias ? ' + user_bias[u]' : ''}${model.movieBias ? ' + movie_bias[m]' : ''}`
  const product =
    model.layers.length === 0 ? 'user_factors[u] · movie_factors[m]' : networkOf(model)
  const rating = model.ratingRange
    ? 'r = rating_range[0] + (rating_range[1] - rating_range[0]) / (1 + exp(-z))'
    : 'r = z'
  return {
    formula: [
      `z = ${product}${biases}`,
      rating,
      'where u or m is unknown: r = baseline_mean + baseline_user_bias[u] + baseline_movie_bias[m], without the unknown',
      'rating = min(max(r, rating_scale[0]), rating_scale[1])',
    ].join('; '),
    ids: 'row i of what is of users has the id user_ids_utf8[user_ids_offsets[i] : user_ids_offsets[i + 1]], in UTF-8; of movies likewise',
  }
}

/** Every layer but the last is rectified. */
function networkOf({ layers }: Model): string {
  return layers.reduce((input, _, n) => {
    const output = `layers.${n}.weight · ${input} + layers.${n}.bias`
    return n === layers.length - 1 ? output : `max(0, ${output})`
  }, '[user_factors[u], movie_factors[m]]')
}
