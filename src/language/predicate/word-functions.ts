/** Search in analysed text, as Elasticsearch's standard analyzer splits it: words without case. */
import type { Value } from './expression.ts'

const WORD = /[\p{L}\p{N}\p{M}_]+(?:['.:][\p{L}\p{N}\p{M}_]+)*/gu

const wordsOf = (text: string) => text.toLowerCase().match(WORD) ?? []

/** Whether one of the words stands in the text. */
export function hasAnyWord([text, words]: Value[]): Value {
  const there = new Set(wordsOf(String(text)))
  return wordsOf(String(words)).some((word) => there.has(word))
}

/** Whether the words stand in the text one after the other. */
export function hasPhrase([text, phrase]: Value[]): Value {
  const wanted = wordsOf(String(phrase))
  if (wanted.length === 0) return false
  const there = wordsOf(String(text))
  return there.some((_, at) => wanted.every((word, index) => there[at + index] === word))
}
