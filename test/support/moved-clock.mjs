// Preloaded into a process, with `NODE_OPTIONS=--import=…`: SIGUSR2 moves its clock an hour ahead.
// All that a process of ours knows of the time comes from `Date`.
let ahead = 0
const Clock = globalThis.Date
globalThis.Date = class extends Clock {
  constructor(...given) {
    super(...(given.length === 0 ? [Clock.now() + ahead] : given))
  }
  static now() {
    return Clock.now() + ahead
  }
}
process.on('SIGUSR2', () => {
  ahead += 3_600_000
})
