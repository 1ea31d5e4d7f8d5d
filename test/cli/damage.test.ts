/** Inputs that are damaged, hostile or no files at all: each is named with its place, and all others are read. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { event, eventData, evtx } from '../telemetry/evtx/evtx-maker.ts'
import { zip } from '../telemetry/readers/zip-maker.ts'
import { sysmon } from '../telemetry/remote-creation.ts'
import { home, tocsin } from './tocsin.ts'

const PROCESS = 'CAR-2013-08-001'

const schtasks = sysmon(1, 1, { Image: 'C:\\Windows\\System32\\schtasks.exe', CommandLine: 'schtasks /query' })
const LINE = `${JSON.stringify(schtasks)}\n`
const bytes = Buffer.from(LINE)
/** A recording that does not shrink: a cut falls within its data. */
const many = (count: number) =>
  Buffer.from(
    Array.from({ length: count }, () => JSON.stringify({ ...schtasks, x: randomBytes(60).toString('base64') })).join(
      '\n',
    ),
  )
const utf16 = (text: string, mark: boolean) => Buffer.from(`${mark ? '\ufeff' : ''}${text}`, 'utf16le')

/** Twenty megabytes of zeros in twenty kilobytes. */
const piece = () => gzipSync(Buffer.alloc(20 << 20), { level: 9 })

const LOG = evtx([
  [
    event(
      { eventId: 4688, channel: 'Security' },
      eventData({ NewProcessName: 'C:\\Windows\\System32\\schtasks.exe', CommandLine: 'schtasks /query' }),
    ),
  ],
])

const XML = `<Event xmlns='x'><System><Provider Name='Microsoft-Windows-Security-Auditing'/><EventID>4688</EventID><TimeCreated SystemTime='2031-03-04T05:06:08.5Z'/><Channel>Security</Channel><Computer>DESK7</Computer></System><EventData><Data Name='NewProcessName'>C:\\Windows\\System32\\schtasks.exe</Data><Data Name='CommandLine'>schtasks /query</Data></EventData></Event>\r\n`

interface Case {
  name: string
  bytes: Buffer
  /** Records of the process analytic in it. */
  hits: number
  /** What is said of it; null when it is read whole. */
  said: RegExp | null
}

