/**
 * Which way of using scheduled tasks fires which of the three documented analytics, and which of them the sharper form of
 * the network one tells apart, with the tests that show it.
 * `gap`: the analytic's goal includes the procedure and it misses it. `false alarm`: it fires though its goal excludes
 * the procedure. Both are known gaps in the tests.
 */

type Cell = 'fires' | 'silent' | 'gap' | 'false alarm'

export interface Row {
  procedure: string
  tests: string[]
  process: Cell
  network: Cell
  sequence: Cell
  /** The registration on the wire, by operation number; absent where no test of the row names it. */
  registration?: Cell
  /** The command fails; what it leaves decides, and nothing is a gap. */
  fails?: true
  /** The task exists before the test: made as set-up, so that its making is not judged. */
  needsTask?: true
}

const local = { network: 'silent', sequence: 'silent' } as const

export const MATRIX: Row[] = [
  {
    procedure: 'local schtasks /create',
    tests: ['schtasks-local/create', 'schtasks-local/create-as-system', 'schtasks-local/create-from-powershell'],
    process: 'fires',
    ...local,
  },
  {
    procedure: 'local schtasks /change',
    tests: ['schtasks-local/change'],
    process: 'fires',
    ...local,
    needsTask: true,
  },
  { procedure: 'local schtasks /query', tests: ['schtasks-local/query'], process: 'fires', ...local },
  { procedure: 'local schtasks /run', tests: ['schtasks-local/run'], process: 'fires', ...local, needsTask: true },
  { procedure: 'local schtasks /end', tests: ['schtasks-local/end'], process: 'fires', ...local, needsTask: true },
  {
    procedure: 'local schtasks /delete',
    tests: ['schtasks-local/delete'],
    process: 'fires',
    ...local,
    needsTask: true,
  },
  {
    procedure: 'local schtasks -create, switches with a dash, other spacing',
    tests: ['schtasks-local/create-dash-form', 'schtasks-local/create-two-spaces'],
    process: 'fires',
    ...local,
  },
  {
    procedure: 'local schtasks.exe under another name',
    tests: ['schtasks-local/create-renamed-binary'],
    process: 'gap',
    ...local,
  },
  {
    procedure: 'remote schtasks /create',
    tests: ['schtasks-remote/create', 'schtasks-remote/create-dash-form', 'atomic-t1053-005/remote'],
    process: 'fires',
    network: 'fires',
    sequence: 'fires',
    registration: 'fires',
  },
  {
    procedure: 'remote schtasks.exe under another name',
    tests: ['schtasks-remote/create-renamed-binary'],
    process: 'gap',
    network: 'fires',
    sequence: 'fires',
    registration: 'fires',
  },
  {
    procedure: 'remote schtasks /change',
    tests: ['schtasks-remote/change'],
    process: 'fires',
    network: 'fires',
    sequence: 'fires',
    registration: 'fires',
    needsTask: true,
  },
  {
    procedure: 'remote schtasks /query',
    tests: ['schtasks-remote/query'],
    process: 'fires',
    network: 'false alarm',
    sequence: 'silent',
    registration: 'silent',
  },
  {
    procedure: 'remote schtasks /run',
    tests: ['schtasks-remote/run'],
    process: 'fires',
    network: 'fires',
    sequence: 'silent',
    registration: 'silent',
    needsTask: true,
  },
  {
    procedure: 'remote schtasks /end',
    tests: ['schtasks-remote/end'],
    process: 'fires',
    network: 'false alarm',
    sequence: 'silent',
    registration: 'silent',
    needsTask: true,
  },
  {
    procedure: 'remote schtasks /delete',
    tests: ['schtasks-remote/delete'],
    process: 'fires',
    network: 'false alarm',
    sequence: 'silent',
    registration: 'silent',
    needsTask: true,
  },
  { procedure: 'COM, local', tests: ['com/create-local', 'com/update-local'], process: 'silent', ...local },
  {
    procedure: 'COM, remote',
    tests: ['com/create-remote', 'com/update-remote'],
    process: 'silent',
    network: 'fires',
    sequence: 'fires',
    registration: 'fires',
  },
  {
    procedure: 'COM, remote run',
    tests: ['com/run-remote'],
    process: 'silent',
    network: 'fires',
    sequence: 'silent',
    registration: 'silent',
    needsTask: true,
  },
  {
    procedure: 'Register-ScheduledTask, local',
    tests: ['scheduled-tasks-module/register', 'atomic-t1053-005/powershell-cmdlets'],
    process: 'silent',
    ...local,
  },
  {
    procedure: '-CimSession over WSMan',
    tests: ['cim-sessions/register-wsman'],
    process: 'silent',
    network: 'gap',
    sequence: 'gap',
    registration: 'silent',
  },
  {
    procedure: '-CimSession over DCOM, and the WMI method of another machine',
    tests: ['cim-sessions/register-dcom', 'cim-sessions/register-by-xml-remote', 'cim-sessions/register-by-xml-dcom'],
    process: 'silent',
    network: 'gap',
    sequence: 'gap',
    registration: 'silent',
  },
  {
    procedure: 'the WMI method of the machine itself',
    tests: ['cim-sessions/register-by-xml-local', 'atomic-t1053-005/wmi-method'],
    process: 'silent',
    ...local,
  },
  {
    procedure: 'MS-TSCH over port 445',
    tests: ['ms-tsch/pipe-create', 'ms-tsch/pipe-run-and-delete'],
    process: 'silent',
    network: 'gap',
    sequence: 'gap',
    registration: 'fires',
  },
  {
    procedure: 'MS-TSCH over TCP, source port from 49152',
    tests: ['ms-tsch/tcp-high-source-port'],
    process: 'silent',
    network: 'fires',
    sequence: 'fires',
    registration: 'fires',
  },
  {
    procedure: 'MS-TSCH over TCP, source port below 49152',
    tests: ['ms-tsch/tcp-low-source-port'],
    process: 'silent',
    network: 'gap',
    sequence: 'gap',
    registration: 'fires',
  },
  {
    procedure: 'remote schtasks /create, dynamic ports of the target below 49152',
    tests: ['schtasks-remote/create-with-low-rpc-ports'],
    process: 'fires',
    network: 'gap',
    sequence: 'gap',
    registration: 'fires',
  },
  {
    procedure: 'remote schtasks /create, the source behind address translation',
    tests: ['network-blind-spots/behind-address-translation'],
    process: 'fires',
    network: 'gap',
    sequence: 'gap',
    registration: 'fires',
  },
  {
    procedure: 'remote schtasks /create, no sensor on the path',
    tests: ['network-blind-spots/out-of-the-sensors-hearing'],
    process: 'fires',
    network: 'gap',
    sequence: 'fires',
    registration: 'gap',
  },
  {
    procedure: 'remote schtasks /create, DisableRpcOverTcp on the target',
    tests: ['schtasks-remote/create-without-rpc-over-tcp'],
    process: 'fires',
    network: 'silent',
    sequence: 'silent',
    registration: 'silent',
    fails: true,
  },
  {
    procedure: 'the task runs at its time',
    tests: [
      'car-2013-08-001/test-case-1-what-the-task-starts',
      'remote-scheduled-task-creation-validation/what-the-task-starts',
    ],
    process: 'silent',
    ...local,
    needsTask: true,
  },
  {
    procedure: "CAR-2013-08-001's unit test",
    tests: ['car-2013-08-001/test-case-1-verbatim', 'car-2013-08-001/test-case-1-adapted'],
    process: 'fires',
    ...local,
  },
  {
    procedure: "the remote creation page's validation, as written",
    tests: ['remote-scheduled-task-creation-validation/validation-verbatim'],
    process: 'fires',
    network: 'silent',
    sequence: 'silent',
    registration: 'silent',
    fails: true,
  },
  {
    procedure: "the remote creation page's validation, adapted",
    tests: ['remote-scheduled-task-creation-validation/validation-adapted'],
    process: 'fires',
    network: 'fires',
    sequence: 'fires',
    registration: 'fires',
  },
]
