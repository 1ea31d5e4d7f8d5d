// What a fresh clone lacks: packages and the build. Quick when nothing is missing.
// npm runs no lifecycle scripts here (`ignore-scripts=true`), so each command calls this itself.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

const at = (...parts) => join(root, ...parts)

/** Runs a program with its output on stderr, so that stdout stays the command's own. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options })
  if (result.error) throw result.error
  return result.status ?? 1
}

/** Installs the packages of the lock file unless the installed ones are those already. */
export function ensureInstalled() {
  const stamp = at('node_modules', '.tocsin-lock')
  const wanted = createHash('sha256')
    .update(readFileSync(at('package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  if (!installedByNpm()) {
    process.stderr.write('tocsin: installing packages (once)\n')
    if (run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']) !== 0) {
      process.stderr.write('tocsin: the packages could not be installed; run `npm ci` to see why\n')
      process.exit(2)
    }
  }
  writeFileSync(stamp, wanted)
}

/** npm keeps a lock of what it installed; when that is newer than ours, a plain `npm ci` was here before us. */
function installedByNpm() {
  const hidden = at('node_modules', '.package-lock.json')
  return existsSync(hidden) && statSync(hidden).mtimeMs >= statSync(at('package-lock.json')).mtimeMs
}

/** Compiles when a source changed since the last build. Types are checked by `npm run build` and `npm test`. */
export function ensureBuilt() {
  const stamp = at('dist', '.sources')
  const wanted = fingerprint()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  withLock(() => {
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
    if (compile(['--noCheck']) !== 0) {
      process.stderr.write('tocsin: the sources do not compile; run `npm run build` to see where\n')
      process.exit(2)
    }
    markBuilt(wanted)
  })
}

/** The whole build with type check. Returns tsc's exit code. */
export function build() {
  const wanted = fingerprint()
  const status = compile([])
  if (status === 0) markBuilt(wanted)
  return status
}

const compile = (flags) => run(process.execPath, [at('node_modules', 'typescript', 'bin', 'tsc'), '-p', root, ...flags])

function markBuilt(wanted) {
  mkdirSync(at('dist'), { recursive: true })
  writeFileSync(at('dist', '.sources'), wanted)
}

/** Names, sizes and times of every source: a change to any of them asks for a build. */
function fingerprint() {
  const hash = createHash('sha256')
  for (const folder of ['src', 'test', 'bench']) {
    if (!existsSync(at(folder))) continue
    for (const entry of readdirSync(at(folder), { recursive: true }).sort()) {
      if (!/\.(ts|json)$/.test(entry)) continue
      const { size, mtimeMs } = statSync(at(folder, entry))
      hash.update(`${folder}/${entry} ${size} ${mtimeMs}\n`)
    }
  }
  for (const file of ['tsconfig.json', 'package-lock.json']) hash.update(`${file} ${statSync(at(file)).mtimeMs}\n`)
  return hash.digest('hex')
}

/** Several commands may start at once in a fresh clone: one builds, the others wait for it. */
function withLock(work) {
  const lock = at('.tocsin-build-lock')
  const deadline = Date.now() + 120_000
  for (;;) {
    try {
      mkdirSync(lock)
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
      if (age > 60_000 || Date.now() > deadline) rmSync(lock, { recursive: true, force: true })
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
    }
  }
  try {
    work()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}
