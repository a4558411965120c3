import { filtersIn, type Notation, parametersIn } from '../../model/spec/list-parameters.ts'
import { decimal, flag, integer, list } from './query.ts'

const inQuery: Notation = {
  integer,
  decimal,
  flag,
  list,
  listNote: '; several times, or with commas',
}

/** The parameters of a list of movies in a query string, in which no id can have a comma. */
export const queryParameters = parametersIn(inQuery)
/** Filters of the movies of any list, in a query string. */
export const queryFilters = filtersIn(inQuery)
