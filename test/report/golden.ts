/** Golden files: a change of a format is a change that somebody reads. `UPDATE_GOLDEN=1` writes them anew. */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { home } from '../cli/tocsin.ts'

const folder = join(home, 'test', 'report', 'golden')

/** Asserts that the text is what the golden file holds. */
export function assertGolden(name: string, text: string): void {
  const path = join(folder, name)
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(folder, { recursive: true })
    writeFileSync(path, text)
  }
  assert.ok(existsSync(path), `there is no ${path}: UPDATE_GOLDEN=1 writes it`)
  assert.equal(text, readFileSync(path, 'utf8'), `${name} is not what it was: UPDATE_GOLDEN=1 takes the change`)
}
