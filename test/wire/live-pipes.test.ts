/** Named pipes for real: impacket's SMB server and client on loopback, captured by tcpdump. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { userInfo } from 'node:os'
import { needsTshark } from '../emulator/network/tshark.ts'
import { callThroughPipe, impacketMissing } from '../impacket/impacket.ts'
import { assertAgreement } from './agreement.ts'
import { decode } from './decoding.ts'

const missing = [
  impacketMissing,
  spawnSync('tcpdump', ['--version']).status === 0 ? null : 'tcpdump is not installed',
  userInfo().uid === 0 ? null : 'only root may capture on loopback',
].filter((reason) => reason !== null)

/** What passes on loopback from or to an address while something is done. */
async function captured(address: string, work: () => void): Promise<Buffer> {
  const tcpdump = spawn('tcpdump', ['-i', 'lo', '-U', '--immediate-mode', '-s', '0', '-w', '-', `host ${address}`])
  const chunks: Buffer[] = []
  tcpdump.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = new Promise((resolve) => tcpdump.once('close', resolve))
  await new Promise<void>((resolve) =>
    tcpdump.stderr.on('data', (text: Buffer) => text.includes('listening on') && resolve()),
  )
  try {
    work()
    await new Promise((resolve) => setTimeout(resolve, 300))
  } finally {
    tcpdump.kill()
    await ended
  }
  return Buffer.concat(chunks)
}

describe(`named pipes for real${missing.length === 0 ? '' : ` (skipped: ${missing.join('; ')})`}`, () => {
  before(function () {
    if (missing.length > 0) {
      if (process.env.CI === 'true') throw new Error(missing.join('; '))
      this.skip()
    }
    needsTshark(this)
  })

  for (const version of [1, 2] as const) {
    it(`of SMB${version}: a bind and a call of ATSvc, as tshark reads them`, async function () {
      this.timeout(60_000)
      const number = () => 1 + Math.floor(Math.random() * 253)
      const address = `127.${number()}.${number()}.${number()}`
      const port = 30_000 + Math.floor(Math.random() * 2_000)
      const capture = await captured(address, () => callThroughPipe(address, version, port))
      const { pdus, problems } = decode([capture])
      assert.deepEqual(problems, [])
      assert.deepEqual(
        pdus.map(({ type, interface: name, pipe, opnum }) => [type, name, pipe, opnum]),
        [
          ['bind', 'ATSvc', 'atsvc', null],
          ['bind_ack', 'ATSvc', 'atsvc', null],
          ['request', 'ATSvc', 'atsvc', 2],
          ['response', 'ATSvc', 'atsvc', 2],
        ],
      )
      assert.deepEqual(assertAgreement(capture, `SMB${version}`), { bind: 1, context: 1, dissector: 2 })
    })
  }
})
