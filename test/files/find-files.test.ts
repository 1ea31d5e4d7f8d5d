import assert from 'node:assert/strict'
import { relative } from 'node:path'
import { findScenariosDir, listUserFiles } from '../../src/files/find-files.ts'
import { folderWith } from './folder.ts'

describe('findScenariosDir', () => {
  it('takes the folder asked for, else ./scenarios, else that of the package', () => {
    const own = folderWith({ 'scenarios/a.yml': '' })
    const empty = folderWith({})
    assert.equal(findScenariosDir({ asked: 'x', cwd: own.dir, home: '/home' }), 'x')
    assert.equal(findScenariosDir({ cwd: own.dir, home: '/home' }), 'scenarios')
    assert.equal(findScenariosDir({ cwd: empty.dir, home: '/home' }), '/home/scenarios')
    own.remove()
    empty.remove()
  })
})

describe('listUserFiles', () => {
  it('finds YAML in sub-folders too, tells analytics apart, and leaves out the rest', async () => {
    const folder = folderWith({
      'b.yaml': '',
      'a.yml': '',
      'deep/c.yml': '',
      'analytics/d.yml': '',
      'analytics/deep/e.YML': '',
      '.hidden.yml': '',
      'notes.md': '',
    })
    const { scenarios, analytics, problems } = listUserFiles(folder.dir)
    folder.remove()
    const names = (paths: string[]) => paths.map((path) => relative(folder.dir, path))
    assert.deepEqual(names(scenarios), ['a.yml', 'b.yaml', 'deep/c.yml'])
    assert.deepEqual(names(analytics), ['analytics/d.yml', 'analytics/deep/e.YML'])
    assert.deepEqual(problems, [])
  })
})
