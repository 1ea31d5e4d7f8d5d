/** Ends a command that ran too long. Closing its channel is not enough: programs outlive the loss of their client. */
import type { ClientChannel } from 'ssh2'
import { invokeScript, wrapScript } from '../powershell-script.ts'
import { type HostShell, throughShell } from './host-shell.ts'

/**
 * Finds the shell that sshd started for a command: a child of the same sshd process as this script's own shell, with
 * the command's end at its own command line's end. Of several alike the oldest goes, for it ran out of time first.
 */
const KILL_TREE = `$processes = @(Get-CimInstance Win32_Process)
$sshd = $processes | Where-Object { $_.ProcessId -eq $PID }
while ($sshd -and $sshd.Name -notlike 'sshd*') {
  $parent = $sshd.ParentProcessId
  $sshd = $processes | Where-Object { $_.ProcessId -eq $parent }
}
$found = $processes | Where-Object { $sshd -and $_.ParentProcessId -eq $sshd.ProcessId -and $_.CommandLine -and $_.CommandLine.TrimEnd(' "').EndsWith($Parameters.tail) }
$found | Sort-Object CreationDate | Select-Object -First 1 | ForEach-Object { & taskkill.exe /PID $_.ProcessId /T /F }
`

/** As much of a command as tells it from others, short enough for the script to fit on a command line. */
const TAIL_LENGTH = 300

/** Windows: the command line that ends the process tree of `line`, which was sent to the host before. */
export function killTreeLine(shell: HostShell, line: string): string {
  const tail = line.replace(/[ "]+$/, '').slice(-TAIL_LENGTH)
  return throughShell(shell, invokeScript(wrapScript(KILL_TREE, { tail }))).line
}

/** Not always the first line: a login shell's start files may have said something before. */
const ANNOUNCEMENT = /^tocsin-process-group (\d+)\n/m

/** So much of stderr is searched for it. */
export const LONGEST_GREETING = 65_536

/**
 * POSIX: the command line, with the number of its process group on the first line of its stderr. sshd makes the login
 * shell the leader of a group; `exec` keeps its number.
 */
export function announceGroup(line: string): string {
  return `exec sh -c 'echo tocsin-process-group $$ >&2; exec sh -c "$0"' '${line.replaceAll("'", `'\\''`)}'`
}

export const isAnnounced = (stderr: string): boolean => ANNOUNCEMENT.test(stderr)

export const withoutAnnouncement = (stderr: string): string => stderr.replace(ANNOUNCEMENT, '')

/** A host that is busy may start the shell only after the command's time is over. */
const WAIT_FOR_ANNOUNCEMENT_MS = 2_000

/** Hears the announcement on a channel. Gives the command line that ends the group; null when it was not announced in time. */
export function groupKillLine(channel: ClientChannel): () => Promise<string | null> {
  let heard = ''
  const announced = new Promise<string | null>((resolve) => {
    const listen = (chunk: Buffer) => {
      heard += chunk.toString('latin1')
      const group = ANNOUNCEMENT.exec(heard)?.[1]
      if (group === undefined && heard.length < LONGEST_GREETING) return
      channel.stderr.off('data', listen)
      resolve(group === undefined ? null : `kill -KILL -${group}`)
    }
    channel.stderr.on('data', listen)
    channel.once('close', () => resolve(null))
  })
  return () => {
    const patience = new Promise<null>((resolve) => setTimeout(resolve, WAIT_FOR_ANNOUNCEMENT_MS, null).unref())
    return Promise.race([announced, patience])
  }
}
