/** Reads files and parses every line, and nothing else: line by line out of one buffer, the fastest way there is in Node. */
import { readFileSync } from 'node:fs'

let lines = 0
for (const file of process.argv.slice(2)) {
  const bytes = readFileSync(file)
  for (let at = 0; at < bytes.length; lines += 1) {
    const newline = bytes.indexOf(0x0a, at)
    const end = newline === -1 ? bytes.length : newline
    JSON.parse(bytes.toString('utf8', at, end))
    at = end + 1
  }
}
console.log(lines)
