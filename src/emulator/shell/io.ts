/** Standard streams of emulated processes. Text inside, bytes only where SSH and files begin. */

export interface LineSource {
  /** One line without its end; null at the end of the input. Waits as long as nobody ends it. */
  readLine(): Promise<string | null>
}

export interface ProcessIo {
  stdin: LineSource
  stdout(text: string): void
  stderr(text: string): void
}

/** Nothing to read, nobody listens. */
export const SILENT: ProcessIo = { stdin: { readLine: async () => null }, stdout: () => {}, stderr: () => {} }

/** Lines of text that arrives in pieces. */
export class LineReader implements LineSource {
  #text = ''
  #ended = false
  #waiting: (() => void)[] = []

  static of(text: string): LineReader {
    const reader = new LineReader()
    reader.push(text)
    reader.end()
    return reader
  }

  push(text: string): void {
    this.#text += text
    this.#wake()
  }

  end(): void {
    this.#ended = true
    this.#wake()
  }

  async readLine(): Promise<string | null> {
    for (;;) {
      const end = this.#text.indexOf('\n')
      if (end !== -1) {
        const line = this.#text.slice(0, end).replace(/\r$/, '')
        this.#text = this.#text.slice(end + 1)
        return line
      }
      if (this.#ended) {
        const rest = this.#text
        this.#text = ''
        return rest === '' ? null : rest
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

/** Console programs end lines with CR LF. */
export const crlf = (text: string): string => text.replace(/\r?\n/g, '\r\n')
