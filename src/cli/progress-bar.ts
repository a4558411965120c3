import { progressText } from '../model/progress.ts'

const width = 30

/** A bar on a terminal's last line. Nothing is written where the stream is no terminal. */
export type ProgressBar = {
  /** Draws the share done, what is done, and how long it will take. */
  update(progress: Parameters<typeof progressText>[0]): void
  /** Removes the bar, so that other lines can be written. */
  clear(): void
}

/** A bar that is first seen with the first update. */
export function createProgressBar(stream: NodeJS.WriteStream): ProgressBar {
  const write = (text: string) => {
    if (stream.isTTY) stream.write(`\r\u001b[K${text}`)
  }
  return {
    update(progress) {
      const full = Math.round(progress.share * width)
      write(`${'█'.repeat(full)}${'░'.repeat(width - full)} ${progressText(progress)}`)
    },
    clear: () => write(''),
  }
}
