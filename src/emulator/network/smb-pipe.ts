/** A named pipe on port 445: an SMB2 session, the share IPC$, the pipe, and what is written to it and read from it. */
import type { Credentials } from '../program.ts'
import { opaque } from './packets/bytes.ts'
import { authenticate, type Computer, challenge, negotiate } from './packets/ntlm.ts'
import { type SmbHeader, STATUS, smb } from './packets/smb2.ts'
import { negotiationStart, negotiationStep, serverOffer } from './packets/spnego.ts'
import type { Side, TcpStream } from './packets/tcp-stream.ts'
import type { Carrier } from './rpc.ts'

/** What a Windows server offers; a client without a domain of its own takes the last. */
const OFFERED = ['negotiateExtended', 'kerberosOfMicrosoft', 'kerberos', 'ntlm'] as const
/** How much a client asks for in one reading. */
const MOST = 65_535

export interface PipeOptions {
  stream: TcpStream
  server: Computer & { ip: string }
  credentials: Credentials
  /** Name of the pipe, such as `atsvc`. */
  pipe: string
}

/**
 * Not encrypted, as SMB is between Windows and such clients unless a server or a share asks for it (MS-SMB2 3.3.5.5.3):
 * who listens sees the pipe, and the RPC inside.
 */
export class SmbPipe implements Carrier {
  readonly #options: PipeOptions
  readonly #sessionId = opaque(6).readUIntLE(0, 6)
  readonly #file = opaque(16)
  #messageId = 0
  #treeId = 0
  #session = 0n

  constructor(options: PipeOptions) {
    this.#options = options
  }

  /** Negotiates, logs on and opens the pipe. `logon` is the server's own work, and throws as it refuses. */
  open<T>(logon: () => T): T {
    const { server, credentials, pipe } = this.#options
    this.#exchange('negotiate', smb.negotiate, (header) => smb.negotiated(header, serverOffer(OFFERED), server.now))
    const start = negotiationStart(['ntlm'], negotiate())
    const ask = negotiationStep({ state: 'incomplete', mechanism: 'ntlm', token: challenge(server) })
    this.#ask('sessionSetup', (header) => smb.sessionSetup(header, start))
    this.#session = BigInt(this.#sessionId)
    this.#answer('sessionSetup', (header) => smb.sessionAnswer(header, ask), STATUS.moreProcessingRequired)
    const user = { name: credentials.user, domain: credentials.domain ?? '' }
    const proof = negotiationStep({ token: authenticate(user, server) })
    this.#ask('sessionSetup', (header) => smb.sessionSetup(header, proof))
    const session = this.#refusing('sessionSetup', logon)
    this.#answer('sessionSetup', (header) => smb.sessionAnswer(header, negotiationStep({ state: 'completed' })))
    this.#ask('treeConnect', (header) => smb.treeConnect(header, `\\\\${server.ip}\\IPC$`))
    this.#treeId = 1
    this.#answer('treeConnect', smb.treeConnected)
    this.#exchange(
      'create',
      (header) => smb.create(header, pipe),
      (header) => smb.created(header, this.#file),
    )
    return session
  }

  /** The client writes to the pipe; what the server says waits there until the client reads it. */
  send(from: Side, bytes: Buffer): void {
    if (from === 'client') {
      this.#exchange(
        'write',
        (header) => smb.write(header, this.#file, bytes),
        (header) => smb.written(header, bytes.length),
      )
    } else {
      this.#exchange(
        'read',
        (header) => smb.read(header, this.#file, MOST),
        (header) => smb.readAnswer(header, bytes),
      )
    }
  }

  /** Leaves pipe, share and session, if they were reached. */
  close(): void {
    if (this.#treeId === 0) return
    this.#exchange('close', (header) => smb.close(header, this.#file), smb.closed)
    this.#exchange('treeDisconnect', smb.plain, smb.plain)
    this.#treeId = 0
    this.#exchange('logoff', smb.plain, smb.plain)
  }

  #exchange(
    command: SmbHeader['command'],
    ask: (header: SmbHeader) => Buffer,
    answer: (header: SmbHeader) => Buffer,
  ): void {
    this.#ask(command, ask)
    this.#answer(command, answer)
  }

  #ask(command: SmbHeader['command'], encode: (header: SmbHeader) => Buffer): void {
    this.#options.stream.send('client', encode(this.#header(command)))
  }

  #answer(command: SmbHeader['command'], encode: (header: SmbHeader) => Buffer, status: number = STATUS.success): void {
    this.#options.stream.send('server', encode({ ...this.#header(command), status }))
    this.#messageId += 1
  }

  #refusing<T>(command: SmbHeader['command'], work: () => T): T {
    try {
      return work()
    } catch (error) {
      this.#answer(command, smb.failed, STATUS.logonFailure)
      throw error
    }
  }

  #header(command: SmbHeader['command']): SmbHeader {
    return { command, messageId: this.#messageId, sessionId: this.#session, treeId: this.#treeId }
  }
}
