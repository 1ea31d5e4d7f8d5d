/** A file of JSON records straight into the scanner's memory: it is read on while what was read is gone through. */
import { closeSync, openSync, read, readSync } from 'node:fs'
import { isPlain } from '../readers/text-encoding.ts'
import type { PlainFile } from '../readers/unpack.ts'
import { isZeekTsv } from '../zeek/tsv.ts'
import type { SiftingSplitter } from './sifting-splitter.ts'

const HEAD = 4096

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
  const readNext = () => readInto(descriptor, splitter.room(), position)
  let reading = readNext()
  try {
    for (;;) {
      const count = await reading
      if (count === 0) return
      position += count
      reading = readNext()
      file.heard(count)
      splitter.take(count)
    }
  } finally {
    // Nothing may be written there any more.
    await reading.catch(() => {})
    splitter.end()
  }
}

const readInto = (descriptor: number, room: Buffer, position: number) =>
  new Promise<number>((resolve, reject) => {
    read(descriptor, room, 0, room.length, position, (error, count) => {
      if (error) reject(error)
      else resolve(count)
    })
  })
