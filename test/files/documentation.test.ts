import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadUserFiles } from '../../src/files/load-user-files.ts'
import { home } from '../cli/tocsin.ts'
import { folderWith } from './folder.ts'

/** The YAML blocks of a page that are whole files. */
const filesIn = (page: string) =>
  [...readFileSync(join(home, 'docs', page), 'utf8').matchAll(/```yaml\n(# yaml-language-server[\s\S]*?)```/g)].map(
    ([, text]) => text!,
  )

describe('the files that the documentation shows', () => {
  for (const page of ['scenarios.md', 'analytics.md']) {
    it(`have no mistake: ${page}`, async () => {
      const files = filesIn(page)
      assert.ok(files.length > 0)
      const folder = folderWith(Object.fromEntries(files.map((text, n) => [`${n}.yml`, text])))
      const { problems } = loadUserFiles({
        scenariosDir: join(home, 'scenarios'),
        files: files.map((_, n) => folder.path(`${n}.yml`)),
      })
      folder.remove()
      assert.deepEqual(problems, [])
    })
  }
})
