/** `--scrub`: no name and no address is left in a recording, and its verdicts are the same. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { stringify } from 'yaml'
import { Recording } from '../../src/model/recording.ts'
import { RunRecord } from '../../src/model/run-record.ts'
import { WorkFolder } from './work-folder.ts'

const remote = '/s {{target.name}} /u {{target.domain}}\\{{target.user}} /p {{target.password}}'

/** A name in a command, in XML, in a path and in base64 of UTF-16. */
const SCENARIO = {
  id: 'scrubbed',
  tests: [
    {
      id: 'remote',
      provenance: { document: 'test', kind: 'own' },
      variables: { hidden: 'schtasks /create /f' },
      steps: [
        {
          host: 'source',
          run: `schtasks /create /f ${remote} /sc once /st {{target.time+2h}} /ru SYSTEM /tn {{marker}} /tr "cmd.exe /c echo {{target.address}} C:\\Users\\operator\\x"`,
        },
        {
          host: 'source',
          shell: 'powershell',
          run: '$name = $Parameters.host; Write-Output "reached $name"',
          parameters: { host: '{{target.name}}' },
        },
      ],
      cleanup: [{ host: 'source', run: `schtasks /delete /f ${remote} /tn {{marker}}` }],
      changes: [{ kind: 'scheduled-task', host: 'target', name: '\\{{marker}}' }],
      expect: [
        { analytic: 'CAR-2013-08-001', is: 'alert' },
        { analytic: 'CAR-2015-04-002', is: 'alert' },
        { analytic: 'remote-scheduled-task-creation', is: 'alert' },
        { analytic: 'remote-task-registration', is: 'alert' },
        { analytic: 'task-file-or-cache-write', is: 'alert' },
      ],
    },
  ],
}

/** Names and addresses of the embedded lab's hosts, and last a part of the password, which no recording holds. */
const ORIGINALS = ['ws1', 'srv1', 'lab.test', 'LAB\\', '>LAB', ': "LAB"', 'operator', '10.20.0.', 'Kestrel']

/** Every text of a recording, also what base64 in it says. */
function textsOf(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const texts = files.map(({ parentPath, name }) => {
    const content = readFileSync(join(parentPath, name))
    return (name.endsWith('.gz') ? gunzipSync(content) : content).toString('utf8')
  })
  const text = texts.join('\n')
  const hidden = [...text.matchAll(/[A-Za-z0-9+/]{24,}={0,2}/g)].map(([base64]) => Buffer.from(base64, 'base64'))
  return [text, ...hidden.flatMap((bytes) => [bytes.toString('utf16le'), bytes.toString('latin1')])].join('\n')
}

const leftIn = (folder: string): string[] => {
  const text = textsOf(folder).toLowerCase()
  return ORIGINALS.filter((original) => text.includes(original.toLowerCase()))
}

const verdictsOf = ({ tests }: RunRecord) =>
  tests.flatMap(({ id, checks }) =>
    checks.map(({ analytic, verdict, outcome }) => `${id} ${analytic} ${verdict} ${outcome}`),
  )

const manifestOf = (folder: string): Recording =>
  Recording.parse(JSON.parse(readFileSync(join(folder, 'recording.json'), 'utf8')))

describe('a scrubbed recording', function () {
  this.timeout(120_000)
  let folder: WorkFolder
  let recorded: RunRecord
  const path = (name: string) => join(folder.path, name)

  before(async () => {
    folder = await WorkFolder.make()
    await writeFile(path('scenarios/scrubbed.yml'), stringify(SCENARIO))
    await writeFile(path('key'), 'a key of more than sixteen bytes')
    const { record, stderr } = await folder.run(['scrubbed', '--record', 'plain'])
    assert.deepEqual(record.summary.outcomes, { expected: 5, unexpected: 0, 'known-gap': 0, inconclusive: 0 }, stderr)
    recorded = record
  })

  after(() => folder.remove())

  const replay = async (...args: string[]) => {
    const { code, stdout, stderr } = await folder.tocsin(['replay', '--json', ...args])
    assert.equal(code, 0, stderr)
    return RunRecord.parse(JSON.parse(stdout))
  }

  it('is written by a run, and says nothing of hosts, users and addresses', async () => {
    assert.deepEqual(leftIn(path('plain')), ORIGINALS.slice(0, -1))
    const { code, stderr } = await folder.run(['scrubbed', '--record', 'from-run', '--scrub', 'hosts,users,addresses'])
    assert.equal(code, 0, stderr)
    assert.deepEqual(leftIn(path('from-run')), [])
    assert.deepEqual(manifestOf(path('from-run')).scrubbed, ['hosts', 'users', 'addresses'])
    assert.deepEqual(verdictsOf(await replay('from-run')), verdictsOf(recorded))
  })

  it('is made of another recording, with the same verdicts; a key makes two agree', async () => {
    const scrub = ['--scrub', 'hosts,users,addresses', '--scrub-key', 'key']
    const record = await replay('plain', '--record', 'one', ...scrub)
    assert.deepEqual(verdictsOf(record), verdictsOf(recorded))
    await replay('plain', '--record', 'two', ...scrub)
    await replay('plain', '--record', 'other', '--scrub', 'hosts,users,addresses')
    assert.deepEqual(leftIn(path('one')), [])
    const [one, two, other, plain] = ['one', 'two', 'other', 'plain'].map((name) => manifestOf(path(name)).tests[0]!)
    assert.deepEqual(one, two)
    assert.notDeepEqual(one!.hosts, other!.hosts)
    assert.equal(one!.marker, plain!.marker)
    const { name, hostname, domain, address } = one!.hosts.target!
    assert.equal(hostname!.split('.')[0], name)
    assert.equal(hostname!.split('.')[1], domain!.toLowerCase())
    assert.match(address!, /^10\.\d+\.\d+\.\d+$/)
  })

  it('keeps what it is not asked to scrub', async () => {
    await replay('plain', '--record', 'users-only', '--scrub', 'users')
    assert.deepEqual(leftIn(path('users-only')).includes('operator'), false)
    for (const kept of ['ws1', 'lab.test', '10.20.0.']) assert.ok(leftIn(path('users-only')).includes(kept), kept)
  })

  const REFUSED = [
    { args: ['run', 'scrubbed', '--scrub', 'hosts'], says: /--scrub needs --record/ },
    {
      args: ['run', 'scrubbed', '--record', 'x', '--scrub', 'hosts,user'],
      says: /there is no user: did you mean 'users'/,
    },
    { args: ['replay', 'plain', '--scrub-key', 'key'], says: /--scrub-key needs --scrub/ },
    {
      args: ['replay', 'plain', '--record', 'x', '--scrub', 'users', '--scrub-key', 'none'],
      says: /--scrub-key none: it cannot be read/,
    },
    {
      args: ['replay', 'plain', '--record', 'x', '--scrub', 'users', '--scrub-key', 'short'],
      says: /a key has at least 16 bytes/,
    },
    { args: ['replay', 'plain', '--record', 'plain'], says: /--record plain: it is not empty/ },
  ]
  for (const { args, says } of REFUSED) {
    it(`refuses ${args.slice(1).join(' ')}`, async () => {
      await writeFile(path('short'), 'short')
      const { code, stderr } = await folder.tocsin(args)
      assert.equal(code, 2)
      assert.match(stderr, says)
    })
  }
})
