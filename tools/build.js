// `npm run build`: compiles with type check.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { build, ensureInstalled, root } from './setup.js'

ensureInstalled()
rmSync(join(root, 'dist'), { recursive: true, force: true })
process.exit(build())
