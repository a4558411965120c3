import { register } from 'node:module'

// Preloaded (--import) in place of tsx, after build.mjs has run.
process.setSourceMapsEnabled(true)
register('./hooks.mjs', import.meta.url)