const CASES: Case[] = [
  {
    name: 'a zip that is cut',
    bytes: zip([
      { name: 'a.json', data: bytes },
      { name: 'b.json', data: many(3000) },
    ]).subarray(0, 100_000),
    hits: Number.NaN,
    said: /input\/b\.json: byte \d+: the (compressed data|archive) is cut/,
  },
  {
    name: 'gz with bytes behind its end',
    bytes: Buffer.concat([gzipSync(bytes), Buffer.from('what is this')]),
    hits: 1,
    said: /input: byte \d+: 12 bytes that are not gzip follow its end, from byte \d+ of the compressed data/,
  },
  {
    name: 'gz that is padded with zeros',
    bytes: Buffer.concat([gzipSync(bytes), Buffer.alloc(512)]),
    hits: 1,
    said: null,
  },
  {
    name: 'a line of 50 MB',
    bytes: Buffer.concat([bytes, Buffer.from('{"x":"'), Buffer.alloc(50 << 20, 0x61), Buffer.from('"}\n'), bytes]),
    hits: 2,
    said: new RegExp(`input: record 2, byte ${bytes.length}: the record is longer than 16777216 bytes`),
  },
  {
    name: 'invalid UTF-8',
    bytes: Buffer.concat([bytes, Buffer.from(LINE.replace('DESK7', 'DESK\u00ff'), 'latin1'), bytes]),
    hits: 3,
    said: new RegExp(`input: record 2, byte ${bytes.length}: invalid UTF-8`),
  },
  ...[true, false].flatMap((mark) => [
    { name: `UTF-16, little endian${mark ? ', marked' : ''}`, bytes: utf16(LINE, mark), hits: 1, said: null },
    { name: `UTF-16, big endian${mark ? ', marked' : ''}`, bytes: utf16(LINE, mark).swap16(), hits: 1, said: null },
  ]),
  {
    name: 'NUL bytes at its beginning, between records and within one',
    bytes: Buffer.concat([
      Buffer.alloc(3),
      bytes,
      Buffer.alloc(5),
      bytes,
      Buffer.from(LINE.replace('DESK7', 'D\0')),
      bytes,
    ]),
    hits: 3,
    said: /input: record 1, byte 0: 3 bytes that belong to no record[\s\S]*input: record \d, byte \d+: the record is not valid JSON/,
  },
  {
    name: 'lists in lists, a hundred thousand deep',
    bytes: Buffer.from(`${LINE}${LINE.replace('{', `{"x":${'['.repeat(1e5)}${']'.repeat(1e5)},`)}${LINE}`),
    hits: 2,
    said: new RegExp(`^\\S*input: record 2, byte ${LINE.length}: the record nests too deep\n$`),
  },
  {
    name: 'lists in lists without any record, cut',
    bytes: Buffer.from('['.repeat(1e5)),
    hits: 0,
    said: /input: byte 100000: the input is cut: its array is not closed\n$/,
  },
  {
    name: 'an array of no objects between records',
    bytes: Buffer.from(`${LINE}["a"]\n${LINE}`),
    hits: 2,
    said: new RegExp(`^\\S*input: record 2, byte ${LINE.length + 1}: 3 bytes that belong to no record\n$`),
  },
  { name: 'an empty file', bytes: Buffer.alloc(0), hits: 0, said: /input: there are no records in it/ },
  {
    name: 'a bomb',
    bytes: Buffer.concat(Array<Buffer>(15).fill(piece())),
    hits: 0,
    said: /input: (record 1, )?byte \d+: it unpacks to more than 250 times its size/,
  },
  {
    name: 'a bomb in archives, each of which is harmless',
    bytes: gzipSync(zip(Array.from({ length: 15 }, (_, index) => ({ name: `${index}.gz`, data: piece() })))),
    hits: 0,
    said: /it unpacks to more than 250 times its size/,
  },
  {
    name: 'a bomb in an archive, and a recording after it',
    bytes: zip([
      { name: 'bomb.gz', data: Buffer.concat(Array<Buffer>(14).fill(piece())) },
      { name: 'good', data: bytes },
    ]),
    hits: 1,
    said: /input\/bomb\.gz: byte \d+: it unpacks to more than 250 times its size/,
  },
  { name: 'an archive without files', bytes: zip([]), hits: 0, said: /input: an archive without files/ },
  {
    name: 'an event log that is cut behind its last record',
    bytes: LOG.subarray(0, LOG.length / 2),
    hits: 1,
    said: /input: byte 4096: chunk 1: the file is cut within it/,
  },
  { name: 'events in XML, as PowerShell redirects them', bytes: utf16(XML, true), hits: 1, said: null },
  {
    name: 'events in XML, one of which is not closed',
    bytes: Buffer.from(`<Events>${XML}${XML.slice(0, 200)}${XML}</Events>`),
    hits: 2,
    said: new RegExp(`input: record 2, byte ${XML.length + 8}: the record is not closed`),
  },
  {
    name: 'an array of no objects',
    bytes: Buffer.from('[1, 2, 3]\n'),
    hits: 0,
    said: /input: byte 0: no recording: it begins with "\[1, 2, 3\]\\n"\n$/m,
  },
  {
    name: 'bytes of another kind',
    bytes: Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(9000)]),
    hits: 0,
    said: /input: byte 0: no recording: it begins with the bytes 89 50 4e 47 0d 0a 1a 0a( [0-9a-f]{2}){8}\n$/m,
  },
  {
    name: 'paths that climb out of an archive',
    bytes: zip([
      { name: '../../x.json', data: bytes },
      { name: 'a\\..\\..\\y.json', data: bytes },
      { name: '/good..json', data: bytes },
    ]),
    hits: 1,
    said: /input\/\.\.\/\.\.\/x\.json: its name leads out of the archive[\s\S]*y\.json: its name leads out/,
  },
  {
    name: 'an encrypted member, whose size follows it',
    bytes: zip([
      { name: 'secret', data: bytes, flags: 1, sizesFollow: true },
      { name: 'open', data: bytes },
    ]),
    hits: 1,
    said: /input\/secret: it is encrypted/,
  },
  {
    name: 'an archive in an archive that is damaged, and one after it',
    bytes: zip([
      { name: 'inner.zip', data: zip([{ name: 'a', data: bytes }]).subarray(0, 60) },
      { name: 'good', data: bytes },
    ]),
    hits: 1,
    said: /input\/inner\.zip\/a: /,
  },
]

