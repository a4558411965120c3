type Column = Uint32Array | Int32Array | Float32Array | Float64Array

/** The column with room for an index: itself, or a copy of twice the length. */
export function withRoom<Numbers extends Column>(column: Numbers, index: number): Numbers {
  if (index < column.length) return column
  const Constructor = column.constructor as new (length: number) => Numbers
  const larger = new Constructor(Math.max(2 * column.length, index + 1))
  larger.set(column)
  return larger
}
