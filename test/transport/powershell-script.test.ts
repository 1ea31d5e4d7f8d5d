import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import type { NamedHost } from '../../src/engine/ports.ts'
import { sessionLine } from '../../src/transport/local-powershell.ts'
import { invokeScript, throughPowerShell, wrapCmd, wrapScript } from '../../src/transport/powershell-script.ts'
import { invocationOf } from '../../src/transport/ssh/host-shell.ts'
import { killTreeLine } from '../../src/transport/ssh/kill.ts'
import { grammarChecker } from './powershell-grammar.ts'

const SCENARIOS = fileURLToPath(new URL('../../../scenarios/', import.meta.url))

interface Test {
  id: string
  setup?: { run?: string; shell?: string }[]
  steps: { run?: string; shell?: string }[]
  cleanup?: { run?: string; shell?: string }[]
}

/** Every PowerShell text of the shipped scenarios, by test. */
function shippedScripts(): [string, string][] {
  const found: [string, string][] = []
  for (const file of readdirSync(SCENARIOS).filter((name) => name.endsWith('.yml'))) {
    const { id, tests } = parse(readFileSync(`${SCENARIOS}${file}`, 'utf8')) as { id: string; tests: Test[] }
    for (const test of tests) {
      for (const step of [...(test.setup ?? []), ...test.steps, ...(test.cleanup ?? [])]) {
        if (step.shell === 'powershell' && step.run !== undefined) found.push([`${id}/${test.id}`, step.run])
      }
    }
  }
  return found
}

/** The scripts in a command line and its input, as the host's PowerShell decodes them. */
function sentScripts({ line, stdin }: { line: string; stdin: string }): string[] {
  const encoded = /-EncodedCommand ([A-Za-z0-9+/=]+)/.exec(line)?.[1]
  const scripts = encoded === undefined ? [] : [Buffer.from(encoded, 'base64').toString('utf16le')]
  if (line.includes('-InputFormat Text')) scripts.push(Buffer.from(stdin.split('\n')[0]!, 'base64').toString('utf8'))
  return scripts
}

describe('PowerShell texts that leave for a host', () => {
  let problemsOf: (text: string) => string[]
  const parses = (text: string) => assert.deepEqual(problemsOf(text), [], text)

  before(async () => {
    problemsOf = await grammarChecker()
  })

  it('are judged by a grammar that knows mistakes', () => {
    assert.notDeepEqual(problemsOf("if ($x -eq { 'a'"), [])
    assert.deepEqual(problemsOf("if ($x -eq 1) { 'a' }"), [])
  })

  it('parse when wrapped, short and long', () => {
    for (const text of ["'x'", "@'\nhere\n'@", "'y'; ".repeat(2_000).trim()]) {
      for (const script of sentScripts(invokeScript(wrapScript(text, { name: `q'"$(1)\`\n` }), 'Y\n'))) parses(script)
    }
  })

  it('parse when cmd is called, when a process tree is ended, and in a local session', () => {
    for (const script of sentScripts(invokeScript(wrapCmd(`echo "a" 'b' $(c) & exit /b 1`)))) parses(script)
    for (const script of sentScripts({
      line: killTreeLine({ kind: 'cmd', encoding: 'cp437' }, 'schtasks /query'),
      stdin: '',
    }))
      parses(script)
    parses(throughPowerShell({ line: 'powershell.exe -NoProfile -EncodedCommand AAAA', stdin: '' }).line)
    parses(sessionLine('/usr/bin/pwsh', wrapScript("'x'"), 'Y\n'))
  })

  it('parse as scenarios have them', () => {
    const scripts = shippedScripts()
    assert.ok(scripts.length > 10, `only ${scripts.length} scripts found`)
    for (const [test, text] of scripts) {
      assert.deepEqual(problemsOf(text), [], test)
      for (const script of sentScripts(invokeScript(wrapScript(text, { name: 'x' }))))
        assert.deepEqual(problemsOf(script), [], test)
    }
  })

  it('fit on a command line, however long the parameters are', () => {
    const { line, stdin } = invokeScript(wrapScript('$Parameters.text', { text: 'ä'.repeat(10_000) }), 'Y\n')
    assert.ok(line.length < 8_191)
    assert.ok(stdin.endsWith('\nY\n'))
  })

  it('hold no parameter as script', () => {
    const script = wrapScript('$Parameters.text', { text: '$(calc)' })
    assert.ok(!script.includes('calc'))
  })
})

describe('command lines by shell', () => {
  const windows: NamedHost = { name: 'ws1', role: 'source', os: 'windows', transport: 'ssh' }

  it("leave cmd's text alone where cmd is the default shell", () => {
    const text = 'schtasks  /create /tn "a b" %X% ^& $y'
    assert.deepEqual(invocationOf(windows, { kind: 'cmd', encoding: 'cp437' }, { text, shell: 'cmd' }), {
      line: text,
      stdin: '',
    })
  })

  it('keep exit code and input through a default shell that is PowerShell', () => {
    const { line } = invocationOf(windows, { kind: 'powershell', encoding: 'cp437' }, { text: 'ver', shell: 'cmd' })
    assert.match(line, /\$input \| powershell\.exe .*; exit \$LASTEXITCODE$/)
  })

  it('refuse a shell that the host has not', () => {
    const linux: NamedHost = { ...windows, os: 'linux' }
    assert.throws(
      () => invocationOf(linux, { kind: 'sh', encoding: 'utf8' }, { text: 'ver', shell: 'cmd' }),
      /has no cmd/,
    )
    assert.throws(
      () => invocationOf(windows, { kind: 'cmd', encoding: 'utf8' }, { text: 'ls', shell: 'sh' }),
      /no POSIX shell/,
    )
  })
})
