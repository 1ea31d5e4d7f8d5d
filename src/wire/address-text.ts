/** Addresses as text. An IPv4 address is kept as the IPv6 address that stands for it. */

const MAPPED = 0xffff

const isV4 = (words: Uint32Array, first: number) =>
  words[first] === 0 && words[first + 1] === 0 && words[first + 2] === MAPPED

/** The address of four words from `first` on. */
export function addressText(words: Uint32Array, first: number): string {
  const [a, b, c, d] = [words[first]!, words[first + 1]!, words[first + 2]!, words[first + 3]!]
  if (isV4(words, first)) return `${d >>> 24}.${(d >>> 16) & 255}.${(d >>> 8) & 255}.${d & 255}`
  const groups = [a, b, c, d].flatMap((word) => [word >>> 16, word & 0xffff])
  return compressed(groups)
}

/** RFC 5952: lower case, the longest run of two or more zeros as `::`, the first of several. */
function compressed(groups: readonly number[]): string {
  let best = { start: -1, length: 1 }
  for (let start = 0; start < groups.length; start += 1) {
    let length = 0
    while (groups[start + length] === 0) length += 1
    if (length > best.length) best = { start, length }
    start += Math.max(0, length - 1)
  }
  const text = (part: readonly number[]) => part.map((group) => group.toString(16)).join(':')
  if (best.start === -1) return text(groups)
  return `${text(groups.slice(0, best.start))}::${text(groups.slice(best.start + best.length))}`
}
