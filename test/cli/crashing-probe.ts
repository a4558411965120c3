/** A probe that does not answer, in the way that CRASH names. */
switch (process.env['CRASH']) {
  case 'abort':
    process.abort()
    break
  case 'exit':
    process.stderr.write('the driver is too old\n')
    process.exit(3)
    break
  default:
    setInterval(() => {}, 1_000)
}
