const tickMs = 40

/** Waits, and meanwhile calls `tick` every 40 ms; rejects with what either rejects with. */
export async function watch(
  finished: Promise<unknown>,
  tick: () => Promise<void> | undefined,
): Promise<void> {
  for (;;) {
    let timer: NodeJS.Timeout | undefined
    const pause = new Promise<'tick'>((resolve) => {
      timer = setTimeout(() => resolve('tick'), tickMs)
    })
    try {
      if ((await Promise.race([finished, pause])) !== 'tick') return
    } finally {
      clearTimeout(timer)
    }
    await tick()
  }
}
