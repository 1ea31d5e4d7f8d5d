/** Reads from a host whether a change is still there: the state decides, not exit codes or texts in some language. */
import type { Change } from '../../model/scenario.ts'
import type { Command, NamedHost, Transport } from '../ports.ts'

export type State = { state: 'present' | 'absent' } | { state: 'unknown'; reason: string }

const TIMEOUT_MS = 30_000

/** 0x80070002, the file is not found, is how the Task Scheduler says that there is no such task. */
const TASK_SCRIPT = [
  "$ErrorActionPreference = 'Stop'",
  '$service = New-Object -ComObject Schedule.Service',
  '$service.Connect()',
  "try { $null = $service.GetFolder('\\').GetTask($Parameters.name); 'present' } catch { if ($_.Exception.HResult -eq -2147024894) { 'absent' } else { throw } }",
].join('\n')

const FILE_SCRIPT = "if (Test-Path -LiteralPath $Parameters.name) { 'present' } else { 'absent' }"

const SHELL_FILE_SCRIPT = 'if [ -e "$TOCSIN_PATH" ]; then echo present; else echo absent; fi'

function commandFor({ kind, name }: Change, host: NamedHost): Command {
  if (kind === 'scheduled-task') return { text: TASK_SCRIPT, shell: 'powershell', parameters: { name } }
  if (host.os === 'windows') return { text: FILE_SCRIPT, shell: 'powershell', parameters: { name } }
  return { text: SHELL_FILE_SCRIPT, shell: 'sh', environment: { TOCSIN_PATH: name } }
}

export async function readBack(
  change: Change,
  host: NamedHost,
  { transport, signal }: { transport: Transport; signal: AbortSignal },
): Promise<State> {
  const { end, stdout, stderr } = await transport.run(host, commandFor(change, host), { timeoutMs: TIMEOUT_MS, signal })
  if (end.kind !== 'exited') {
    return { state: 'unknown', reason: 'reason' in end ? `${end.kind}: ${end.reason}` : end.kind }
  }
  const answer = stdout.trim()
  if (end.exitCode === 0 && (answer === 'present' || answer === 'absent')) return { state: answer }
  const said = (stderr.trim() || answer).split(/\r?\n/)[0] ?? ''
  return { state: 'unknown', reason: `exit code ${end.exitCode}${said === '' ? '' : `: ${said}`}` }
}
