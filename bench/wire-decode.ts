/** Decodes one capture and prints how long that took, of which the processor was at work, and how much memory it needed. */
import { createReadStream } from 'node:fs'
import { createCaptureDecoder } from '../src/wire/decode-capture.ts'

const CHUNK = 1 << 20

let pdus = 0
const decoder = createCaptureDecoder({
  onPdu: () => {
    pdus += 1
  },
})
const started = performance.now()
for await (const chunk of createReadStream(process.argv[2]!, { highWaterMark: CHUNK })) decoder.push(chunk as Buffer)
decoder.end()
const seconds = (performance.now() - started) / 1000
const { user, system } = process.cpuUsage()
console.log(
  JSON.stringify({
    seconds,
    cpuSeconds: (user + system) / 1e6,
    pdus,
    peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
)
