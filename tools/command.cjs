// Loads the built command, with what was compiled of it when it ran last: compiling takes longer than most commands work.
// No module of the newer kind: to start what loads those takes longer than this.
const { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs')
const { createRequire } = require('node:module')
const { dirname, join } = require('node:path')
const { pathToFileURL } = require('node:url')
const { Script } = require('node:vm')

const dist = join(__dirname, '..', 'dist')

/** The command's `begin` and `main`, and what keeps its compiled code for the next time that a command of this name runs. */
async function loadCommand(name = '') {
  const known = /^[a-z]+$/.test(name) ? name : 'other'
  const { exports, keepCompiled } = await loadBundled('main', 'src/cli/main.js', known)
  return { begin: exports.begin, main: exports.main, keepCompiled }
}

/**
 * What a file of the bundle exports, and what keeps the compiled code of all that was loaded for the next time.
 * @param entry the module that it was made of
 * @param use the code that is compiled depends on what is done with it
 */
async function loadBundled(name, entry, use = name) {
  // Coverage counts by module.
  if (process.env.NODE_V8_COVERAGE) return { exports: await import(`../dist/${entry}`), keepCompiled: () => {} }
  const bundle = new Bundle(join(dist, 'compiled', `${use}-${process.version}-${process.arch}`))
  return { exports: bundle.load(`${name}.js`), keepCompiled: () => bundle.keepCompiled() }
}

const folder = join(dist, 'bundle')
const requireBuiltin = createRequire(join(folder, 'main.js'))

/** Modules of Node's own that take a millisecond and more, and that most commands name but do not use. */
const LATE = new Set(['node:crypto', 'node:fs/promises', 'node:zlib'])

/** Loads such a module when something of it is used. */
function requireLate(name) {
  const module = () => requireBuiltin(name)
  return new Proxy(
    {},
    {
      get: (_, member) => module()[member],
      ownKeys: () => Reflect.ownKeys(module()),
      getOwnPropertyDescriptor: (_, member) => Reflect.getOwnPropertyDescriptor({ ...module() }, member),
    },
  )
}

const path = (place) => join(dist, place)
const placeOf = { path, url: (place) => pathToFileURL(path(place)).href }

/** The files of the bundle that one use of it needs. */
class Bundle {
  #cache
  /** By file the code that was compiled of it before. */
  #known
  #scripts = new Map()
  #modules = new Map()
  #isNew = false

  constructor(cache) {
    this.#cache = cache
    this.#known = readCompiled(cache)
  }

  load(file) {
    let module = this.#modules.get(file)
    if (module === undefined) {
      module = { exports: {} }
      this.#modules.set(file, module)
      const cachedData = this.#known.get(file)
      // It is ASCII: so it is taken as it is.
      const source = readFileSync(join(folder, file), 'latin1')
      const script = new Script(source, { filename: join(folder, file), cachedData })
      if (cachedData === undefined || script.cachedDataRejected) this.#isNew = true
      this.#scripts.set(file, script)
      const require = (asked) => {
        if (asked.startsWith('./')) return this.load(asked.slice(2))
        return LATE.has(asked) ? requireLate(asked) : requireBuiltin(asked)
      }
      script.runInThisContext()(require, module, placeOf)
    }
    return module.exports
  }

  /** What was not loaded this time is kept too: it may be the next. */
  keepCompiled() {
    if (!this.#isNew) return
    const compiled = new Map(this.#known)
    for (const [file, script] of this.#scripts) compiled.set(file, script.createCachedData())
    keepCompiled(this.#cache, compiled)
  }
}

/** Compiled code is read in place where it begins at a multiple of this. */
const ALIGNED = 8
const aligned = (length) => Math.ceil(length / ALIGNED) * ALIGNED

/** A file of compiled code: its first line is a list of names and lengths, then come the bytes of each. */
function readCompiled(cache) {
  const found = new Map()
  try {
    const bytes = readFileSync(cache)
    const end = bytes.indexOf('\n') + 1
    let at = aligned(end)
    for (const [file, length] of JSON.parse(bytes.toString('latin1', 0, end))) {
      found.set(file, bytes.subarray(at, at + length))
      at += aligned(length)
    }
    return found
  } catch {
    return new Map()
  }
}

/** A folder that cannot be written is no mistake: it takes a moment longer the next time. */
function keepCompiled(cache, compiled) {
  const { threadId } = require('node:worker_threads')
  const own = `${cache}.${process.pid}-${threadId}`
  const parts = [...compiled.values()].flatMap((bytes) => [bytes, Buffer.alloc(aligned(bytes.length) - bytes.length)])
  const list = `${JSON.stringify([...compiled].map(([file, { length }]) => [file, length]))}\n`
  try {
    mkdirSync(dirname(cache), { recursive: true })
    writeFileSync(own, Buffer.concat([Buffer.from(list.padStart(aligned(list.length))), ...parts]))
    renameSync(own, cache)
  } catch {
    rmSync(own, { force: true })
  }
}

module.exports = { loadBundled, loadCommand }
