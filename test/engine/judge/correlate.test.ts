import assert from 'node:assert/strict'
import { correlate } from '../../../src/engine/judge/correlate.ts'
import { EventPool } from '../../../src/engine/judge/event-pool.ts'
import type { EventDocument } from '../../../src/model/event.ts'

const MARKER = 'tocsin-aaaaaaaaaa'
const OTHER = 'tocsin-bbbbbbbbbb'
const windows = { setup: { from: 0, to: 100 }, test: { from: 100, to: 200 }, cleanup: { from: 200, to: 300 } }

const event = (id: string, at: number, source: Record<string, unknown>): EventDocument => ({
  index: 'events',
  id,
  source: { '@timestamp': new Date(at).toISOString(), ...source },
})

const told = (events: EventDocument[], isolation: 'host' | 'marker' = 'host') => {
  const { phases } = correlate(new EventPool(events), { marker: MARKER, isolation, windows })
  return Object.entries(phases).flatMap(([phase, list]) =>
    list.map(({ document, confidence }) => `${document.id} ${phase} ${confidence}`),
  )
}

describe('correlation', () => {
  it('splits events by the phase in whose time they fall', () => {
    const marked = { process: { command_line: `schtasks /tn ${MARKER}` } }
    assert.deepEqual(
      told([
        event('a', 99, marked),
        event('b', 100, marked),
        event('c', 199, marked),
        event('d', 200, marked),
        event('e', 300, marked),
      ]),
      ['a setup marker', 'b test marker', 'c test marker', 'd cleanup marker'],
    )
  })

  it('goes by when an event was written, not by a time of its own that lags', () => {
    const created = (at: number) => ({ event: { created: new Date(at).toISOString() } })
    assert.deepEqual(
      told([
        event('of the test', -61_200, created(150)),
        event('of the clean-up', 150, created(250)),
        event('of nobody', 150, created(350)),
        event('read by its agent much later', 160, created(900_000)),
      ]),
      ['of the test test window', 'read by its agent much later test window', 'of the clean-up cleanup window'],
    )
  })

  it('takes unmarked events of the window, and none that carry another marker', () => {
    assert.deepEqual(
      told([
        event('mine', 150, { message: MARKER.toUpperCase() }),
        event('unmarked', 150, {}),
        event('theirs', 150, { message: OTHER }),
      ]),
      ['mine test marker', 'unmarked test window'],
    )
  })

  it('finds the marker in an encoded PowerShell command', () => {
    const encoded = Buffer.from(`Register-ScheduledTask ${MARKER}`, 'utf16le').toString('base64')
    assert.deepEqual(
      told([event('a', 150, { process: { command_line: `powershell.exe -EncodedCommand ${encoded}` } })]),
      ['a test marker'],
    )
  })

  it('joins by process, task GUID, logon and source port of a marked event', () => {
    const guid = '{0F8FAD5B-D9CB-469F-A165-70867728950E}'
    const marked = (more: Record<string, unknown>) => event('marked', 150, { message: MARKER, ...more })
    const rows: [Record<string, unknown>, Record<string, unknown>][] = [
      [{ process: { entity_id: '{P-1}' } }, { process: { parent: { entity_id: '{p-1}' } } }],
      [
        { registry: { data: { strings: [guid] } } },
        { registry: { path: `HKLM\\TaskCache\\Tasks\\${guid.toLowerCase()}\\Actions` } },
      ],
      [
        { winlog: { event_data: { SubjectLogonId: '0x1f2e3' } } },
        { winlog: { event_data: { TargetLogonId: '0x1F2E3' } } },
      ],
      [{ winlog: { event_data: { IpPort: '56588' } } }, { source: { port: 56588 } }],
    ]
    for (const [own, other] of rows) {
      assert.deepEqual(told([marked(own), event('joined', 160, other), event('not', 170, {})]), [
        'marked test marker',
        'joined test entity',
        'not test window',
      ])
    }
  })

  it('follows a logon to its connection', () => {
    assert.deepEqual(
      told(
        [
          event('registered', 150, { message: MARKER, winlog: { event_data: { SubjectLogonId: '0x99' } } }),
          event('logon', 149, { winlog: { event_data: { TargetLogonId: '0x99', IpPort: '50123' } } }),
          event('connection', 148, { source: { port: 50123 } }),
        ],
        'marker',
      ),
      ['connection test entity', 'logon test entity', 'registered test marker'],
    )
  })

  it('joins nothing by sessions that all services share', () => {
    const system = { winlog: { event_data: { SubjectLogonId: '0x3e7' } } }
    assert.deepEqual(told([event('a', 150, { message: MARKER, ...system }), event('b', 151, system)]), [
      'a test marker',
      'b test window',
    ])
  })

  it('gives tests that share a host only what is tied to them alone', () => {
    const service = { process: { entity_id: '{service}' } }
    assert.deepEqual(
      told(
        [
          event('mine', 150, { message: MARKER, ...service, source: { port: 50001 } }),
          event('theirs', 150, { message: OTHER, ...service }),
          event('whose', 151, service),
          event('tied', 152, { source: { port: 50001 } }),
          event('noise', 153, {}),
        ],
        'marker',
      ),
      ['mine test marker', 'tied test entity'],
    )
  })
})
