/** The programs of an emulated Windows, by the original name of their binary in lower case. */
import { cmd } from '../shell/cmd.ts'
import type { SystemProgram } from './context.ts'
import { schtasks } from './schtasks/schtasks.ts'
import { hostname, timeout, whoami } from './small.ts'

export const builtInPrograms: Record<string, SystemProgram> = {
  'schtasks.exe': schtasks,
  'cmd.exe': cmd,
  'whoami.exe': whoami,
  'hostname.exe': hostname,
  'timeout.exe': timeout,
}
