import assert from 'node:assert/strict'
import { indexMatches } from '../../../src/engine/judge/indices.ts'

const TABLE: [patterns: string[], index: string, matches: boolean][] = [
  [['logs-system.security-*'], 'logs-system.security-default', true],
  [['logs-system.security-*'], '.ds-logs-system.security-default-2026.11.22-000001', true],
  [['logs-system.security-*'], 'logs-windows.sysmon_operational-default', false],
  [['winlogbeat-*', 'logs-*'], 'logs-x', true],
  [['logs.x'], 'logsAx', false],
  [['*'], 'anything', true],
  [[], 'anything', false],
]

describe('index patterns', () => {
  for (const [patterns, index, matches] of TABLE) {
    it(`${patterns.join(', ')} ${matches ? 'reads' : 'does not read'} ${index}`, () => {
      assert.equal(indexMatches(patterns, index), matches)
    })
  }
})
