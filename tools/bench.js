// `npm run bench [-- NAME…]`: benchmarks side by side with peers, in one process run; ratios are what counts.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureBuilt, ensureInstalled, root } from './setup.js'

ensureInstalled()
ensureBuilt()
const folder = join(root, 'dist', 'bench')
const all = readdirSync(folder)
  .filter((name) => name.endsWith('.bench.js'))
  .map((name) => name.replace('.bench.js', ''))
const asked = process.argv.slice(2).length > 0 ? process.argv.slice(2) : all
const unknown = asked.filter((name) => !existsSync(join(folder, `${name}.bench.js`)))
if (unknown.length > 0) {
  console.error(`no such benchmark: ${unknown.join(', ')}; there are ${all.join(', ')}`)
  process.exit(2)
}
for (const name of asked) {
  console.log(`\n${name}`)
  const { bench } = await import(pathToFileURL(join(folder, `${name}.bench.js`)).href)
  await bench()
}
