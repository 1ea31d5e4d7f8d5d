// `npm test`: installs and builds what is missing, then every check there is. Arguments go to mocha.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { build, ensureInstalled, root, run } from './setup.js'

const started = Date.now()
ensureInstalled()
const bin = (name) => join(root, 'node_modules', '.bin', name)
const only = process.argv.slice(2)

const step = (title, work) => {
  const from = Date.now()
  const status = work()
  process.stderr.write(`${status === 0 ? 'ok' : 'FAILED'}  ${title} (${((Date.now() - from) / 1000).toFixed(1)} s)\n`)
  if (status !== 0) process.exit(status)
}

// Compiled files of deleted sources would still be found by mocha.
rmSync(join(root, 'dist'), { recursive: true, force: true })
step('types', build)
if (only.length === 0) {
  step('format and lint', () => run(bin('biome'), ['check', '--error-on-warnings', '.']))
  step('import laws', () => run(process.execPath, [join(root, 'tools', 'import-laws.js')]))
  step('dead code', () => run(bin('knip'), []))
  if (process.env.CI) step('system packages', () => run('bash', [join(root, 'test', 'setup.sh')]))
}
const mocha = [bin('mocha'), ...only]
step('tests', () =>
  process.env.COVERAGE === '0' || only.length > 0
    ? run(process.execPath, mocha, { stdio: ['ignore', 1, 2] })
    : run(process.execPath, [bin('c8'), process.execPath, ...mocha], { stdio: ['ignore', 1, 2] }),
)
process.stderr.write(`all in ${((Date.now() - started) / 1000).toFixed(0)} s\n`)
