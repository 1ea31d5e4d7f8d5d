/** Which shell a host's sshd hands commands to, and how its output is encoded. Asked once a connection. */
import iconv from 'iconv-lite'
import type { Command, NamedHost } from '../../engine/ports.ts'
import { type Invocation, invokeScript, throughPowerShell, wrapCmd, wrapScript } from '../powershell-script.ts'
import { Unreachable } from './unreachable.ts'

export interface HostShell {
  /** `sh`: any POSIX shell, also one on a Windows host. */
  kind: 'cmd' | 'powershell' | 'sh'
  /** Encoding of the host's console, as iconv-lite names it. */
  encoding: string
}

const POSIX: HostShell = { kind: 'sh', encoding: 'utf8' }

/** cmd fills in the first word, PowerShell the second, a POSIX shell neither. */
const WHICH_SHELL = 'echo %ComSpec% $PSHOME'
const WHICH_CODE_PAGE = 'chcp'

/** Asks the host. `ask` runs a command line and gives what it printed. */
export async function probeShell(host: NamedHost, ask: (line: string) => Promise<Buffer>): Promise<HostShell> {
  if (host.os !== 'windows') return POSIX
  const [shell, codePage] = await Promise.all([ask(WHICH_SHELL), ask(WHICH_CODE_PAGE)])
  const kind = shellKind(shell.toString('latin1'))
  return { kind, encoding: encodingOf(codePage.toString('latin1')) }
}

function shellKind(answer: string): HostShell['kind'] {
  if (!answer.includes('%ComSpec%')) return 'cmd'
  return /\S/.test(answer.replace('%ComSpec%', '')) ? 'powershell' : 'sh'
}

/** `chcp` says a localized sentence with the number in it; UTF-8 where it says nothing that is known. */
function encodingOf(answer: string): string {
  const number = /(\d{3,5})/.exec(answer)?.[1]
  if (number === undefined || number === '65001') return 'utf8'
  return iconv.encodingExists(`cp${number}`) ? `cp${number}` : 'utf8'
}

/**
 * What goes to the host for a command. cmd's text goes as it is where the host's shell is cmd; any other shell would
 * change it, so there PowerShell hands it to cmd.
 * @throws {Unreachable} when the host has no such shell
 */
export function invocationOf(
  host: NamedHost,
  shell: HostShell,
  { text, shell: wanted, stdin = '', parameters }: Command,
): Invocation {
  if (wanted === 'sh') {
    if (shell.kind !== 'sh') throw new Unreachable(`${host.name} has no POSIX shell`, { lasting: true })
    return { line: text, stdin }
  }
  const windows = host.os === 'windows'
  if (wanted === 'cmd' && !windows) {
    throw new Unreachable(`${host.name} is no Windows host, so it has no cmd`, { lasting: true })
  }
  if (wanted === 'cmd' && shell.kind === 'cmd') return { line: text, stdin }
  const script = wanted === 'cmd' ? wrapCmd(text) : wrapScript(text, parameters)
  return throughShell(shell, invokeScript(script, stdin, windows ? 'powershell.exe' : 'pwsh'))
}

/** A call of PowerShell as the host's shell needs it. */
export const throughShell = (shell: HostShell, invocation: Invocation): Invocation =>
  shell.kind === 'powershell' ? throughPowerShell(invocation) : invocation
