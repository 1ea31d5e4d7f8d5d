// `npm run build`: compiles with type check.
import { build, ensureInstalled } from './setup.js'

ensureInstalled()
process.exit(build())
