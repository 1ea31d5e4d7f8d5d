// Loads the built command, with what was compiled of it when it ran last: compiling takes longer than most commands work.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { constants, Script } from 'node:vm'
import { threadId } from 'node:worker_threads'

const dist = fileURLToPath(new URL('../dist/', import.meta.url))

/** The command's `main`, and what keeps its compiled code for the next time that a command of this name runs. */
export async function loadCommand(name = '') {
  const known = /^[a-z]+$/.test(name) ? name : 'other'
  const { exports, keepCompiled } = await loadBundle('tocsin', 'src/cli/main.js', known)
  return { main: exports.main, keepCompiled }
}

/**
 * What a bundle exports, and what keeps its compiled code for the next time.
 * @param entry the module that it was made of
 * @param use the code that is compiled depends on what is done with it
 */
export async function loadBundle(name, entry, use = name) {
  // Coverage counts by module.
  if (process.env.NODE_V8_COVERAGE) return { exports: await import(`../dist/${entry}`), keepCompiled: () => {} }
  const bundle = join(dist, `${name}.cjs`)
  const cache = join(dist, 'compiled', `${use}-${process.version}-${process.arch}`)
  const cachedData = read(cache)
  // It is ASCII: so it is taken as it is.
  const script = new Script(readFileSync(bundle, 'latin1'), {
    filename: bundle,
    cachedData,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })
  const path = (place) => join(dist, place)
  const placeOf = { path, url: (place) => pathToFileURL(path(place)).href }
  const exports = script.runInThisContext()(createRequire(bundle), placeOf)
  const isKnown = cachedData !== undefined && script.cachedDataRejected === false
  return { exports, keepCompiled: () => isKnown || keep(cache, script.createCachedData()) }
}

function read(path) {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}

/** A folder that cannot be written is no mistake: it takes a moment longer the next time. */
function keep(path, data) {
  const own = `${path}.${process.pid}-${threadId}`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(own, data)
    renameSync(own, path)
  } catch {
    rmSync(own, { force: true })
  }
}
