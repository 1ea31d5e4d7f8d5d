import assert from 'node:assert/strict'
import { loadAuthorization, loadLab } from '../../src/files/load-single-file.ts'
import { folderWith } from './folder.ts'

describe('loadLab and loadAuthorization', () => {
  it('give the lab with its defaults', async () => {
    const folder = folderWith({ 'lab.yml': 'hosts: { ws1: { role: source, emulated: {} } }' })
    const { value, problems } = loadLab(folder.path('lab.yml'))
    folder.remove()
    assert.deepEqual(problems, [])
    assert.equal(value?.hosts.ws1?.emulated?.sensors, 'good')
    assert.equal(value?.networkSensor, true)
  })

  it('point at what does not fit, deep inside', async () => {
    const folder = folderWith({
      'lab.yml':
        'hosts:\n  ws1:\n    role: source\n    port: "22"\n    emulated: { sensor: good }\n  "-x": { role: target }\n',
    })
    const { value, problems } = loadLab(folder.path('lab.yml'))
    folder.remove()
    assert.equal(value, null)
    assert.deepEqual(
      problems.map(({ line, column, message, mend }) => [line, column, message, mend]),
      [
        [4, 11, "'port' must be a number, not a text", undefined],
        [5, 17, "'sensor' is not a key here", "did you mean 'sensors'?"],
        [
          6,
          3,
          "'-x' cannot be a key: an id has letters, digits, dots, hyphens and underscores, and starts with a letter or digit",
          undefined,
        ],
      ],
    )
  })

  it('say that a file is missing, without a line', async () => {
    const { value, problems } = loadAuthorization('/does/not/exist.yml')
    assert.equal(value, null)
    assert.deepEqual(problems, [{ path: '/does/not/exist.yml', line: 0, column: 0, message: 'there is no such file' }])
  })

  it('name the whole file when it is empty', async () => {
    const folder = folderWith({ 'leave.yml': '' })
    const { problems } = loadAuthorization(folder.path('leave.yml'))
    folder.remove()
    assert.equal(problems[0]!.message, 'the file must be a map of keys, not empty')
  })
})
