import assert from 'node:assert/strict'
import { FakeMachine } from './fake-machine.ts'

/** A script and what it prints, line by line. */
const PRINTS: [title: string, script: string, lines: string[]][] = [
  ['variables and interpolation', `$a = 'x'; "a $a $($a.Length) \`$a \${a}"`, ['a x 1 $a x']],
  ['here-strings', `$n = 2\n@"\n"$n" 'q'\n"@\n@'\n$n\n'@`, [`"2" 'q'`, '$n']],
  ['arrays and ranges', `@(1..3) -join '-'; (1, 2)[-1]; @().Count; @(5).Count`, ['1-2-3', '2', '0', '1']],
  ['hashtables', `$h = @{ B = 1; 'a b' = 2 }; $h.b; $h['A B']; $h.ContainsKey('c')`, ['1', '2', 'False']],
  [
    'comparisons',
    `'ABC' -eq 'abc'; 'ABC' -ceq 'abc'; 1, 2, 3 -gt 1; 'abc' -like 'A*'; 2 -in 1, 2`,
    ['True', 'False', '2', '3', 'True', 'True'],
  ],
  ['-match and its groups', `'task-12' -match '(\\d+)'; $Matches[1]`, ['True', '12']],
  ['-replace, -split and -join', `'a-b' -replace '(\\w)-', '$1+'; 'a,b' -split ',' -join ';'`, ['a+b', 'a;b']],
  [
    'arithmetic',
    `7 / 2; 7 % 4; 2 + 3 * 4; -3 - 1; [int] 2.5; '1' + 1; 1 + '1'`,
    ['3.5', '3', '14', '-4', '2', '11', '2'],
  ],
  ['formats', `'{0:D3}|{1,-4}|{2:X}' -f 7, 'a', 255`, ['007|a   |FF']],
  ['conditions', `if (0) { 'a' } elseif ('') { 'b' } else { 'c' }; if (@(0)) { 'd' } else { 'e' }`, ['c', 'e']],
  [
    'loops',
    `foreach ($i in 1..5) { if ($i -eq 2) { continue }; if ($i -eq 4) { break }; $i }; for ($i = 0; $i -lt 2; $i++) { "f$i" }`,
    ['1', '3', 'f0', 'f1'],
  ],
  ['while and do', `$n = 0; while ($n -lt 2) { $n++ }; do { $n++ } until ($n -ge 5); $n`, ['5']],
  ['switch', `switch ('b') { 'a' { 1 } 'B' { 2 } default { 3 } }`, ['2']],
  ['functions', `function Add($a, [int] $b = 2) { return $a + $b }; Add 1; Add -b 5 -a 1`, ['3', '6']],
  ['script blocks', `& { param($x) "got $x" } 5; $block = { $args[0] * 2 }; & $block 4`, ['got 5', '8']],
  ['pipelines', `1..4 | Where-Object { $_ % 2 -eq 0 } | ForEach-Object { $_ * 10 }`, ['20', '40']],
  ['splatting', `$p = @{ Format = 'yyyy' }; Get-Date @p`, ['2026']],
  [
    'dates',
    `(Get-Date).AddMinutes(3).ToString('s'); ([datetime] '2026-02-28').AddDays(1).ToString('yyyy-MM-dd')`,
    ['2026-01-15T13:33:05', '2026-03-01'],
  ],
  [
    'JSON',
    `$o = '{"a":{"b":[1,"x"]}}' | ConvertFrom-Json; $o.a.b[1]; @{ k = 'v' } | ConvertTo-Json -Compress`,
    ['x', '{"k":"v"}'],
  ],
  ['base64', `[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('w6Q='))`, ['ä']],
  ['try, catch and finally', `try { throw 'no' } catch { $_.Exception.Message } finally { 'end' }`, ['no', 'end']],
  ['errors of methods are caught', `try { 'x'.Substring(5) } catch { 'caught' }`, ['caught']],
  [
    'errors of cmdlets are caught when they stop',
    `try { Get-Content C:\\none -ErrorAction Stop } catch { $_.FullyQualifiedErrorId.Split(',')[0] }`,
    ['PathNotFound'],
  ],
  ['continued lines', "'a' `\n  -join ''", ['a']],
  ['assigned statements', `$x = if ($true) { 'yes' } else { 'no' }; $x`, ['yes']],
  ['hexadecimal numbers are signed', '0x80070002', ['-2147024894']],
  ['null', `$null -eq $undefined; $null = 5; [string]::IsNullOrEmpty($null)`, ['True', 'True']],
]

