import assert from 'node:assert/strict'
import { filterFor } from '../../../src/engine/sensing/filter.ts'

describe('the filter of a capture', () => {
  it('takes TCP of the test’s hosts, without the run’s own connections', () => {
    assert.equal(filterFor(['192.0.2.1', '2001:db8::5'], [], {}), '(host 192.0.2.1 or host 2001:db8::5) and tcp')
    const own = [
      { ip: '192.0.2.1', port: 22 },
      { ip: '192.0.2.9', port: 9200 },
    ]
    assert.equal(
      filterFor(['192.0.2.1'], own, {}),
      '(host 192.0.2.1) and tcp and not (host 192.0.2.1 and tcp port 22) and not (host 192.0.2.9 and tcp port 9200)',
    )
  })

  it('asks for what the lab file asks for besides, as one condition', () => {
    assert.equal(
      filterFor(['192.0.2.1'], [], { filter: 'port 135 or portrange 49152-65535' }),
      '(host 192.0.2.1) and tcp and (port 135 or portrange 49152-65535)',
    )
  })
})
