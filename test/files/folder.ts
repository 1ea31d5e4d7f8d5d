/** A folder of users' files that lasts as long as a test. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Writes files (path → text) to a new folder; `path` gives a file's whole path, `remove` deletes everything. */
export function folderWith(files: Record<string, string>): { dir: string; path(name: string): string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), 'tocsin-files-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true })
    writeFileSync(join(dir, name), text)
  }
  return { dir, path: (name) => join(dir, name), remove: () => rmSync(dir, { recursive: true }) }
}

/** The smallest analytic that is valid. */
export const analytic = (id: string, more = '') => `id: ${id}
title: Title
goal: Goal
attack: [{ technique: T1053.005 }]
implementations:
  - language: eql
    query: |
      process where true
${more}`

/** The smallest scenario that is valid, with the text of its one test's expectations. */
export const scenario = (id: string, expect = '[{ analytic: one, is: alert }]', host = 'source') => `id: ${id}
tests:
  - id: create
    provenance: { document: none, kind: own }
    steps:
      - { host: ${host}, run: whoami }
    expect: ${expect}
`
