// Whether the command can run at once: asked each time that it starts, so this loads little and asks little.
const { readdirSync, readFileSync, statSync } = require('node:fs')
const { join } = require('node:path')

const root = join(__dirname, '..', '/')
const STAMP = `${root}dist/.command`

/** Names, sizes and times of all that the built command is made of. */
function commandSources() {
  const names = ['tsconfig.json', 'package-lock.json', 'tools/assemble.js', 'tools/bundle.js']
  // npm writes down last what it installed.
  names.push('node_modules/.package-lock.json')
  addSources('src', names)
  return names.map((name) => `${name} ${traits(`${root}${name}`)}\n`).join('')
}

/** False also when that is not known: others find out more. */
function isReady() {
  try {
    return readFileSync(STAMP, 'utf8') === commandSources()
  } catch {
    return false
  }
}

/** Node's own recursion asks for the kind of every file again. */
function addSources(folder, names) {
  for (const entry of readdirSync(`${root}${folder}`, { withFileTypes: true })) {
    const name = `${folder}/${entry.name}`
    if (entry.isDirectory()) addSources(name, names)
    else if (/\.(ts|json|wat)$/.test(name)) names.push(name)
  }
}

function traits(path) {
  const { size, mtimeMs } = statSync(path)
  return `${size} ${mtimeMs}`
}

module.exports = { commandSources, isReady, STAMP }
