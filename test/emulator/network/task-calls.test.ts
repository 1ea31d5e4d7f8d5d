import assert from 'node:assert/strict'
import { type Asked, Parameters, TASK_CALLS, type TaskOperation } from '../../../src/emulator/network/task-calls.ts'

const RECORDED = '\\Microsoft\\Windows\\SoftwareProtectionPlatform\\EventCacheManager'
const asked = (more: Partial<Asked>): Asked => ({ path: '\\', xml: '', user: '', names: [], ...more })

/** Lengths of parameters as 64-bit Windows wrote them in the public recording of a remote creation, and as its layout adds up. */
const LENGTHS: [operation: TaskOperation, which: 'asks' | 'answers', about: Partial<Asked>, length: number][] = [
  ['SchRpcHighestVersion', 'asks', {}, 0],
  ['SchRpcHighestVersion', 'answers', {}, 8],
  ['SchRpcEnumTasks', 'asks', { path: '\\' }, 40],
  ['SchRpcRegisterTask', 'answers', { path: RECORDED }, 172],
  // A pointer, a text of 63 signs, one of 1,400, three numbers, two pointers, all aligned.
  ['SchRpcRegisterTask', 'asks', { path: RECORDED, xml: 'x'.repeat(1_399) }, 8 + 152 + 2_824 + 8 + 8 + 8 + 8],
  ['SchRpcDelete', 'asks', { path: '\\a' }, 24 + 6 + 2 + 4],
  ['SchRpcRun', 'answers', {}, 20],
]

describe('calls of the Task Scheduler', () => {
  for (const [operation, which, about, length] of LENGTHS) {
    it(`${which === 'asks' ? 'ask' : 'answer'} ${operation} in ${length} bytes`, () => {
      assert.equal(TASK_CALLS[operation][which](new Parameters(8), asked(about)).length, length)
    })
  }

  it('are shorter as 32-bit clients write them', () => {
    for (const { asks, answers } of Object.values(TASK_CALLS)) {
      for (const encode of [asks, answers]) {
        const [wide, narrow] = ([8, 4] as const).map(
          (word) => encode(new Parameters(word), asked({ path: '\\a' })).length,
        )
        assert.ok(narrow! <= wide!)
      }
    }
  })

  it('have the numbers of the specification', () => {
    const numbers = Object.fromEntries(Object.entries(TASK_CALLS).map(([name, { opnum }]) => [name, opnum]))
    assert.deepEqual(numbers, {
      SchRpcHighestVersion: 0,
      SchRpcRegisterTask: 1,
      SchRpcRetrieveTask: 2,
      SchRpcEnumFolders: 6,
      SchRpcEnumTasks: 7,
      SchRpcStop: 11,
      SchRpcRun: 12,
      SchRpcDelete: 13,
      SchRpcGetLastRunInfo: 16,
      SchRpcGetTaskInfo: 17,
      SchRpcEnableTask: 19,
    })
  })
})
