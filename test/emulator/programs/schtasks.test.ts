/** What schtasks says, where it says it, and with which exit code it ends: all through SSH. */
import assert from 'node:assert/strict'
import { startTestLab, type TestLab } from '../lab.ts'

interface Row {
  name: string
  before?: string[]
  command: string
  stdin?: string
  exitCode: number
  stdout?: string | RegExp
  stderr?: string | RegExp
}

const CREATE = 'schtasks /create /tn t /tr calc.exe /sc once /st 23:59 /f'
const MISSING = 'ERROR: The system cannot find the file specified.\r\n'
const hint = (verb: string) => `Type "SCHTASKS /${verb} /?" for usage.\r\n`

const ROWS: Row[] = [
  {
    name: 'creates a task',
    command: 'schtasks /create /tn t /tr calc.exe /sc daily',
    exitCode: 0,
    stdout: 'SUCCESS: The scheduled task "t" has successfully been created.\r\n',
  },
  {
    name: 'warns of a start in the past on stderr, and creates the task',
    command: 'schtasks /create /tn t /tr calc.exe /sc once /st 00:00',
    exitCode: 0,
    stdout: 'SUCCESS: The scheduled task "t" has successfully been created.\r\n',
    stderr: 'WARNING: Task may not run because /ST is earlier than current time.\r\n',
  },
  {
    name: 'asks before it replaces a task, and ends with 1 at the end of the input',
    before: [CREATE],
    command: 'schtasks /create /tn T /tr calc.exe /sc daily',
    exitCode: 1,
    stdout: 'WARNING: The task name "T" already exists. Do you want to replace it (Y/N)? ',
  },
  {
    name: 'replaces a task on Y',
    before: [CREATE],
    command: 'schtasks /create /tn t /tr calc.exe /sc daily',
    stdin: 'y\r\n',
    exitCode: 0,
    stdout: /\(Y\/N\)\? SUCCESS: The scheduled task "t" has successfully been created\.\r\n$/,
  },
  {
    name: 'asks again after an answer that is neither',
    before: [CREATE],
    command: 'schtasks /delete /tn t',
    stdin: 'maybe\r\nY\r\n',
    exitCode: 0,
    stdout: /\(Y\/N\)\? .*\(Y\/N\)\? SUCCESS: The scheduled task "t" was successfully deleted\.\r\n$/,
  },
  {
    name: 'asks before it deletes, and ends with 1 at the end of the input',
    before: [CREATE],
    command: 'schtasks /delete /tn t',
    exitCode: 1,
    stdout: 'WARNING: Are you sure you want to remove the task "t" (Y/N)? ',
  },
  {
    name: 'deletes without asking with /f',
    before: [CREATE],
    command: 'schtasks /delete /f /tn t',
    exitCode: 0,
    stdout: 'SUCCESS: The scheduled task "t" was successfully deleted.\r\n',
  },
  {
    name: 'deletes all',
    before: [CREATE],
    command: 'schtasks /delete /tn * /f',
    exitCode: 0,
    stdout: /"t" was success/,
  },
  { name: 'query: missing task', command: 'schtasks /query /tn t', exitCode: 1, stderr: MISSING },
  { name: 'run: missing task', command: 'schtasks /run /tn t', exitCode: 1, stderr: MISSING },
  { name: 'end: missing task', command: 'schtasks /end /tn t', exitCode: 1, stderr: MISSING },
  { name: 'delete: missing task', command: 'schtasks /delete /tn t /f', exitCode: 1, stderr: MISSING },
  {
    name: 'change: missing task',
    command: 'schtasks /change /tn t /tr notepad.exe',
    exitCode: 1,
    stderr: 'ERROR: The specified task name "t" does not exist in the system.\r\n',
  },
  {
    name: 'runs a task',
    before: ['schtasks /create /tn t /tr "cmd.exe /c ver" /sc daily /ru SYSTEM'],
    command: 'schtasks /run /tn t',
    exitCode: 0,
    stdout: 'SUCCESS: Attempted to run the scheduled task "t".\r\n',
  },
  {
    name: 'ends a task, also one that does not run',
    before: [CREATE],
    command: 'schtasks /end /tn t',
    exitCode: 0,
    stdout: 'SUCCESS: The scheduled task "t" has been terminated successfully.\r\n',
  },
  {
    name: 'changes a task',
    before: [CREATE],
    command: 'schtasks /change /tn t /tr "notepad.exe a.txt"',
    exitCode: 0,
    stdout: 'SUCCESS: The parameters of scheduled task "t" have been changed.\r\n',
  },
  {
    name: 'takes /sc once only with /st',
    command: 'schtasks /create /tn t /tr calc.exe /sc once',
    exitCode: 1,
    stderr: `ERROR: Invalid syntax. Mandatory option 'st' is missing.\r\n${hint('CREATE')}`,
  },
  {
    name: 'takes /create only with /sc',
    command: 'schtasks /create /tn t /tr calc.exe',
    exitCode: 1,
    stderr: `ERROR: Invalid syntax. Mandatory option 'sc' is missing.\r\n${hint('CREATE')}`,
  },
  {
    name: 'refuses a date that is not written as the region writes it, with an HRESULT',
    command: 'schtasks /create /tn t /tr calc.exe /sc once /st 10:00 /sd 31/12/2030',
    exitCode: 0x80004005,
    stderr: 'ERROR: Invalid Start Date (Date should be in "yyyy/mm/dd" format).\r\n',
  },
  {
    name: 'refuses an account that nobody has',
    command: 'schtasks /create /tn t /tr calc.exe /sc daily /ru nobody /rp x',
    exitCode: 1,
    stderr: 'ERROR: No mapping between account names and security IDs was done.\r\n',
  },
  {
    name: 'refuses a command of more than 261 characters',
    command: `schtasks /create /tn t /tr ${'x'.repeat(262)} /sc daily`,
    exitCode: 1,
    stderr: "ERROR: Value for '/TR' option cannot be more than 261 character(s).\r\n",
  },
  {
    name: 'takes a command of 261 characters',
    command: `schtasks /create /tn t /tr ${'x'.repeat(261)} /sc daily`,
    exitCode: 0,
    stdout: /^SUCCESS/,
  },
  {
    name: 'refuses /u without a remote /s',
    command: 'schtasks /create /tn t /tr calc.exe /sc daily /u operator /p x',
    exitCode: 1,
    stderr: /User credentials are not allowed on the local machine/,
  },
  {
    name: 'refuses switches that it does not know',
    command: 'schtasks /create /tn t /nonsense',
    exitCode: 1,
    stderr: `ERROR: Invalid argument/option - '/nonsense'.\r\n${hint('CREATE')}`,
  },
  {
    name: 'takes switches with a dash and in any case',
    command: 'SchTasks -CREATE -Tn t -tR calc.exe -sC daily',
    exitCode: 0,
    stdout: /^SUCCESS/,
  },
  {
    name: 'asks for the password of /ru',
    command: 'schtasks /create /tn t /tr calc.exe /sc daily /ru LAB\\operator',
    stdin: 'secret\r\n',
    exitCode: 0,
    stdout: /^Please enter the run as password for LAB\\operator: \r\nSUCCESS/,
  },
  {
    name: 'says that there are no tasks',
    command: 'schtasks',
    exitCode: 0,
    stdout: '\r\nFolder: \\\r\nINFO: There are no scheduled tasks presently available at your access level.\r\n',
  },
  {
    name: 'shows a never-run task in the year 1999, with result 267011',
    before: [CREATE],
    command: 'schtasks /query /tn \\T /fo list /v',
    exitCode: 0,
    stdout: /TaskName: {29}\\t\r\n[\s\S]*Last Run Time: {24}11\/30\/1999 12:00:00 AM\r\nLast Result: {26}267011\r\n/,
  },
  {
    name: 'repeats the header of a verbose CSV, and leaves inner quotes alone',
    before: [
      'schtasks /create /tn t1 /tr "\\"C:\\Program Files\\a.exe\\" x" /sc daily',
      'schtasks /create /tn t2 /tr calc.exe /sc daily',
    ],
    command: 'schtasks /query /fo csv /v',
    exitCode: 0,
    stdout: /^"HostName".*\r\n"WS1","\\t1".*""C:\\Program Files\\a.exe" x".*\r\n"HostName".*\r\n"WS1","\\t2".*\r\n$/,
  },
  {
    name: 'groups a table by folder',
    before: ['schtasks /create /tn a\\b\\t /tr calc.exe /sc daily', CREATE],
    command: 'schtasks /query /nh',
    exitCode: 0,
    stdout: /Folder: \\a\\b\r\nt {40}[^\r]*\r\n\r\nFolder: \\\r\nt {40}/,
  },
  {
    name: 'prints a task as XML',
    before: ['schtasks /create /tn t /tr "cmd.exe /c ver" /sc daily /ru SYSTEM'],
    command: 'schtasks /query /tn t /xml one',
    exitCode: 0,
    stdout: /<Command>cmd\.exe<\/Command>\r\n {6}<Arguments>\/c ver<\/Arguments>[\s\S]*<UserId>S-1-5-18<\/UserId>/,
  },
]

