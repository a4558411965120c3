const width = 30

/** A bar on a terminal's last line. Nothing is written where the stream is no terminal. */
export type ProgressBar = {
  /** Draws the share done, 0 … 1. */
  update(share: number): void
  /** Removes the bar, so that other lines can be written. */
  clear(): void
}

/** A bar that is first seen with the first update. */
export function createProgressBar(stream: NodeJS.WriteStream): ProgressBar {
  const write = (text: string) => {
    if (stream.isTTY) stream.write(`\r\u001b[K${text}`)
  }
  return {
    update(share) {
      const full = Math.round(share * width)
      const percent = `${Math.round(share * 100)}`.padStart(3)
      write(`${'█'.repeat(full)}${'░'.repeat(width - full)} ${percent} %`)
    },
    clear: () => write(''),
  }
}
