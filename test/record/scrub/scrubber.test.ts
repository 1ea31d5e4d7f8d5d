import assert from 'node:assert/strict'
import { isIP } from 'node:net'
import fc from 'fast-check'
import { createScrubber } from '../../../src/record/scrub/scrubber.ts'

const KEY = Buffer.from('a key of a test, long enough')
const ALL = ['hosts', 'users', 'addresses'] as const

/** A document scrubbed after its names are known. */
function scrub(source: Record<string, unknown>, key: Uint8Array = KEY): Record<string, unknown> {
  const scrubber = createScrubber(ALL, key)
  scrubber.learn(source)
  return scrubber.events([{ index: 'i', id: '1', source }])[0]!.source
}

/** What a text becomes where these fields have named names. */
const scrubbed = (message: string, fields: Record<string, unknown> = {}): string =>
  scrub({ ...fields, message }).message as string

describe('scrubber', () => {
  const names = { 'host.name': 'DC01.corp.example.com', 'user.name': 'Eve', 'user.domain': 'CORP' }

  it('gives a host one pseudonym: short, full, in any case, as an account, in paths and shares', () => {
    const text = scrubbed('dc01 DC01 Dc01 DC01$ dc01.corp.example.com \\\\dc01\\c$ http%3A%2F%2Fdc01', names)
    const [lower, upper, mixed, account, full, share, url] = text.split(' ') as string[]
    assert.match(lower!, /^x[a-z2-7]{8}$/)
    assert.equal(upper, lower!.toUpperCase())
    assert.equal(mixed!.toLowerCase(), lower)
    assert.equal(account, `${upper}$`)
    assert.match(full!, new RegExp(`^${lower}\\.x[a-z2-7]{8}\\.x[a-z2-7]{8}\\.com$`))
    assert.equal(share, `\\\\${lower}\\c$`)
    assert.equal(url, `http%3A%2F%2F${lower}`)
  })

  it('gives a domain one pseudonym, as NetBIOS and DNS name it', () => {
    const [netbios, full] = scrubbed('CORP dc01.corp.example.com', names).split(' ') as [string, string]
    assert.equal(full.split('.')[1], netbios.toLowerCase())
  })

  it('replaces a user in every form, and inside base64', () => {
    const base64 = (text: string, encoding: 'utf16le' | 'utf8') => Buffer.from(text, encoding).toString('base64')
    const command = 'schtasks /create /ru CORP\\Eve /tn x'
    const text = scrubbed(
      `CORP\\Eve eve@corp C:\\Users\\eve\\x ${base64(command, 'utf16le')} ${base64(command, 'utf8')}`,
      names,
    )
    const [account, , , wide, narrow] = text.split(' ') as string[]
    const wanted = `schtasks /create /ru ${account} /tn x`
    assert.equal(Buffer.from(wide!, 'base64').toString('utf16le'), wanted)
    assert.equal(Buffer.from(narrow!, 'base64').toString('utf8'), wanted)
    assert.doesNotMatch(text, /eve|corp/i)
  })

  it('replaces names and addresses in what sensors show of bytes, without a change of length', () => {
    const bytes = Buffer.concat([Buffer.from('xDC01y'), Buffer.from('eve', 'utf16le'), Buffer.from([10, 1, 2, 3, 7])])
    const raw = bytes.toString('hex').replace(/..(?!$)/g, '$& ')
    const { wire } = scrub({ ...names, source: { ip: '10.1.2.3' }, wire: { raw, printable: 'xDC01yeveDC01' } }) as {
      wire: { raw: string; printable: string }
    }
    const after = Buffer.from(wire.raw.replaceAll(' ', ''), 'hex')
    assert.equal(after.length, bytes.length)
    assert.match(after.toString('latin1', 0, 6), /^xX[A-Z2-7]{3}y$/)
    assert.deepEqual([after[7], after[12], after[16]], [0, 10, 7])
    assert.ok(!after.includes(Buffer.from([10, 1, 2, 3])) && !after.includes(Buffer.from('eve', 'utf16le')))
    assert.match(wire.printable, /^xX[A-Z2-7]{3}yx[a-z2-7]{2}X[A-Z2-7]{3}$/)
  })

  it('leaves no community id from which addresses could be tried, and the same for the same flow', () => {
    const id = '1:LQU9qZlK+B5F3KDmev6m5PMibrg='
    const document = { network: { community_id: id }, message: `flow ${id}` }
    const { network, message } = scrub(document) as { network: { community_id: string }; message: string }
    assert.match(network.community_id, /^1:[A-Za-z0-9+/]{27}=$/)
    assert.notEqual(network.community_id, id)
    assert.equal(message, `flow ${network.community_id}`)
    assert.notDeepEqual(scrub(document, Buffer.from('another key, long enough')).network, network)
  })

  it('learns names from tasks, profiles, shares and commands', () => {
    for (const text of [
      '<UserId>CORP\\mallory</UserId>',
      'C:\\Users\\mallory\\a.txt',
      'x /s mallory',
      '\\\\mallory\\share',
    ]) {
      assert.doesNotMatch(scrubbed(text), /mallory/, text)
    }
  })

  it('leaves what Windows itself is called, words of ECS, versions, and markers', () => {
    const source = {
      '@timestamp': '2026-01-01T00:00:00.000Z',
      event: { category: ['network'], action: 'eve' },
      user: { name: ['SYSTEM', 'Administrator', 'DWM-1', 'Eve', 'network'], id: 'S-1-5-18', domain: 'NT AUTHORITY' },
      file: { pe: { file_version: '10.0.1.2' } },
      message: 'SYSTEM on localhost, tocsin-abcdefghij, S-1-5-32-544, Everest',
    }
    const after = scrub(source) as typeof source
    assert.deepEqual(after.event, source.event)
    assert.deepEqual(after.file, source.file)
    assert.equal(after.message, source.message)
    assert.deepEqual(
      after.user.name.filter((name) => name !== after.user.name[3]),
      ['SYSTEM', 'Administrator', 'DWM-1', 'network'],
    )
    assert.deepEqual([after.user.id, after.user.domain], ['S-1-5-18', 'NT AUTHORITY'])
  })

  it('hides the domain in a SID, and keeps the numbers that are the same everywhere', () => {
    const [admin, user, again] = scrubbed('S-1-5-21-1-2-3-500 S-1-5-21-1-2-3-1104 S-1-5-21-1-2-3-1104').split(
      ' ',
    ) as string[]
    assert.match(admin!, /^S-1-5-21-\d+-\d+-\d+-500$/)
    assert.equal(user, again)
    assert.notEqual(user!.split('-').at(-1), '1104')
    assert.equal(user!.split('-').slice(0, -1).join('-'), admin!.split('-').slice(0, -1).join('-'))
  })

  const KINDS: [string, RegExp][] = [
    ['10.1.2.3', /^10\./],
    ['172.20.2.3', /^172\.(1[6-9]|2\d|3[01])\./],
    ['192.168.7.7', /^192\.168\./],
    ['169.254.1.1', /^169\.254\./],
    ['8.8.8.8', /^(192\.0\.2|198\.51\.100|203\.0\.113)\./],
    ['fe80::1:2', /^fe80::/],
    ['fd12:3456::9', /^fd00::/],
    ['2a00:1450:4001::200e', /^2001:db8::/],
  ]
  for (const [address, kind] of KINDS) {
    it(`makes of ${address} another address of its kind`, () => {
      const [one, other] = scrubbed(`${address} (${address})`).split(/[ ()]+/) as [string, string]
      assert.equal(one, other)
      assert.match(one, kind)
      assert.notEqual(one, address)
      assert.ok(isIP(one), one)
    })
  }

  it('keeps loopback, multicast, times and versions of programs', () => {
    const text = '127.0.0.1 ::1 :: 0.0.0.0 224.0.0.22 255.255.255.255 ff02::1 07:23:16 1.2.3.4.5 10.0.17763.1'
    assert.equal(scrubbed(text), text)
  })

  it('gives different addresses different ones, however many there are', () => {
    const addresses = Array.from({ length: 1_000 }, (_, n) => `8.${n >> 8}.${n & 255}.9`)
    const after = scrubbed(addresses.join(' ')).split(' ')
    assert.equal(new Set(after).size, addresses.length)
    assert.ok(after.every((address) => isIP(address) === 4))
  })

  it('gives the same with the same key, whatever the order, and other with another', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.stringMatching(/^[a-z]{4}[a-z0-9-]{0,8}[a-z0-9]$/), { minLength: 2, maxLength: 5 }),
        (hosts) => {
          const namesOf = (list: string[], key = KEY) => scrub({ host: { name: list } }, key).host as { name: string[] }
          const forward = namesOf(hosts).name
          assert.deepEqual(namesOf(hosts.toReversed()).name.toReversed(), forward)
          assert.notDeepEqual(namesOf(hosts, Buffer.from('another key of a test')).name, forward)
          assert.equal(new Set(forward).size, hosts.length)
        },
      ),
      { numRuns: 50 },
    )
  })
})
