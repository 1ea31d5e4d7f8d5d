import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { deflateRawSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { pack } from 'tar-stream'
import { DamagedInput } from '../../../src/telemetry/readers/damage.ts'
import { unpack } from '../../../src/telemetry/readers/unpack.ts'
import { zip } from './zip-maker.ts'

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

interface Read {
  path: string
  text: string
  problem?: string
}

/** Everything in a stream: what was read of each input, and its problem; the container's own problem last. */
async function readAll(bytes: Buffer, size = 1 << 16): Promise<Read[]> {
  const found: Read[] = []
  try {
    for await (const { path, chunks } of unpack('in', inChunks(bytes, size))) {
      const read: Read = { path, text: '' }
      found.push(read)
      const parts: Buffer[] = []
      try {
        for await (const chunk of chunks) parts.push(Buffer.from(chunk))
      } catch (error) {
        assert.ok(error instanceof DamagedInput, String(error))
        read.problem = error.message
      }
      read.text = Buffer.concat(parts).toString('latin1')
    }
  } catch (error) {
    assert.ok(error instanceof DamagedInput, String(error))
    found.push({ path: 'in', text: '', problem: error.message })
  }
  return found
}

function tar(members: Record<string, string>): Promise<Buffer> {
  const archive = pack()
  for (const [name, text] of Object.entries(members)) archive.entry({ name }, text)
  archive.finalize()
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    archive.on('data', (part) => void parts.push(part as Buffer))
    archive.on('end', () => resolve(Buffer.concat(parts)))
    archive.on('error', reject)
  })
}

const noise = (length: number) => randomBytes(length).toString('latin1')
const bytesOf = (text: string) => Buffer.from(text, 'latin1')

