// What a build was made of. Times are quick to ask; contents survive a copy.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Names, sizes and times of every source. */
export function fingerprintOfTimes(root) {
  return fingerprint(root, (path) => {
    const { size, mtimeMs } = statSync(path)
    return `${size} ${mtimeMs}`
  })
}

/** Names and contents of every source. */
export function fingerprintOfContents(root) {
  return fingerprint(root, (path) => readFileSync(path))
}

function fingerprint(root, trait) {
  const hash = createHash('sha256')
  for (const name of sources(root)) hash.update(`\n${name} `).update(trait(join(root, name)))
  return hash.digest('hex')
}

function sources(root) {
  const names = ['tsconfig.json', 'package-lock.json', 'tools/assemble.js', 'tools/bundle.js']
  for (const folder of ['src', 'test', 'bench']) {
    for (const entry of readdirSync(join(root, folder), { recursive: true }).sort()) {
      if (/\.(ts|json|wat)$/.test(entry)) names.push(`${folder}/${entry}`)
    }
  }
  return names
}
