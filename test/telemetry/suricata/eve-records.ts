/**
 * EVE records as Suricata's documentation describes them, written by hand: Suricata itself is not among the packages the
 * tests may install. https://docs.suricata.io/en/latest/output/eve/eve-json-format.html, "Event type: DCERPC" and "Flow".
 */

type Json = Record<string, unknown>

export const TASK_SCHEDULER = '86d35949-83c9-4044-b424-db363231fd0c'

const ENDS = {
  src_ip: '10.10.0.20',
  src_port: 50_123,
  dest_ip: '10.10.0.10',
  dest_port: 49_667,
  proto: 'TCP',
  pkt_src: 'wire/pcap',
}

const record = (type: string, more: Json): Json => ({
  timestamp: '2031-03-04T06:06:07.400004+0100',
  flow_id: 586_497_171_462_735,
  in_iface: 'span0',
  event_type: type,
  ...ENDS,
  ...more,
})

const offered = (uuid: string) => ({ uuid, version: '1.0', ack_result: 0 })

export const bind = (...uuids: string[]): Json =>
  record('dcerpc', {
    dcerpc: {
      request: 'BIND',
      response: 'BINDACK',
      interfaces: uuids.map(offered),
      call_id: 2,
      rpc_version: '5.0',
    },
  })

export const request = (opnum: number, uuid = TASK_SCHEDULER, more: Json = {}): Json =>
  record('dcerpc', {
    dcerpc: {
      request: 'REQUEST',
      req: { opnum, frag_cnt: 1, stub_data_size: 3_170 },
      interfaces: [{ ...offered(uuid), ...more }],
      response: 'RESPONSE',
      res: { frag_cnt: 1, stub_data_size: 172 },
      call_id: 4,
      rpc_version: '5.0',
    },
  })

/** The same interface over the pipe: an event of SMB with the call in it. */
export const overThePipe = (): Json =>
  record('smb', {
    dest_port: 445,
    smb: {
      id: 9,
      dialect: '3.00',
      command: 'SMB2_COMMAND_WRITE',
      status: 'STATUS_SUCCESS',
      session_id: 4_398_046_511_173,
      tree_id: 1,
      dcerpc: {
        request: 'REQUEST',
        response: 'RESPONSE',
        opnum: 1,
        req: { frag_cnt: 1, stub_data_size: 3_170 },
        res: { frag_cnt: 1, stub_data_size: 172 },
        interfaces: [offered(TASK_SCHEDULER)],
        call_id: 3,
      },
    },
  })

export const flow = (): Json =>
  record('flow', {
    app_proto: 'dcerpc',
    flow: {
      pkts_toserver: 12,
      pkts_toclient: 9,
      bytes_toserver: 6_462,
      bytes_toclient: 1_629,
      start: '2031-03-04T06:06:07.100004+0100',
      end: '2031-03-04T06:06:07.518004+0100',
      age: 0,
      state: 'closed',
      reason: 'timeout',
    },
  })

export const stats = (): Json => ({
  timestamp: '2031-03-04T06:06:08.000000+0100',
  event_type: 'stats',
  stats: { uptime: 8 },
})
