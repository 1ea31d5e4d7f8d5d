/** Wildcard patterns: `*` any text, `?` any one character. Linear in text times pattern at worst, no backtracking stack. */

type Test = (text: string) => boolean

/** Lower case as Lucene's case-insensitive queries fold it: letter by letter, never changing the length of the text. */
export function foldCase(text: string): string {
  const lower = text.toLowerCase()
  // Of all letters only a sigma becomes another one by where it stands.
  return lower.length === text.length && !text.includes('Σ') ? lower : Array.from(text, foldLetter).join('')
}

function foldLetter(letter: string): string {
  const lower = letter.toLowerCase()
  return lower.length === letter.length ? lower : letter
}

/** A test for texts that match the whole pattern. */
export function wildcard(pattern: string, ignoreCase = false): Test {
  const wanted = ignoreCase ? foldCase(pattern) : pattern
  return plain(wanted, ignoreCase ? foldCase : (text) => text)
}

/** The common shapes without the general loop: no wildcard, `*x`, `x*`, `*x*`. No more of a text is folded than is compared. */
function plain(pattern: string, fold: (text: string) => string): Test {
  const inner = pattern.replace(/^\*+|\*+$/g, '')
  const { length } = inner
  if (/[*?]/.test(inner)) {
    const test = general(pattern)
    return (text) => test(fold(text))
  }
  const open = pattern.startsWith('*')
  const close = pattern.endsWith('*')
  if (open && close) return (text) => text.length >= length && fold(text).includes(inner)
  if (open) return (text) => text.length >= length && fold(text.slice(text.length - length)) === inner
  if (close) return (text) => text.length >= length && fold(text.slice(0, length)) === inner
  return (text) => text.length === length && fold(text) === inner
}

/** Greedy match with one point of return: after a `*` only the last one ever needs to be taken up again. */
function general(pattern: string): Test {
  return (text) => {
    let at = 0
    let inPattern = 0
    let star = -1
    let mark = 0
    while (at < text.length) {
      const letter = pattern[inPattern]
      if (letter === '*') {
        star = inPattern++
        mark = at
      } else if (letter !== undefined && (letter === '?' || letter === text[at])) {
        inPattern += 1
        at += letter === '?' ? widthAt(text, at) : 1
      } else if (star !== -1) {
        inPattern = star + 1
        mark += 1
        at = mark
      } else return false
    }
    while (pattern[inPattern] === '*') inPattern += 1
    return inPattern === pattern.length
  }
}

/** A `?` takes a whole character, also one that UTF-16 writes as a pair. */
function widthAt(text: string, at: number): number {
  const code = text.codePointAt(at)
  return code !== undefined && code > 0xffff ? 2 : 1
}
