/** IP addresses and networks, version 4 and 6. */

/** An address as 16 bytes: version 4 in its mapped form, as Lucene keeps it; null when the text is none. */
function parseIp(text: string): Uint8Array | null {
  const bytes = new Uint8Array(16)
  const v4 = parseV4(text)
  if (v4 !== null) {
    bytes.set([0xff, 0xff], 10)
    bytes.set(v4, 12)
    return bytes
  }
  if (!text.includes(':')) return null
  let source = text
  const tail = /:(\d+\.\d+\.\d+\.\d+)$/.exec(source)
  if (tail !== null) {
    const last = parseV4(tail[1]!)
    if (last === null) return null
    const high = ((last[0]! << 8) | last[1]!).toString(16)
    const low = ((last[2]! << 8) | last[3]!).toString(16)
    source = `${source.slice(0, tail.index + 1)}${high}:${low}`
  }
  const halves = source.split('::')
  if (halves.length > 2) return null
  const [head = [], rest = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const zeros = 8 - head.length - rest.length
  if (halves.length === 2 ? zeros < 1 : zeros !== 0) return null
  const groups = [...head, ...Array<string>(halves.length === 2 ? zeros : 0).fill('0'), ...rest]
  for (const [index, group] of groups.entries()) {
    if (!/^[0-9a-f]{1,4}$/i.test(group)) return null
    const value = Number.parseInt(group, 16)
    bytes[index * 2] = value >> 8
    bytes[index * 2 + 1] = value & 0xff
  }
  return bytes
}

function parseV4(text: string): number[] | null {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return null
  const parts = text.split('.').map(Number)
  return parts.every((part) => part <= 255) ? parts : null
}

/** A text that is the same for all spellings of an address, and whose order is that of the addresses; others stay as they are. */
export function sortableIp(text: string): string {
  const bytes = parseIp(text)
  return bytes === null ? text : Buffer.from(bytes).toString('hex')
}

/** An address in its shortest spelling, as Elasticsearch prints it; what is none stays as it is. */
export function canonicalIp(text: string): string {
  const bytes = parseIp(text)
  if (bytes === null) return text
  const view = new DataView(bytes.buffer)
  const groups = Array.from({ length: 8 }, (_, index) => view.getUint16(index * 2))
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) return bytes.slice(12).join('.')
  return shortened(groups)
}

/** The longest run of zeros is left out, when there are two or more. */
function shortened(groups: number[]): string {
  let zeros = { from: 0, count: 0 }
  for (const from of groups.keys()) {
    let count = 0
    while (groups[from + count] === 0) count += 1
    if (count > zeros.count) zeros = { from, count }
  }
  const hex = groups.map((group) => group.toString(16))
  if (zeros.count < 2) return hex.join(':')
  return `${hex.slice(0, zeros.from).join(':')}::${hex.slice(zeros.from + zeros.count).join(':')}`
}

/** A test for addresses in a network such as `10.0.0.0/8`; null when the text is no network. A bare address is one of its own. */
export function network(text: string): ((address: string) => boolean) | null {
  const [base = '', bits] = text.split('/')
  const bytes = parseIp(base)
  if (bytes === null || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return null
  const isV4 = !base.includes(':')
  const length = bits === undefined ? 128 : Number(bits) + (isV4 ? 96 : 0)
  if (length > 128) return null
  return (address) => {
    const other = parseIp(address)
    return other !== null && sharesPrefix(bytes, other, length)
  }
}

function sharesPrefix(a: Uint8Array, b: Uint8Array, bits: number): boolean {
  const whole = bits >> 3
  for (let index = 0; index < whole; index++) if (a[index] !== b[index]) return false
  const rest = bits & 7
  return rest === 0 || (a[whole]! ^ b[whole]!) >> (8 - rest) === 0
}
