/** Texts of records, whatever their encoding. */
import type { RecordSink } from './readers/record-sink.ts'
import { asUtf8 } from './readers/text-encoding.ts'
import { isZeekTsv, ZeekTsvSplitter } from './zeek/tsv.ts'

/** Takes a text chunk by chunk. */
interface Splitter {
  push(chunk: Buffer): void
  end(): void
}

/** Reads a text to its end, or to where its stream fails. */
export async function readText(chunks: AsyncIterable<Buffer>, sink: RecordSink, usual: Splitter): Promise<void> {
  let splitter: Splitter | null = null
  try {
    for await (const chunk of asUtf8(chunks)) {
      splitter ??= isZeekTsv(chunk) ? new ZeekTsvSplitter(sink) : usual
      splitter.push(chunk)
    }
  } finally {
    splitter?.end()
  }
}
