/**
 * A file of records in segments, each of which begins between two records if it can: after the first line feed, from its place
 * on, that an opening brace follows. Within a string no line feed stands as it is. Whoever cuts finds the same places.
 */
import { readSync } from 'node:fs'

/** Bytes from one place to the next, and how far from its place a segment may begin. */
export interface Cutting {
  segment: number
  reach: number
}

/** Where a segment begins that has its place at `place` of a text that goes on for `reach` bytes at least, if the file does. */
export function beginOf(text: Buffer, place: number, { reach }: Cutting): number {
  const found = text.subarray(place, place + reach).indexOf('\n{')
  return found === -1 ? place : place + found + 1
}

/** The segment in a text that begins at its place and holds `reach` bytes of the next, if there are so many. Not for the first of a file. */
export function cutSegment(text: Buffer, cutting: Cutting): { begin: number; end: number } {
  const { segment } = cutting
  const begin = beginOf(text, 0, cutting)
  return { begin, end: text.length <= segment ? text.length : beginOf(text, segment, cutting) }
}

/** Reads as much as there is room for from a position on. Gives fewer bytes only at the file's end. */
export function readFully(descriptor: number, room: Buffer, position: number): number {
  let count = 0
  while (count < room.length) {
    const more = readSync(descriptor, room, count, room.length - count, position + count)
    if (more === 0) break
    count += more
  }
  return count
}
