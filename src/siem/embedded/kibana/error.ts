/** Errors as Kibana answers them. */
import { STATUS_CODES } from 'node:http'

export class KibanaError extends Error {
  override name = 'KibanaError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }

  get answer(): { statusCode: number; error: string; message: string } {
    return { statusCode: this.status, error: STATUS_CODES[this.status] ?? 'Error', message: this.message }
  }
}

/** The detection engine's own shape of errors. */
export class RuleError extends KibanaError {
  override name = 'RuleError'

  override get answer(): never {
    return { status_code: this.status, message: this.message } as never
  }
}
