import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { home } from '../cli/tocsin.ts'

const read = (...path: string[]) => readFileSync(join(home, ...path), 'utf8')

/** The packages in the first column of the tables under a heading. */
function listedUnder(heading: string): string[] {
  const section = read('docs', 'dependencies.md').split(`## ${heading}\n`)[1]!.split('\n## ')[0]!
  const rows = section.split('\n').filter((line) => line.startsWith('| `'))
  return rows.flatMap((row) => [...row.split('|')[1]!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!)).sort()
}

describe('docs/dependencies.md', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>

  it('says of every package at run time what it is for, and of no other', () => {
    assert.deepEqual(listedUnder('At run time'), Object.keys(dependencies!).sort())
  })

  it('says of every package for building and testing what it is for, and of no other', () => {
    const types = Object.keys(devDependencies!).filter((name) => name.startsWith('@types/'))
    const others = Object.keys(devDependencies!).filter((name) => !name.startsWith('@types/'))
    assert.ok(types.length > 0)
    assert.deepEqual(listedUnder('For building and testing'), [...others, '@types/*'].sort())
  })

  it('is right that each is locked to one version', () => {
    for (const version of Object.values({ ...dependencies, ...devDependencies }))
      assert.match(version, /^\d+\.\d+\.\d+$/)
  })
})
