/** Console output is bytes of the OEM code page. */
import iconv from 'iconv-lite'

const UTF8 = 65_001

export class ConsoleText {
  readonly #encoding: string

  /** A code page that is not known is taken as 437. */
  constructor(codePage: number) {
    const name = `cp${codePage}`
    this.#encoding = codePage === UTF8 ? 'utf8' : iconv.encodingExists(name) ? name : 'cp437'
  }

  encode(text: string): Buffer {
    return iconv.encode(text, this.#encoding)
  }

  decode(bytes: Buffer): string {
    return iconv.decode(bytes, this.#encoding)
  }
}
