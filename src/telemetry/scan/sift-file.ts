/** A file of JSON records straight into the scanner's memory: no buffer is made and none is copied. */
import { closeSync, openSync, readSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { isPlain } from '../readers/text-encoding.ts'
import type { PlainFile } from '../readers/unpack.ts'
import { isZeekTsv } from '../zeek/tsv.ts'
import type { SiftingSplitter } from './sifting-splitter.ts'

const HEAD = 4096
/** Reads after which others have their turn: a few milliseconds. */
const READS_IN_A_ROW = 64

/** Reads a file to its end and gives its beginning; null when there is none, or its text is of another kind, and nothing was read. */
export async function siftFile(file: PlainFile | undefined, splitter: SiftingSplitter): Promise<Buffer | null> {
  if (file === undefined) return null
  const descriptor = openSync(file.absolute, 'r')
  try {
    const head = Buffer.alloc(HEAD)
    const begin = head.subarray(0, readSync(descriptor, head, 0, HEAD, 0))
    if (!isPlain(begin) || isZeekTsv(begin)) return null
    await readAll(descriptor, file, splitter)
    return begin
  } finally {
    closeSync(descriptor)
  }
}

async function readAll(descriptor: number, file: PlainFile, splitter: SiftingSplitter): Promise<void> {
  let position = 0
  const read = (into: Buffer) => readSync(descriptor, into, 0, into.length, position)
  try {
    for (let turn = 1; ; turn += 1) {
      const count = splitter.fill(read)
      if (count === 0) return
      position += count
      file.heard(count)
      if (turn % READS_IN_A_ROW === 0) await setImmediate()
    }
  } finally {
    splitter.end()
  }
}
