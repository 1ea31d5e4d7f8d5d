/** HTML by template: every value put into a template is escaped, unless it is HTML made by a template itself. */
import { visible } from '../text.ts'

/** Text that is HTML already. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Value = string | number | Html | false | null | undefined | readonly Value[]

/** The only way to make HTML. Null, undefined and false give nothing; lists are joined. Attribute values must be quoted. */
export function html(strings: TemplateStringsArray, ...values: Value[]): Html {
  let text = strings[0]!
  for (const [index, value] of values.entries()) text += textOf(value) + strings[index + 1]!
  return new Html(text)
}

function textOf(value: Value): string {
  if (value instanceof Html) return value.text
  if (Array.isArray(value)) return value.map(textOf).join('')
  if (value === null || value === undefined || value === false) return ''
  return escapeHtml(String(value))
}

const ENTITY: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const escapeHtml = (text: string): string => visible(text).replace(/[&<>"']/g, (character) => ENTITY[character]!)
