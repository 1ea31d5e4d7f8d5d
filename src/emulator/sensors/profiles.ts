/** What each sensor profile records. Rows are rules of a configuration, not wishes of a detection. */
import type { EmulatedHost } from '../../model/lab.ts'

export interface Profile {
  sysmon: SysmonRules | null
  /** Security event ids that audit policy makes the host write. */
  security: ReadonlySet<number>
  /** Whether TaskScheduler/Operational is switched on. */
  taskScheduler: boolean
}

/** For each Sysmon event, whether this one is recorded. Images are as Sysmon sees them. */
export interface SysmonRules {
  processCreate: boolean
  networkConnect(image: string): boolean
  processTerminate: boolean
  imageLoad(library: string): boolean
  fileCreate(path: string): boolean
  registry(target: string): boolean
  dnsQuery: boolean
}

/** Images whose connections a common configuration records: what is often misused, and nothing that serves. */
const WATCHED_IMAGES =
  /\\(at|certutil|cmd|cscript|java|mshta|msiexec|net|net1|notepad|nslookup|powershell|python|qwinsta|qprocess|reg|regsvr32|rundll32|sc|schtasks|wmic|wscript)\.exe$/i
const EXECUTABLES = /\.(exe|dll|sys|bat|cmd|ps1|vbs|js|hta|scr)$/i

const GOOD: SysmonRules = {
  processCreate: true,
  networkConnect: () => true,
  processTerminate: true,
  imageLoad: (library) => /\\taskschd\.dll$/i.test(library),
  fileCreate: (path) => /\\System32\\Tasks\\/i.test(path) || EXECUTABLES.test(path),
  registry: (target) => /\\Schedule\\TaskCache\\/i.test(target),
  dnsQuery: true,
}

const STOCK: SysmonRules = {
  processCreate: true,
  networkConnect: (image) => WATCHED_IMAGES.test(image),
  processTerminate: false,
  imageLoad: () => false,
  fileCreate: (path) => EXECUTABLES.test(path),
  registry: () => false,
  dnsQuery: false,
}

const LOGON = [4624, 4625, 4634, 4672]
const AUDIT = new Set([...LOGON, 4627, 4688, 4689, 4698, 4699, 4700, 4701, 4702, 5156, 5158])

export const PROFILES: Record<EmulatedHost['sensors'], Profile> = {
  good: { sysmon: GOOD, security: AUDIT, taskScheduler: true },
  // Windows audits logons without being told to; processes, connections and tasks it does not.
  stock: { sysmon: STOCK, security: new Set(LOGON), taskScheduler: false },
  audit: { sysmon: null, security: AUDIT, taskScheduler: false },
  none: { sysmon: null, security: new Set(), taskScheduler: false },
}
