/** Programs that let time pass: lab time. */
import type { Program } from '../../program.ts'
import type { SystemProgram } from '../context.ts'

/** `timeout [/t] seconds [/nobreak]` */
export const timeout: Program = async ({ argv, sleep, stdout, stderr }) => {
  const seconds = Number(argv.find((word) => /^-?\d+$/.test(word)))
  if (!Number.isFinite(seconds) || seconds < -1 || seconds > 99_999) {
    stderr('ERROR: Invalid value for timeout (/T) specified. Valid range is -1 to 99999 seconds.\n')
    return 1
  }
  stdout(`\nWaiting for ${seconds} seconds, press a key to continue ...\n`)
  await sleep(Math.max(0, seconds) * 1_000)
  return 0
}

/** `ping [-n count] host`: a second between echoes, as in the many scripts that wait with it. */
export const ping: SystemProgram = async ({ argv, sleep, stdout, signal }, machine, process) => {
  const at = argv.findIndex((word) => /^[-/]n$/i.test(word))
  const count = at === -1 ? 4 : Number(argv[at + 1])
  const host = argv.find((word, index) => !/^[-/]/.test(word) && (at === -1 || index !== at + 1)) ?? ''
  let ip: string
  try {
    ip = machine.network.resolve(host, { machine, process }).ip
  } catch {
    stdout(`Ping request could not find host ${host}. Please check the name and try again.\n`)
    return 1
  }
  stdout(`\nPinging ${host} [${ip}] with 32 bytes of data:\n`)
  for (let sent = 1; sent <= count && !signal.aborted; sent += 1) {
    stdout(`Reply from ${ip}: bytes=32 time<1ms TTL=128\n`)
    if (sent < count) await sleep(1_000)
  }
  stdout(`\nPing statistics for ${ip}:\n    Packets: Sent = ${count}, Received = ${count}, Lost = 0 (0% loss),\n`)
  return 0
}
