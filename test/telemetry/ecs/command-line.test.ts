import assert from 'node:assert/strict'
import fc from 'fast-check'
import { splitCommandLine } from '../../../src/telemetry/ecs/command-line.ts'

/** Quotes an argument so that the C runtime reads it back: backslashes are doubled only before a quote. */
const quoted = (argument: string) => `"${argument.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`

describe('command lines', () => {
  for (const [line, args] of [
    ['schtasks  /create /tn x', ['schtasks', '/create', '/tn', 'x']],
    ['"C:\\Program Files\\a.exe" "b c"', ['C:\\Program Files\\a.exe', 'b c']],
    ['a.exe \\\\server\\share\\', ['a.exe', '\\\\server\\share\\']],
    ['a "b\\\\" c', ['a', 'b\\', 'c']],
    ['a \\"b c\\"', ['a', '"b', 'c"']],
    ['a "b""c"', ['a', 'b"c']],
    ['a ""', ['a', '']],
    ['', []],
    [' \t ', []],
  ] as const) {
    it(JSON.stringify(line), () => assert.deepEqual(splitCommandLine(line), args))
  }

  it('gives every argument back that was quoted', () => {
    const argument = fc.string({ unit: fc.constantFrom('a', ' ', '"', '\\', '\t', 'é') })
    fc.assert(
      fc.property(fc.array(argument), (args) => {
        assert.deepEqual(splitCommandLine(args.map(quoted).join(' ')), args)
      }),
    )
  })
})
