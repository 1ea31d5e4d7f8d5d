// Loads the built command, with what was compiled of it when it ran last: compiling takes longer than most commands work.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { constants, Script } from 'node:vm'

const dist = fileURLToPath(new URL('../dist/', import.meta.url))
const bundle = join(dist, 'tocsin.cjs')

/** Its `main`, and what keeps its compiled code for the next time that a command of this name runs. */
export async function loadCommand(name = '') {
  // Coverage counts by module.
  if (process.env.NODE_V8_COVERAGE) {
    const { main } = await import('../dist/src/cli/main.js')
    return { main, keepCompiled: () => {} }
  }
  const cache = join(dist, 'compiled', `${/^[a-z]+$/.test(name) ? name : 'other'}-${process.version}-${process.arch}`)
  const cachedData = read(cache)
  const script = new Script(readFileSync(bundle, 'utf8'), {
    filename: bundle,
    cachedData,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })
  const path = (place) => join(dist, place)
  const placeOf = { path, url: (place) => pathToFileURL(path(place)).href }
  const { main } = script.runInThisContext()(createRequire(bundle), placeOf)
  const isKnown = cachedData !== undefined && script.cachedDataRejected === false
  return { main, keepCompiled: () => isKnown || keep(cache, script.createCachedData()) }
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
  const own = `${path}.${process.pid}`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(own, data)
    renameSync(own, path)
  } catch {
    rmSync(own, { force: true })
  }
}
