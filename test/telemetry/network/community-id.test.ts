import assert from 'node:assert/strict'
import { communityId } from '../../../src/telemetry/network/community-id.ts'

/** From the specification's baseline (corelight/community-id-spec, baseline/baseline_deflt.json) and the vendor's pipeline tests. */
const KNOWN: [source: string, port: number, destination: string, port: number, transport: string, id: string][] = [
  ['172.16.133.6', 1728, '172.16.128.202', 445, 'tcp', '1:SJNAD5vtzZuhQjGtfaI8svTnyuw='],
  ['128.232.110.120', 34_855, '66.35.250.204', 80, 'tcp', '1:LQU9qZlK+B5F3KDmev6m5PMibrg='],
  ['192.168.1.52', 54_585, '8.8.8.8', 53, 'udp', '1:d/FP5EW3wiY1vCndhwleRRKHowQ='],
  [
    '2001:470:e5bf:dead:4957:2174:e82c:4887',
    63_943,
    '2607:f8b0:400c:c03::1a',
    25,
    'tcp',
    '1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=',
  ],
]

describe('community id', () => {
  for (const [source, from, destination, to, transport, id] of KNOWN) {
    it(`of ${source} and ${destination} is the published one, in both directions`, () => {
      const one = { ip: source, port: from }
      const other = { ip: destination, port: to }
      assert.equal(communityId({ source: one, destination: other, transport }), id)
      assert.equal(communityId({ source: other, destination: one, transport }), id)
    })
  }

  it('is not made up where a part is unknown', () => {
    const end = { ip: '10.0.0.1', port: 1 }
    assert.equal(communityId({ source: end, destination: { ip: '10.0.0.2' }, transport: 'tcp' }), null)
    assert.equal(communityId({ source: end, destination: end, transport: 'icmp' }), null)
    assert.equal(communityId({ source: end, destination: { ...end, ip: 'nowhere' }, transport: 'tcp' }), null)
  })
})
