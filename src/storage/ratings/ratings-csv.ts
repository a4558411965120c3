/** An id as a field of a line of CSV, quoted where it has to be (RFC 4180). */
export function csvId(id: string): string {
  return /[",\r\n]/.test(id) ? `"${id.replaceAll('"', '""')}"` : id
}