/** What Windows PowerShell could do and this one cannot: it must say so. */
const UNKNOWN: string[] = [
  'Get-WinEvent -LogName Security',
  'New-Object -ComObject WScript.Shell',
  '[Net.Dns]::GetHostName()',
  "'x'.Normalize()",
  'class A { }',
  'Invoke-CimMethod -ClassName Win32_Process -MethodName Create -Arguments @{ CommandLine = "calc" }',
  "try { Get-WinEvent } catch { 'hidden' }",
]

describe('emulated PowerShell', () => {
  let machine: FakeMachine

  beforeEach(() => {
    machine = new FakeMachine()
  })

  for (const [title, script, lines] of PRINTS) {
    it(`runs ${title}`, async () => {
      const { exitCode, stdout, stderr } = await machine.script(script)
      assert.deepEqual({ exitCode, stderr, lines: stdout.split('\n').slice(0, -1) }, { exitCode: 0, stderr: '', lines })
    })
  }

  for (const script of UNKNOWN) {
    it(`says that it does not know: ${script.slice(0, 40)}`, async () => {
      const { exitCode, stdout, stderr } = await machine.script(`${script}\n'after'`)
      assert.deepEqual({ exitCode, stdout }, { exitCode: 1, stdout: '' })
      assert.match(stderr, /emulated PowerShell does not know/)
    })
  }

  it('goes on after an error that ends only its statement, unless it is to stop', async () => {
    const going = await machine.script("[int] 'x'\n'after'; exit 0")
    assert.deepEqual({ exitCode: going.exitCode, stdout: going.stdout }, { exitCode: 0, stdout: 'after\n' })
    assert.match(going.stderr, /Cannot convert value "x"[\s\S]*At line:1 char:1[\s\S]*CategoryInfo/)
    const stopped = await machine.script("$ErrorActionPreference = 'Stop'\n[int] 'x'\n'after'")
    assert.deepEqual({ exitCode: stopped.exitCode, stdout: stopped.stdout }, { exitCode: 1, stdout: '' })
  })

  it('writes output before the error that follows it', async () => {
    const { exitCode, stdout } = await machine.script("& { 'first'; throw 'no' }\n'after'")
    assert.deepEqual({ exitCode, stdout }, { exitCode: 1, stdout: 'first\n' })
  })

  it('reports a mistake of syntax before anything runs', async () => {
    const { exitCode, stdout, stderr } = await machine.script("'first'\nif (1 { 'x' }")
    assert.deepEqual({ exitCode, stdout }, { exitCode: 1, stdout: '' })
    assert.match(stderr, /ParserError/)
  })

  it('calls programs with the quotes of Windows PowerShell, and keeps their exit code', async () => {
    machine.programs.schtasks = () => ({ stdout: 'one\r\ntwo\r\n', exitCode: 0x80004005 })
    const { stdout } = await machine.script(
      `$name = 'a b'; $out = schtasks.exe /query /tn $name /v; $out.Count; $LASTEXITCODE`,
    )
    assert.deepEqual(machine.spawned, ['schtasks.exe /query /tn "a b" /v'])
    assert.equal(stdout, '2\n-2147467259\n')
  })

  it('turns redirected errors of a program into errors that can stop', async () => {
    machine.programs.schtasks = () => ({ stderr: 'WARNING: late\r\n', stdout: 'SUCCESS\r\n' })
    assert.equal((await machine.script('schtasks /x 2>$null')).stdout, 'SUCCESS\n')
    const { exitCode } = await machine.script("$ErrorActionPreference = 'Stop'\nschtasks /x 2>&1 | Out-Null\n'after'")
    assert.equal(exitCode, 1)
  })

  it('says that a program is not there', async () => {
    const { stderr } = await machine.script('nosuch /x')
    assert.match(stderr, /The term 'nosuch' is not recognized as the name of a cmdlet/)
  })

  it('sleeps in lab time', async () => {
    await machine.script('Start-Sleep -Seconds 90')
    assert.equal(machine.slept, 90_000)
  })

  it('takes a script as command, from standard input and from a file', async () => {
    machine.files.set('c:\\x.ps1', Buffer.from('param($a) "got $a"'))
    assert.equal((await machine.run(['-NoProfile', '-Command', '1', '+', '1'])).stdout, '2\n')
    assert.equal((await machine.run(['-nop', '-c', '-'], ["'in'", "'put'"])).stdout, 'in\nput\n')
    assert.equal((await machine.run(['-ExecutionPolicy', 'Bypass', '-File', 'C:\\x.ps1', 'it'])).stdout, 'got it\n')
  })
})
