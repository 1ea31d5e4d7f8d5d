// Whether the command can run at once: asked each time that it starts, so this loads little and asks little.
const { readdirSync, readFileSync, statSync } = require('node:fs')
const { join } = require('node:path')

const root = join(__dirname, '..', '/')
const STAMP = `${root}dist/.command`

/** Names, sizes and times of all that the built command is made of, and of the folders that tell of what is new in them. */
function commandSources() {
  const names = ['tsconfig.json', 'package-lock.json', 'tools/assemble.js', 'tools/bundle.js']
  // npm writes down last what it installed.
  names.push('node_modules/.package-lock.json')
  addSources('src', names)
  return names.map((name) => `${name}\t${traits(name)}\n`).join('')
}

/** False also when that is not known: others find out more. */
function isReady() {
  try {
    const lines = readFileSync(STAMP, 'utf8').split('\n')
    return lines.pop() === '' && lines.length > 0 && lines.every(isAsBefore)
  } catch {
    return false
  }
}

function isAsBefore(line) {
  const [name, before] = line.split('\t')
  return traits(name) === before
}

/** Node's own recursion asks for the kind of every file again. */
function addSources(folder, names) {
  names.push(folder)
  for (const entry of readdirSync(`${root}${folder}`, { withFileTypes: true })) {
    const name = `${folder}/${entry.name}`
    if (entry.isDirectory()) addSources(name, names)
    else if (/\.(ts|json|wat)$/.test(name)) names.push(name)
  }
}

function traits(name) {
  const { size, mtimeMs } = statSync(`${root}${name}`)
  return `${size} ${mtimeMs}`
}

module.exports = { commandSources, isReady, STAMP }
