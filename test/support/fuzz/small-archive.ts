import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'

/** A dataset as MovieLens packs them, of two ratings and a movie. */
export async function smallArchive(): Promise<Buffer> {
  const zip = new ZipFile()
  const file = (name: string, text: string) => zip.addBuffer(Buffer.from(text), `ml-small/${name}`)
  file('ratings.csv', 'userId,movieId,rating,timestamp\n15,318,4.5,1000\n16,318,4,1000\n')
  file('movies.csv', 'movieId,title,genres\n356,Forrest Gump (1994),Drama\n')
  file('README.txt', 'A part of MovieLens.\n')
  zip.end()
  return buffer(zip.outputStream)
}
