// What a fresh clone lacks: packages and the build. Quick, and writes nothing, when nothing is missing.
// npm runs no lifecycle scripts here (`ignore-scripts=true`), so each command calls this itself.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fingerprintOfContents, fingerprintOfTimes } from './fingerprint.js'
import { withLock } from './lock.js'
import { explainNpm } from './npm-trouble.js'
import { STAMP as COMMAND_STAMP, commandSources } from './ready.cjs'

export const root = fileURLToPath(new URL('..', import.meta.url))

const at = (...parts) => join(root, ...parts)
const say = (text) => process.stderr.write(`tocsin: ${text}\n`)

/** Runs a program with its output on stderr, so that stdout stays the command's own. Returns its exit code. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options })
  if (result.error) throw result.error
  return result.status ?? 1
}

/** Installs the packages of the lock file unless they are there. Ends the process with 2 when that fails. */
export function ensureInstalled() {
  if (isInstalled()) return
  changing('the packages are missing', () => {
    if (isInstalled()) return
    say('installing packages (once)')
    const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', 2, 'pipe'],
      encoding: 'utf8',
    })
    if (npm.status === 0 && isInstalled()) return
    process.stderr.write(npm.stderr ?? '')
    say(`the packages could not be installed: ${explainNpm(npm)}`)
    process.exit(2)
  })
}

/** npm writes down last what it installed: that has to be what the lock file asks for. */
function isInstalled() {
  const done = at('node_modules', '.package-lock.json')
  if (!existsSync(done)) return false
  const installed = JSON.parse(readFileSync(done, 'utf8')).packages
  const wanted = Object.entries(JSON.parse(readFileSync(at('package-lock.json'), 'utf8')).packages)
  return wanted.every(
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
  )
}

/** Compiles when a source changed since the last build. Types are checked by `npm run build` and `npm test`. */
export function ensureBuilt() {
  if (isBuilt()) return
  changing('the build is missing or out of date', () => {
    if (isBuilt()) return
    if (compile(['--noCheck']) === 0) return
    say('the sources do not compile; run `npm run build` to see where')
    process.exit(2)
  })
}

/** The whole build with type check. Returns tsc's exit code; after a failure the previous build is still there. */
export function build() {
  let status = 0
  changing('the build has to be written', () => {
    status = compile([])
  })
  return status
}

const STAMP = at('dist', '.sources')

/** A copy or a check-out changes times, not contents: the contents decide. */
function isBuilt() {
  if (!existsSync(STAMP)) return false
  const command = commandSources()
  const [times, contents] = readFileSync(STAMP, 'utf8').split('\n')
  if (times !== fingerprintOfTimes(root) && contents !== fingerprintOfContents(root)) return false
  keepStamp(command)
  return true
}

/** For the next start of the command; where it cannot be written, that start asks here again. */
function keepStamp(command) {
  try {
    if (readFileSync(COMMAND_STAMP, 'utf8') !== command) writeFileSync(COMMAND_STAMP, command)
  } catch {}
}

/** Compiles beside the build that is there and puts the new one in its place when it is whole. */
function compile(flags) {
  for (const name of readdirSync(root)) if (name.startsWith('.dist-')) remove(at(name))
  const command = commandSources()
  const stamp = `${fingerprintOfTimes(root)}\n${fingerprintOfContents(root)}\n`
  const [fresh, old] = [at(`.dist-${process.pid}`), at(`.dist-${process.pid}-old`)]
  const tsc = at('node_modules', 'typescript', 'bin', 'tsc')
  const status =
    run(process.execPath, [tsc, '-p', root, '--outDir', fresh, ...flags]) ||
    run(process.execPath, [at('tools', 'assemble.js'), fresh]) ||
    run(process.execPath, [at('tools', 'bundle.js'), fresh])
  if (status === 0) {
    writeFileSync(join(fresh, '.sources'), stamp)
    writeFileSync(join(fresh, '.command'), command)
    if (existsSync(at('dist'))) renameSync(at('dist'), old)
    renameSync(fresh, at('dist'))
  }
  for (const folder of [fresh, old]) remove(folder)
  return status
}

/** What cannot be removed now, because the compiler of a killed command still writes there, the next build removes. */
function remove(folder) {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch (error) {
    if (error.code !== 'ENOTEMPTY') throw error
  }
}

/** Does what changes this folder, one process at a time. */
function changing(why, work) {
  try {
    withLock(at('.tocsin-setup-lock'), work)
  } catch (error) {
    if (!['EROFS', 'EACCES', 'EPERM', 'ENOSPC'].includes(error.code)) throw error
    say(`${why}, and ${root} cannot be written (${error.code})`)
    process.exit(2)
  }
}
