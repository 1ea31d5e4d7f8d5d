/** The programs of an emulated Windows, by the original name of their binary, or of their script, in lower case. */
import { cmd } from '../shell/cmd.ts'
import { atexec } from './clients/atexec.ts'
import { tschclient } from './clients/tschclient.ts'
import type { SystemProgram } from './context.ts'
import { schtasks } from './schtasks/schtasks.ts'
import { chcp, hostname, ipconfig, systeminfo, tzutil, whoami } from './tools/identity.ts'
import { taskkill, tasklist } from './tools/processes.ts'
import { find, findstr, more, sort, where } from './tools/text.ts'
import { ping, timeout } from './tools/waiting.ts'

export const builtInPrograms: Record<string, SystemProgram> = {
  'schtasks.exe': schtasks,
  'cmd.exe': cmd,
  'whoami.exe': whoami,
  'hostname.exe': hostname,
  'ipconfig.exe': ipconfig,
  'sysinfo.exe': systeminfo,
  'tzutil.exe': tzutil,
  'chcp.com': chcp,
  'timeout.exe': timeout,
  'ping.exe': ping,
  'tasklist.exe': tasklist,
  'taskkill.exe': taskkill,
  'find.exe': find,
  'findstr.exe': findstr,
  'more.com': more,
  'sort.exe': sort,
  'where.exe': where,
  'atexec.py': atexec,
  'tschclient.py': tschclient,
}
