/** cmd: how it takes a line apart, where output goes, what its commands do. */
import assert from 'node:assert/strict'
import { startTestLab, type TestLab } from '../lab.ts'

interface Row {
  command: string
  stdin?: string
  stdout?: string
  stderr?: string
  exitCode?: number
}

const UNKNOWN = (name: string) =>
  `'${name}' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n`

const ROWS: Row[] = [
  { command: 'echo one& echo two', stdout: 'one\r\ntwo\r\n' },
  { command: 'ver >nul && echo yes', stdout: 'yes\r\n' },
  { command: 'nothing 2>nul && echo yes', exitCode: 1 },
  { command: 'nothing 2>nul || echo no', stdout: 'no\r\n' },
  { command: 'nothing >nul 2>&1 & echo done', stdout: 'done\r\n' },
  { command: 'nothing', stderr: UNKNOWN('nothing'), exitCode: 1 },
  { command: 'nothing 2>&1', stdout: UNKNOWN('nothing'), exitCode: 1 },
  { command: 'nothing 2>&1 >nul', stdout: UNKNOWN('nothing'), exitCode: 1 },
  { command: '(echo a& echo b)> C:\\Users\\Public\\g.txt & type C:\\Users\\Public\\g.txt', stdout: 'a\r\nb\r\n' },
  {
    command: 'echo a>C:\\Users\\Public\\f.txt& echo b>>C:\\Users\\Public\\f.txt& type C:\\Users\\Public\\f.txt',
    stdout: 'a\r\nb\r\n',
  },
  { command: 'echo "a & b" ^& c', stdout: '"a & b" & c\r\n' },
  { command: 'echo %windir% %WINDIR% %nosuchthing%', stdout: 'C:\\Windows C:\\Windows %nosuchthing%\r\n' },
  { command: 'echo.', stdout: '\r\n' },
  { command: 'echo a| find "a"', stdout: 'a\r\n' },
  { command: 'echo a| find "b"', exitCode: 1 },
  { command: '(echo b& echo a)| sort', stdout: 'a\r\nb\r\n' },
  { command: 'sort', stdin: 'b\r\na', stdout: 'a\r\nb\r\n' },
  { command: 'exit /b 7', exitCode: 7 },
  { command: 'exit /b 7 & echo never', exitCode: 7 },
  { command: 'cmd /c exit 3 & echo done', stdout: 'done\r\n' },
  { command: 'cmd /c "echo a & exit 4"', stdout: 'a \r\n', exitCode: 4 },
  { command: 'cmd /c "whoami"', stdout: 'lab\\operator\r\n' },
  { command: 'WHOAMI.EXE', stdout: 'lab\\operator\r\n' },
  { command: '"C:\\Windows\\System32\\hostname.exe"', stdout: 'WS1\r\n' },
  { command: 'if exist C:\\Windows\\System32\\cmd.exe (echo there) else echo missing', stdout: 'there\r\n' },
  { command: 'if not exist C:\\nothing echo missing', stdout: 'missing\r\n' },
  { command: 'if a==b (echo same) else (echo other)', stdout: 'other\r\n' },
  { command: 'if /i A==a echo same', stdout: 'same\r\n' },
  { command: 'set X=1& set X', stdout: 'X=1\r\n' },
  { command: 'set nosuch', stderr: 'Environment variable nosuch not defined\r\n', exitCode: 1 },
  { command: 'type C:\\nothing.txt', stderr: 'The system cannot find the file specified.\r\n', exitCode: 1 },
  { command: 'echo x > C:\\no\\such\\f.txt', stderr: 'The system cannot find the path specified.\r\n', exitCode: 1 },
  { command: 'cd C:\\Windows& cd', stdout: 'C:\\Windows\r\n' },
  { command: 'cd C:\\nothing', stderr: 'The system cannot find the path specified.\r\n', exitCode: 1 },
  { command: 'del C:\\nothing.txt', stderr: 'Could Not Find C:\\nothing.txt\r\n' },
  { command: 'echo a &&', stderr: 'The syntax of the command is incorrect.\r\n', exitCode: 1 },
  { command: '&& echo a', stderr: '&& was unexpected at this time.\r\n', exitCode: 1 },
  { command: 'calc', exitCode: 0 },
  { command: 'taskkill /im nothing.exe /f', stderr: 'ERROR: The process "nothing.exe" not found.\r\n', exitCode: 128 },
  { command: 'where schtasks', stdout: 'C:\\Windows\\System32\\schtasks.exe\r\n' },
  { command: `echo ${'x'.repeat(8_200)}`, stderr: 'The command line is too long.\r\n', exitCode: 1 },
  {
    command:
      'echo @echo %1 %2 > C:\\Users\\Public\\b.cmd& echo exit /b 9 >> C:\\Users\\Public\\b.cmd& C:\\Users\\Public\\b.cmd x "y z"',
    stdout: 'x "y z" \r\n',
    exitCode: 9,
  },
]

describe('cmd', () => {
  let lab: TestLab
  before(async () => {
    lab = await startTestLab({ ws1: {} })
  })
  after(() => lab?.stop())

  for (const { command, stdin, stdout = '', stderr = '', exitCode = 0 } of ROWS) {
    it(command.slice(0, 80), async () => {
      assert.deepEqual(await lab.run('ws1', command, stdin), { exitCode, stdout, stderr })
    })
  }

  it('starts programs with the blank of its own before what was typed', async () => {
    await lab.run('ws1', 'schtasks /query')
    const started = lab.events().filter((event) => event.EventID === 1)
    const child = started.find((event) => event.CommandLine === 'schtasks  /query')
    const shell = started.find((event) => event.ProcessGuid === child?.ParentProcessGuid)
    assert.equal(shell?.CommandLine, '"c:\\windows\\system32\\cmd.exe" /c "schtasks /query"')
  })

  it('starts what cannot wait and goes on', async () => {
    const { stdout } = await lab.run('ws1', 'start "title" /b cmd /c exit & echo done')
    assert.equal(stdout, 'done\r\n')
  })

  it('lets a running program with windows be ended', async () => {
    await lab.run('ws1', 'notepad')
    assert.match((await lab.run('ws1', 'tasklist /fi "IMAGENAME eq notepad.exe"')).stdout, /notepad\.exe/)
    assert.equal((await lab.run('ws1', 'taskkill /im notepad.exe /f')).exitCode, 0)
    assert.match((await lab.run('ws1', 'tasklist /fi "IMAGENAME eq notepad.exe"')).stdout, /^INFO: No tasks/)
  })
})
