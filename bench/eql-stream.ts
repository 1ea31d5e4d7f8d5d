/** One run of the stream bench, in a process of its own so that its peak memory is its own: so many synthetic events through a sequence. */
import { compile } from '../src/language/compile.ts'
import type { EventDocument } from '../src/model/event.ts'

const HOSTS = 1000
const QUERY = `sequence by host.id, process.entity_id with maxspan=5s
  [process where process.name == "cmd.exe"] [network where destination.port == 445] until [process where event.type == "end"]`

/** Ten events a millisecond of lab time; one process in ten goes all the way. */
function eventAt(number: number): EventDocument {
  const entity = Math.floor(number / 3)
  const step = number % 3
  return {
    index: 'synthetic',
    id: '',
    source: {
      '@timestamp': 1_700_000_000_000 + Math.floor(number / 10),
      event: { category: step === 1 ? 'network' : 'process', type: step === 2 ? 'end' : 'start' },
      host: { id: entity % HOSTS },
      process: { entity_id: entity, name: entity % 10 === 0 ? 'cmd.exe' : 'svchost.exe' },
      ...(step === 1 ? { destination: { port: 445 } } : {}),
    },
  }
}

const count = Number(process.argv[2])
const matcher = compile('eql', QUERY).matcher()
let found = 0
const start = performance.now()
for (let number = 0; number < count; number += 1) found += matcher.push(eventAt(number)).length
found += matcher.finish().length
const seconds = (performance.now() - start) / 1000
console.log(JSON.stringify({ seconds, found, peakMb: Math.round(process.resourceUsage().maxRSS / 1024) }))
