import { z } from 'zod'
import { checked } from './validation.ts'

/** A member that is checked by a named schema and stays as it came, without what that adds. */
export function asGiven(schema: z.ZodType, id: string) {
  return z
    .custom<Record<string, unknown>>()
    .superRefine((given, { issues }) => {
      const { error } = checked(schema, given)
      for (const issue of error?.issues ?? []) issues.push({ ...issue, input: given } as never)
    })
    .meta({ $ref: `#/components/schemas/${id}Input` })
}
