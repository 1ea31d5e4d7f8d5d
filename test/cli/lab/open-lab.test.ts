import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { namedHosts, openLab } from '../../../src/cli/lab/open-lab.ts'
import { Lab } from '../../../src/model/lab.ts'
import { createTransport } from '../../../src/transport/router.ts'

/** A SIEM that answers everything with one status. */
async function answering(status: number): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(status).end('{}'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

describe('a lab that is opened', () => {
  it('says once that a SIEM takes no telemetry of its hosts', async () => {
    const { url, server } = await answering(503)
    const troubles: string[] = []
    const lab = Lab.parse({
      hosts: { ws1: { role: 'source', user: 'operator', password: 'Right-one-1', emulated: {} } },
      siem: { url, apiKey: 'a-key' },
    })
    const open = await openLab({ lab, analytics: [], onTrouble: (reason) => troubles.push(reason) })
    const transport = createTransport({ environment: {} })
    try {
      const [host] = namedHosts(open.lab)
      for (const text of ['schtasks /query', 'ver']) {
        const { end } = await transport.run(host!, { text, shell: 'cmd' }, { timeoutMs: 10_000 })
        assert.deepEqual(end, { kind: 'exited', exitCode: 0 })
      }
    } finally {
      await transport.close()
      await open.stop()
      server.closeAllConnections()
      server.close()
    }
    assert.deepEqual(troubles, ['the SIEM answers 503 to telemetry'])
  })
})
