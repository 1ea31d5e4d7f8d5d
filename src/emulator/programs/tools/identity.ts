/** Programs that say who the user and what the host is. */
import type { Program } from '../../program.ts'
import type { SystemProgram } from '../context.ts'

const GROUPS = [
  ['Everyone', 'Well-known group', 'S-1-1-0'],
  ['BUILTIN\\Administrators', 'Alias', 'S-1-5-32-544'],
  ['BUILTIN\\Users', 'Alias', 'S-1-5-32-545'],
  ['NT AUTHORITY\\NETWORK', 'Well-known group', 'S-1-5-2'],
  ['NT AUTHORITY\\Authenticated Users', 'Well-known group', 'S-1-5-11'],
] as const

/** `whoami`, `whoami /user`, `whoami /groups` */
export const whoami: Program = async ({ argv, user, stdout, stderr }) => {
  const name = `${user.domain}\\${user.name}`.toLowerCase()
  const wanted = argv[0]?.toLowerCase()
  if (wanted === undefined) stdout(`${name}\n`)
  else if (wanted === '/user') stdout(`\nUSER INFORMATION\n----------------\n\n${name} ${user.sid}\n`)
  else if (wanted === '/groups') {
    const [level, sid] = user.elevated ? ['High', 'S-1-16-12288'] : ['Medium', 'S-1-16-8192']
    const rows = [...GROUPS, [`Mandatory Label\\${level} Mandatory Level`, 'Label', sid!]]
    const lines = rows.map(([group, type, id]) => `${group!.padEnd(40)} ${type!.padEnd(16)} ${id}\n`)
    stdout(`\nGROUP INFORMATION\n-----------------\n\n${lines.join('')}`)
  } else {
    stderr(`ERROR: Invalid argument/option - '${argv[0]}'.\nType "WHOAMI /?" for usage.\n`)
    return 1
  }
  return 0
}

export const hostname: Program = async ({ hostName, stdout }) => {
  stdout(`${hostName}\n`)
  return 0
}

export const ipconfig: SystemProgram = async ({ stdout }, { ip }) => {
  const gateway = `${ip.slice(0, ip.lastIndexOf('.'))}.1`
  stdout(
    `\nWindows IP Configuration\n\n\nEthernet adapter Ethernet:\n\n   Connection-specific DNS Suffix  . : \n   IPv4 Address. . . . . . . . . . . : ${ip}\n   Subnet Mask . . . . . . . . . . . : 255.255.255.0\n   Default Gateway . . . . . . . . . : ${gateway}\n`,
  )
  return 0
}

export const systeminfo: SystemProgram = async ({ stdout, hostName }, { config, domain }) => {
  const product =
    config.kind === 'workstation' ? 'Microsoft Windows 11 Enterprise' : 'Microsoft Windows Server 2022 Standard'
  const rows = [
    ['Host Name', hostName],
    ['OS Name', product],
    ['OS Version', '10.0.20348 N/A Build 20348'],
    ['OS Manufacturer', 'Microsoft Corporation'],
    ['System Manufacturer', 'Tocsin'],
    ['System Model', 'Emulated host'],
    ['Domain', domain],
  ]
  stdout(`\n${rows.map(([name, value]) => `${`${name}:`.padEnd(27)}${value}\n`).join('')}`)
  return 0
}

/** Zones whose offset never changes, by minutes east of UTC; the emulated hosts know no daylight saving. */
const ZONES: Record<number, string> = {
  0: 'UTC',
  60: 'W. Central Africa Standard Time',
  120: 'South Africa Standard Time',
  180: 'Arab Standard Time',
  330: 'India Standard Time',
  420: 'SE Asia Standard Time',
  480: 'China Standard Time',
  540: 'Tokyo Standard Time',
  [-300]: 'SA Pacific Standard Time',
  [-420]: 'US Mountain Standard Time',
}

/** `tzutil /g` */
export const tzutil: Program = async ({ argv, stdout, stderr, timeZoneMinutes }) => {
  if (argv[0]?.toLowerCase() !== '/g') {
    stderr('ERROR: Invalid argument.\n')
    return 1
  }
  const hours = Math.trunc(Math.abs(timeZoneMinutes) / 60)
  const name = `UTC${timeZoneMinutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}`
  stdout(ZONES[timeZoneMinutes] ?? name)
  return 0
}

/** `chcp` says the console's code page; changing it changes nothing here, and is refused. */
export const chcp: SystemProgram = async ({ argv, stdout, stderr }, { config }) => {
  const [wanted = String(config.codePage)] = argv
  if (wanted !== String(config.codePage)) {
    stderr('Invalid code page\n')
    return 1
  }
  stdout(`Active code page: ${config.codePage}\n`)
  return 0
}