describe('unpack', () => {
  it('leaves what is no container as it is', async () => {
    assert.deepEqual(await readAll(Buffer.from('{"a":1}')), [{ path: 'in', text: '{"a":1}' }])
    assert.deepEqual(await readAll(Buffer.alloc(0)), [{ path: 'in', text: '' }])
  })

  it('gives the members of a zip, however it was written and cut into chunks', async () => {
    const member = fc.record({
      text: fc.string({ unit: 'grapheme-ascii', maxLength: 200 }).map((text) => text.repeat(5)),
      form: fc.constantFrom(
        { stored: true },
        { sizesFollow: true },
        { stored: true, sizesFollow: true },
        { wide: true },
        {},
      ),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(member, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 300 }),
        async (members, size) => {
          const archive = zip(
            members.map(({ text, form }, index) => ({ name: `m${index}`, data: bytesOf(text), ...form })),
          )
          const wanted = members.map(({ text }, index) => ({ path: `in/m${index}`, text }))
          assert.deepEqual(await readAll(archive, size), wanted)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('goes through archives in archives', async () => {
    const inner = zip([{ name: 'deep.json', data: Buffer.from('{"deep":1}') }])
    const archive = await tar({ 'a.json': '{"a":1}', 'b.zip': '' })
    assert.deepEqual(
      (await readAll(gzipSync(archive))).map(({ path }) => path),
      ['in/a.json', 'in/b.zip'],
    )
    const outer = zip([{ name: 'inner.zip', data: inner, stored: true }])
    assert.deepEqual(await readAll(outer, 11), [{ path: 'in/inner.zip/deep.json', text: '{"deep":1}' }])
  })

  it('reads gzip of several members', async () => {
    const text = noise(100_000)
    const bytes = Buffer.concat([gzipSync(bytesOf(text)), gzipSync(Buffer.from('end'))])
    assert.deepEqual(await readAll(bytes), [{ path: 'in', text: `${text}end` }])
  })

  it('ignores what stands after gzip', async () => {
    assert.deepEqual(await readAll(Buffer.concat([gzipSync(Buffer.from('whole')), Buffer.alloc(40)])), [
      { path: 'in', text: 'whole' },
    ])
  })

  it('keeps what a cut gzip holds', async () => {
    const text = noise(300_000)
    const [read] = await readAll(gzipSync(bytesOf(text)).subarray(0, 200_000))
    assert.equal(read!.problem, 'the compressed data is cut')
    assert.ok(read!.text.length > 100_000 && text.startsWith(read!.text))
  })

  for (const form of [{}, { sizesFollow: true }, { stored: true }]) {
    it(`keeps what a cut zip holds, and says so once (${JSON.stringify(form)})`, async () => {
      const text = noise(300_000)
      const archive = zip([
        { name: 'first', data: Buffer.from('first') },
        { name: 'second', data: bytesOf(text), ...form },
      ])
      const [first, second, ...more] = await readAll(archive.subarray(0, 200_000))
      assert.deepEqual(first, { path: 'in/first', text: 'first' })
      assert.match(second!.problem!, /cut/)
      assert.ok(second!.text.length > 100_000 && text.startsWith(second!.text))
      assert.deepEqual(more, [])
    })
  }

  it('goes on after a member that is damaged', async () => {
    const archive = zip([
      { name: 'bad', data: Buffer.from('some text') },
      { name: 'wrong', data: Buffer.from('more text'), checksum: 1 },
      { name: 'good', data: Buffer.from('good') },
    ])
    archive[33] = 0xff
    archive[34] = 0xff
    const [bad, wrong, good] = await readAll(archive)
    assert.match(bad!.problem!, /damaged|cut/)
    assert.equal(wrong!.problem, 'its checksum is wrong')
    assert.deepEqual(good, { path: 'in/good', text: 'good' })
  })

  it('says that an archive has no directory', async () => {
    const archive = zip([{ name: 'a', data: Buffer.from('a') }])
    const cut = archive.subarray(0, archive.indexOf(Buffer.from('PK\x01\x02')))
    assert.deepEqual(await readAll(cut), [
      { path: 'in/a', text: 'a' },
      { path: 'in', text: '', problem: 'the archive is cut: its directory is missing' },
    ])
  })

  it('reads gzip with everything that its header may hold', async () => {
    const plain = gzipSync(Buffer.from('text'))
    const header = Buffer.from([...plain.subarray(0, 3), 2 | 4 | 8 | 16, ...plain.subarray(4, 10)])
    const extras = Buffer.concat([
      Buffer.from([3, 0, 1, 2, 3]),
      Buffer.from('name\0'),
      Buffer.from('comment\0'),
      Buffer.from([9, 9]),
    ])
    const bytes = Buffer.concat([header, extras, plain.subarray(10)])
    for (const size of [1, 7, 1000]) assert.deepEqual(await readAll(bytes, size), [{ path: 'in', text: 'text' }])
  })

  it('says that gzip has a wrong checksum', async () => {
    const bytes = gzipSync(Buffer.from('text'))
    bytes[bytes.length - 8]! ^= 1
    assert.deepEqual(await readAll(bytes), [{ path: 'in', text: 'text', problem: 'its checksum is wrong' }])
  })

  describe('Zstandard', () => {
    /** Forty lines, as zstd 1.5.4 compresses them. */
    const LINES = '{"record": "the same words, the same words, the same words again"}\n'.repeat(40)
    const packed = Buffer.from(
      '28b52ffd04688d010054027b227265636f7264223a20227468652073616d6520776f7264732c2020616761696e227d0a02003232827f18713a0110e6454a',
      'hex',
    )
    /** To be skipped: what some programs put before a frame. */
    const skippable = Buffer.from('502a4d18030000000a0b0c', 'hex')

    it('reads frames of any form, joined', async () => {
      const bytes = Buffer.concat([skippable, packed, packed])
      for (const size of [1, 100, 1 << 16])
        assert.deepEqual(await readAll(bytes, size), [{ path: 'in', text: LINES + LINES }])
    })

    it('says that one is cut or damaged', async () => {
      assert.equal((await readAll(packed.subarray(0, 60)))[0]!.problem, 'the compressed data is cut')
      const damaged = Buffer.from(packed)
      damaged[4]! |= 8
      assert.equal((await readAll(damaged))[0]!.problem, 'the compressed data is damaged (invalid zstd data)')
    })

    /** What stands behind a whole frame, and what is said of it. */
    const BEHIND: [name: string, bytes: Buffer, problem: string | undefined][] = [
      ['one byte', Buffer.from('j'), '1 byte that is not zstd follows its end, from byte 62 of the compressed data'],
      [
        'four bytes',
        Buffer.from('junk'),
        '4 bytes that are not zstd follow its end, from byte 62 of the compressed data',
      ],
      ['many', Buffer.alloc(99, 'x'), '99 bytes that are not zstd follow its end, from byte 62 of the compressed data'],
      ['zeros', Buffer.alloc(512), undefined],
      ['a frame to be skipped', skippable, undefined],
      ['the beginning of a frame', packed.subarray(0, 3), 'the compressed data is cut'],
      ['half a header', packed.subarray(0, 5), 'the compressed data is cut'],
    ]
    for (const [name, behind, problem] of BEHIND) {
      it(`reads a frame whole, whatever stands behind it: ${name}`, async () => {
        for (const size of [1, 100]) {
          const [read] = await readAll(Buffer.concat([packed, behind]), size)
          assert.deepEqual([read!.text, read!.problem], [LINES, problem])
        }
      })
    }

    it('stops a bomb', async () => {
      // A block of 128 KiB that repeats one byte takes four.
      const frame = Buffer.from('28b52ffd0048', 'hex')
      const block = Buffer.from([2, 0, 0x10, 0x61])
      const bomb = Buffer.concat([frame, ...Array<Buffer>(3000).fill(block)])
      let read = 0
      await assert.rejects(async () => {
        for await (const { chunks } of unpack('in', inChunks(bomb, 1 << 16)))
          for await (const chunk of chunks) read += chunk.length
      }, /more than 250 times its size/)
      assert.ok(read < 300 << 20)
    })
  })

  it('stops a bomb', async () => {
    const piece = gzipSync(Buffer.alloc(20 << 20), { level: 9 })
    const bomb = Buffer.concat(Array<Buffer>(15).fill(piece))
    let read = 0
    await assert.rejects(async () => {
      for await (const { chunks } of unpack('in', inChunks(bomb, 1 << 16)))
        for await (const chunk of chunks) read += chunk.length
    }, /more than 250 times its size/)
    assert.ok(read < 300 << 20)
  })

  it('keeps a cut tar’s first members', async () => {
    const archive = await tar({ a: 'first', b: 'x'.repeat(5000) })
    const found = await readAll(archive.subarray(0, 2500))
    assert.deepEqual(found[0], { path: 'in/a', text: 'first' })
    assert.match(found[1]!.problem!, /cut/)
    assert.equal(found[1]!.text, 'x'.repeat(found[1]!.text.length))
    assert.equal(found.length, 2)
  })

  for (const [name, bytes, expected] of [
    ['xz', Buffer.from('fd377a585a000000', 'hex'), /xz/],
    ['bzip2', Buffer.from('425a683931415926', 'hex'), /bzip2/],
    ['7z', Buffer.from('377abcaf271c0000', 'hex'), /7z/],
  ] as const) {
    it(`says that ${name} is not read`, async () => {
      const [read] = await readAll(bytes)
      assert.match(read!.problem!, expected)
    })
  }

  it('takes an encrypted member for unreadable and goes on', async () => {
    const archive = zip([
      { name: 'secret', data: deflateRawSync(Buffer.from('x')) },
      { name: 'open', data: Buffer.from('open') },
    ])
    archive[6] = archive[6]! | 1
    const [secret, open] = await readAll(archive)
    assert.equal(secret!.problem, 'it is encrypted')
    assert.equal(open!.text, 'open')
  })
})
