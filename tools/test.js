// `npm test`: installs and builds what is missing, then every check there is. Arguments go to mocha.
// The last line is `N passed, N failed, N skipped`; the checks before the tests count as one each.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build, ensureInstalled, root } from './setup.js'

const started = Date.now()
const seconds = (from) => ((Date.now() - from) / 1000).toFixed(1)
const total = { passed: 0, failed: 0, skipped: 0 }

/** Runs one check and counts it; what it writes is shown in one piece. */
async function check(title, work) {
  const from = Date.now()
  const { status, output } = await work()
  process.stderr.write(`${output}${status === 0 ? 'ok' : 'FAILED'}  ${title} (${seconds(from)} s)\n`)
  total[status === 0 ? 'passed' : 'failed'] += 1
}

/** Runs a program in this folder to its end. */
function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        output += text
      })
    }
    child.on('error', reject)
    child.on('close', (code) => resolve({ status: code ?? 1, output }))
  })
}

const node = (args, options) => run(process.execPath, args, options)
const bin = (name) => join(root, 'node_modules', '.bin', name)

/** All tests, or those that the arguments name. */
async function tests(chosen) {
  const from = Date.now()
  const counts = join(root, 'coverage', 'counts.json')
  mkdirSync(join(root, 'coverage'), { recursive: true })
  rmSync(counts, { force: true })
  const mocha = [bin('mocha'), '--reporter', join(root, 'tools', 'count-reporter.cjs'), ...chosen]
  const { status } = await node(mocha, {
    stdio: ['ignore', 1, 2],
    env: { ...process.env, TOCSIN_TEST_COUNTS: counts },
  })
  const counted = existsSync(counts) ? JSON.parse(readFileSync(counts, 'utf8')) : { passed: 0, failed: 0, skipped: 0 }
  for (const name of Object.keys(total)) total[name] += counted[name]
  // Tests that all pass may still end before they are counted.
  if (status !== 0 && counted.failed === 0) total.failed += 1
  process.stderr.write(`${status === 0 ? 'ok' : 'FAILED'}  tests (${seconds(from)} s)\n`)
}

ensureInstalled()
const chosen = process.argv.slice(2)
await check('types', async () => ({ status: build(), output: '' }))
if (total.failed === 0) {
  if (chosen.length === 0) {
    await Promise.all([
      check('format and lint', () => node([bin('biome'), 'check', '--error-on-warnings', '.'])),
      check('import laws', () => node([join(root, 'tools', 'import-laws.js')])),
      check('dead code', () => node([bin('knip')])),
    ])
    if (process.env.CI) await check('system packages', () => run('bash', [join(root, 'test', 'setup.sh')]))
  }
  await tests(chosen)
}
process.stderr.write(`all in ${seconds(started)} s\n`)
process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`)
process.exitCode = total.failed === 0 ? 0 : 1
