/** The states of `conn.log` (https://docs.zeek.org/en/master/scripts/base/protocols/conn/main.zeek.html) and their ECS types. */
export const STATES: Record<string, { message: string; type: readonly string[] }> = {
  S0: { message: 'Connection attempt seen, no reply.', type: ['connection', 'start'] },
  S1: { message: 'Connection established, not terminated.', type: ['connection', 'start'] },
  SF: { message: 'Normal establishment and termination.', type: ['connection', 'start', 'end'] },
  REJ: { message: 'Connection attempt rejected.', type: ['connection', 'start', 'denied'] },
  S2: { message: 'Established; the originator closed, no reply from the responder.', type: ['connection', 'info'] },
  S3: { message: 'Established; the responder closed, no reply from the originator.', type: ['connection', 'info'] },
  RSTO: { message: 'Established; the originator aborted with a RST.', type: ['connection', 'info'] },
  RSTR: { message: 'The responder sent a RST.', type: ['connection', 'info'] },
  RSTOS0: { message: 'A SYN and a RST of the originator, no SYN-ACK.', type: ['connection', 'info'] },
  RSTRH: { message: 'A SYN-ACK and a RST of the responder, no SYN.', type: ['connection', 'info'] },
  SH: { message: 'A SYN and a FIN of the originator, no SYN-ACK.', type: ['connection', 'info'] },
  SHR: { message: 'A SYN-ACK and a FIN of the responder, no SYN.', type: ['connection', 'info'] },
  OTH: { message: 'No SYN seen, traffic of a connection under way.', type: ['connection', 'info'] },
}
