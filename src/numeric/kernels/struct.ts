const bytesOf = { u32: 4, i32: 4, f32: 4, u64: 8, f64: 8 } as const

/**
 * Names of a struct's fields, in the order in which they lie, with their types; addresses are u32.
 */
export type Fields = Readonly<Record<string, keyof typeof bytesOf>>

/**
 * A record in the kernels' memory: where each field lies behind its address, and its size, in
 * bytes.
 */
export type Struct<Of extends Fields = Fields> = {
  readonly fields: Of
  readonly offsets: { readonly [Name in keyof Of]: number }
  readonly bytes: number
}

/** A value for each field of a struct. */
export type Values<Of extends Fields> = {
  readonly [Name in keyof Of]: Of[Name] extends 'u64' ? bigint : number
}

const fieldsOf =
  <Type extends keyof typeof bytesOf>(type: Type) =>
  <Name extends string>(...names: Name[]) =>
    Object.fromEntries(names.map((name) => [name, type])) as Record<Name, Type>

/** Fields of one type, by their names. */
export const [u32, i32, f32] = [fieldsOf('u32'), fieldsOf('i32'), fieldsOf('f32')]
export const [u64, f64] = [fieldsOf('u64'), fieldsOf('f64')]

/**
 * Struct of the given fields, each at the next multiple of its own size, as the kernels lay it out.
 */
export function struct<Of extends Fields>(fields: Of): Struct<Of> {
  let bytes = 0
  const offsets = Object.entries(fields).map(([name, type]) => {
    const offset = Math.ceil(bytes / bytesOf[type]) * bytesOf[type]
    bytes = offset + bytesOf[type]
    return [name, offset]
  })
  return { fields, offsets: Object.fromEntries(offsets), bytes }
}

/** Writes all fields of a struct at an address. */
export function writeStruct<Of extends Fields>(
  view: DataView,
  address: number,
  struct: Struct<Of>,
  values: NoInfer<Values<Of>>,
): void {
  updateStruct(view, address, struct, values)
}

/** Writes some fields of a struct at an address and leaves the others. */
export function updateStruct<Of extends Fields>(
  view: DataView,
  address: number,
  { fields, offsets }: Struct<Of>,
  values: NoInfer<Partial<Values<Of>>>,
): void {
  for (const [name, type] of Object.entries(fields)) {
    const at = address + offsets[name]!
    const value = values[name]
    if (value === undefined) continue
    if (type === 'u64') view.setBigUint64(at, BigInt(value), true)
    else if (type === 'f64') view.setFloat64(at, Number(value), true)
    else if (type === 'f32') view.setFloat32(at, Number(value), true)
    else view.setInt32(at, Number(value), true)
  }
}
