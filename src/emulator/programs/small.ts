/** Programs that say one thing about the host or its user. */
import type { Program } from '../program.ts'

const GROUPS = [
  ['Everyone', 'Well-known group', 'S-1-1-0'],
  ['BUILTIN\\Administrators', 'Alias', 'S-1-5-32-544'],
  ['BUILTIN\\Users', 'Alias', 'S-1-5-32-545'],
  ['NT AUTHORITY\\NETWORK', 'Well-known group', 'S-1-5-2'],
  ['NT AUTHORITY\\Authenticated Users', 'Well-known group', 'S-1-5-11'],
]

/** `whoami`, `whoami /user`, `whoami /groups` */
export const whoami: Program = async ({ argv, user, stdout }) => {
  const name = `${user.domain}\\${user.name}`.toLowerCase()
  const wanted = argv[0]?.toLowerCase()
  if (wanted === '/user') stdout(`\nUSER INFORMATION\n----------------\n\n${name} ${user.sid}\n`)
  else if (wanted === '/groups') {
    const level = user.elevated ? ['High', 'S-1-16-12288'] : ['Medium', 'S-1-16-8192']
    const rows = [...GROUPS, [`Mandatory Label\\${level[0]} Mandatory Level`, 'Label', level[1]!]]
    const lines = rows.map(([group, type, sid]) => `${group!.padEnd(40)} ${type!.padEnd(16)} ${sid}\n`)
    stdout(`\nGROUP INFORMATION\n-----------------\n\n${lines.join('')}`)
  } else stdout(`${name}\n`)
  return 0
}

export const hostname: Program = async ({ hostName, stdout }) => {
  stdout(`${hostName}\n`)
  return 0
}

/** `timeout [/t] seconds [/nobreak]`: lab time passes. Without a console to read keys from the real one refuses. */
export const timeout: Program = async ({ argv, sleep, stdout, stderr }) => {
  const seconds = Number(argv.find((word) => /^-?\d+$/.test(word)))
  if (!Number.isFinite(seconds) || seconds < -1 || seconds > 99_999) {
    stderr('ERROR: Invalid syntax. Timeout value must be between -1 and 99999.\n')
    return 1
  }
  stdout(`\nWaiting for ${seconds} seconds, press CTRL+C to quit ...\n`)
  await sleep(Math.max(0, seconds) * 1_000)
  return 0
}
