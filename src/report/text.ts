/** Text from hosts, documents and SIEMs is shown, never obeyed: it may hold escape sequences, mark-up or direction overrides. */
import { stripVTControlCharacters } from 'node:util'
import { INVISIBLE } from '../model/invisible.ts'

/** The text with every invisible character drawn (`␛`, `‹U+202E›`); line breaks and tabs stay. For reports that keep evidence. */
export function visible(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(INVISIBLE, (character) => {
    if (character === '\n' || character === '\t') return character
    const code = character.codePointAt(0)!
    if (code < 0x20) return String.fromCodePoint(0x2400 + code)
    if (code === 0x7f) return '␡'
    return `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`
  })
}

/** The text on one line with escape sequences and invisible characters left out. For terminals. */
export function plain(text: string): string {
  return stripVTControlCharacters(text).replace(/\s+/gu, ' ').replace(INVISIBLE, '').trim()
}

/** Columns that a text takes in a terminal: East Asian wide characters and emoji take two, combining marks none. */
export function columns(text: string): number {
  let width = 0
  for (const character of text) {
    if (/^[\p{M}\p{Cf}]$/u.test(character)) continue
    width +=
      /^[\p{Emoji_Presentation}\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]$/u.test(
        character,
      )
        ? 2
        : 1
  }
  return width
}

/** The text broken into lines of at most `width` columns, at spaces where there are any. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    let rest = word
    if (line !== '' && columns(line) + 1 + columns(rest) <= width) {
      line += ` ${rest}`
      continue
    }
    if (line !== '') lines.push(line)
    while (columns(rest) > width) {
      let head = ''
      for (const character of rest) {
        if (head !== '' && columns(head + character) > width) break
        head += character
      }
      lines.push(head)
      rest = rest.slice(head.length)
    }
    line = rest
  }
  if (line !== '' || lines.length === 0) lines.push(line)
  return lines
}

/** The text in at most `width` columns, its middle replaced by `…`: ids differ at both ends. */
export function shorten(text: string, width: number): string {
  if (columns(text) <= width) return text
  const tail = Math.floor((width - 1) / 2)
  return `${text.slice(0, width - 1 - tail)}…${tail === 0 ? '' : text.slice(-tail)}`
}

/** `1 check`, `3 checks`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number.toLocaleString('en-GB')} ${number === 1 ? noun : plural}`
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}

/** The text with its first letter in upper case. */
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