describe('schtasks', () => {
  let lab: TestLab
  before(async () => {
    lab = await startTestLab({ ws1: {} })
  })
  after(() => lab?.stop())
  afterEach(() => lab.run('ws1', 'schtasks /delete /tn * /f'))

  const matches = (actual: string, expected: string | RegExp = '') =>
    typeof expected === 'string' ? assert.equal(actual, expected) : assert.match(actual, expected)

  for (const { name, before = [], command, stdin, exitCode, stdout, stderr } of ROWS) {
    it(name, async () => {
      for (const line of before) assert.equal((await lab.run('ws1', line)).exitCode, 0, line)
      const result = await lab.run('ws1', command, stdin)
      matches(result.stdout, stdout)
      matches(result.stderr, stderr)
      assert.equal(result.exitCode, exitCode)
    })
  }

  it('leaves a task alone on N', async () => {
    await lab.run('ws1', CREATE)
    await lab.run('ws1', 'schtasks /create /tn t /tr notepad.exe /sc daily', 'N\r\n')
    assert.match((await lab.run('ws1', 'schtasks /query /tn t /xml')).stdout, /<Command>calc\.exe</)
  })

  it('reads a task from a UTF-16 file', async () => {
    await lab.run('ws1', CREATE)
    await lab.run('ws1', 'copy C:\\Windows\\System32\\Tasks\\t C:\\Users\\Public\\t.xml')
    const { exitCode } = await lab.run('ws1', 'schtasks /create /tn copied /xml C:\\Users\\Public\\t.xml')
    assert.equal(exitCode, 0)
    assert.match((await lab.run('ws1', 'schtasks /query /tn copied /xml')).stdout, /<Command>calc\.exe</)
  })
})
