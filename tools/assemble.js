// The build's second step: WebAssembly texts in `src/` to binaries beside the compiled modules in a folder.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import wabt from 'wabt'
import { root } from './setup.js'

const folder = process.argv[2]
const FEATURES = { simd: true, threads: true }
const { parseWat } = await wabt()
for (const name of readdirSync(join(root, 'src'), { recursive: true })) {
  if (!name.endsWith('.wat')) continue
  try {
    const text = parseWat(`src/${name}`, readFileSync(join(root, 'src', name), 'utf8'), FEATURES)
    text.validate(FEATURES)
    writeFileSync(join(folder, 'src', name.replace(/\.wat$/, '.wasm')), text.toBinary({}).buffer)
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}
