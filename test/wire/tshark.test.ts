import assert from 'node:assert/strict'
import { needsTshark } from '../emulator/network/tshark.ts'
import { sharedFolder } from '../language/shared-folder.ts'
import { assertAgreement, type Tellers } from './agreement.ts'
import { framesOf, REMOTE_CREATION, type Said, segmentsOf } from './conversation.ts'
import { capturesIn } from './decoding.ts'
import { pcap } from './packet-maker.ts'
import { bind, bindAck, bindNak, fault, MAPPER_UUID, request, response, TASK_SCHEDULER_UUID } from './pdu-maker.ts'

describe('agreement with tshark on every DCE/RPC PDU', () => {
  before(function () {
    needsTshark(this)
  })

  /** The captures of the shared folder, with what tells tshark the interfaces in them. */
  const RECORDED: Record<string, Tellers[]> = {
    'schtask_create.zip': [{ bind: 3, dissector: 8, context: 3 }],
    'negative_wmi_execmethod.zip': [
      { bind: 11, dissector: 12, text: 11, context: 21 },
      { bind: 11, dissector: 12, text: 11, context: 21 },
    ],
    'smb_at_schedule.pcap': [{ bind: 1, dissector: 2, context: 1 }],
  }

  for (const [name, tellers] of Object.entries(RECORDED)) {
    it(name, async function () {
      const captures = await capturesIn(sharedFolder(this), name)
      assert.deepEqual(
        captures.map((capture, index) => assertAgreement(capture, `${name}, capture ${index + 1}`)),
        tellers,
      )
    })
  }

  it('a capture made by hand', () => {
    const client = (bytes: Buffer): Said => ({ by: 'client', bytes })
    const server = (bytes: Buffer): Said => ({ by: 'server', bytes })
    const uuid = TASK_SCHEDULER_UUID
    const little = false
    const odd = segmentsOf(
      [
        client(bind([{ id: 7, uuid }], { little, callId: 9 })),
        server(bindNak(2, { little, callId: 9 })),
        client(
          bind(
            [
              { id: 7, uuid },
              { id: 300, uuid: MAPPER_UUID },
            ],
            { little, callId: 10 },
          ),
        ),
        server(bindAck([0, 0], { little, callId: 10 })),
        client(request(13, { little, callId: 11, contextId: 7 })),
        server(fault(0x1c010003, { little, callId: 11, contextId: 7 })),
        client(request(4, { little, callId: 0x12345678, contextId: 300 })),
        server(response({ little, callId: 0x12345678, contextId: 300 })),
      ],
      { client: ['10.0.0.7', 50_000] },
    )
    const capture = pcap(framesOf([...segmentsOf(REMOTE_CREATION), ...odd]))
    assert.deepEqual(assertAgreement(capture, 'by hand'), { bind: 4, dissector: 5, text: 2, context: 6 })
  })
})