describe('damaged inputs', () => {
  let folder: string
  let good: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tocsin-damage-'))
    good = await put('good.json', bytes)
  })
  after(() => rm(folder, { recursive: true }))

  const put = async (name: string, content: Buffer) => {
    const path = join(folder, name)
    await writeFile(path, content)
    return path
  }

  /** Replays the paths beside a good recording, which must give its one hit whatever they hold. */
  const replay = async (paths: string[], cwd = folder) => {
    const args = ['replay', ...paths, good, '--json', '--analytic', PROCESS, '--scenarios', join(home, 'scenarios')]
    const { code, stdout, stderr } = await tocsin(args, { cwd })
    assert.doesNotMatch(stderr, /should not have happened|\bat .*\.js:\d+/)
    const { inputs, analytics } = JSON.parse(stdout) as {
      inputs: { path: string; events: number }[]
      analytics: { language: string; hits: { events: { input: number }[] }[] }[]
    }
    const { hits } = analytics.find(({ language }) => language === 'eql')!
    const last = inputs.length - 1
    assert.equal(hits.filter(({ events }) => events[0]!.input === last).length, 1, 'the good recording is read')
    return { code, stderr, inputs, hits: hits.length - 1 }
  }

  for (const { name, bytes: content, hits, said } of CASES) {
    it(name, async () => {
      const found = await replay([await put('input', content)])
      assert.equal(found.code, said === null ? 0 : 3, found.stderr)
      if (said === null) assert.equal(found.stderr, '')
      else assert.match(found.stderr, said)
      if (Number.isNaN(hits)) assert.ok(found.hits > 100)
      else assert.equal(found.hits, hits, found.stderr)
    })
  }

  it('folders: files in order, at any depth, also through links; links that lead in circles once', async () => {
    const top = join(folder, 'tree')
    await mkdir(join(top, 'b', 'c'), { recursive: true })
    for (const file of ['z.json', 'a.json', 'b/m.json', 'b/c/n.json']) await writeFile(join(top, file), LINE)
    await symlink('..', join(top, 'b', 'up'))
    await symlink(join(folder, 'good.json'), join(top, 'link.json'))
    const { code, inputs } = await replay(['tree'])
    assert.deepEqual(
      inputs.slice(0, -1).map(({ path }) => path),
      ['tree/a.json', 'tree/b/c/n.json', 'tree/b/m.json', 'tree/link.json', 'tree/z.json'],
    )
    assert.equal(code, 0)
    await symlink('self', join(top, 'self'))
    await symlink('nowhere', join(top, 'gone'))
    const more = await replay(['tree'])
    assert.equal(more.code, 3)
    assert.match(more.stderr, /tree\/gone: no such file\ntree\/self: a link that leads to itself/)
    assert.equal(more.hits, 5)
  })

  it('what is no file', async () => {
    await mkdir(join(folder, 'nothing'))
    execFileSync('mkfifo', [join(folder, 'pipe')])
    const { code, stderr } = await replay(['nothing', 'pipe', '/dev/zero', 'missing.json', 'good.json/x'])
    assert.equal(code, 3)
    assert.deepEqual(stderr.trimEnd().split('\n'), [
      'nothing: a folder without files',
      'pipe: a named pipe: give what comes out of it on standard input, as -',
      '/dev/zero: a device, not a file',
      'missing.json: no such file',
      'good.json/x: a part of the path is no folder',
    ])
  })

  it('a file that may not be read', async function () {
    if (process.getuid?.() === 0) {
      this.test!.title += ' (skipped: root may read everything)'
      return this.skip()
    }
    await writeFile(join(folder, 'secret.json'), LINE, { mode: 0 })
    const { code, stderr } = await replay(['secret.json'])
    assert.equal(code, 3)
    assert.match(stderr, /secret\.json: not allowed to read it/)
  })

  it('what a shell gives as a file', async () => {
    const line = `'${process.execPath}' '${home}bin/tocsin.js' replay <(cat '${good}') --json --analytic ${PROCESS}`
    const stdout = execFileSync('bash', ['-c', line], { cwd: folder, encoding: 'utf8' })
    assert.equal(JSON.parse(stdout).inputs[0].events, 1)
  })

  it('patterns, also of folders, and one that nothing is like', async () => {
    await mkdir(join(folder, 'many', 'deep'), { recursive: true })
    for (const file of ['many/b.json', 'many/a.json', 'many/c.txt', 'many/deep/d.json']) {
      await writeFile(join(folder, file), LINE)
    }
    const paths = async (pattern: string) => (await replay([pattern])).inputs.slice(0, -1).map(({ path }) => path)
    assert.deepEqual(await paths('many/*.json'), ['many/a.json', 'many/b.json'])
    assert.deepEqual(await paths('many/**/*.json'), ['many/a.json', 'many/b.json', 'many/deep/d.json'])
    assert.deepEqual(await paths(`${folder}/many/{a,c}.*`), [`${folder}/many/a.json`, `${folder}/many/c.txt`])
    assert.deepEqual(await paths('man?'), ['many/a.json', 'many/b.json', 'many/c.txt', 'many/deep/d.json'])
    await symlink('..', join(folder, 'many', 'deep', 'up'))
    assert.deepEqual(await paths('many/**/a.json'), ['many/a.json'])
    const { code, stderr } = await replay(['none*.json'])
    assert.deepEqual([code, stderr], [3, 'none*.json: nothing has a name like this\n'])
  })
})
