/** What a new field becomes, from its first value: dynamic templates first, then the rules of detection. */
import { parseDate } from './date.ts'
import type { MappingSettings } from './mapping.ts'

type Definition = Record<string, unknown>

const DATE_FORMATS = ['strict_date_optional_time', 'yyyy/MM/dd HH:mm:ss', 'yyyy/MM/dd']

/** The definition of a field of this value, or null when the value says nothing. */
export function dynamicDefinition(settings: MappingSettings, path: string, value: unknown): Definition | null {
  const detected = detect(settings, value)
  if (detected === null) return null
  const template = templateFor(settings.dynamic_templates ?? [], path, detected.matching)
  if (template === null) return detected.definition
  const name = path.slice(path.lastIndexOf('.') + 1)
  return fill(template, name, detected.matching)
}

interface Detected {
  /** The `match_mapping_type` of templates. */
  matching: string
  definition: Definition
}

function detect(settings: MappingSettings, value: unknown): Detected | null {
  switch (typeof value) {
    case 'boolean':
      return { matching: 'boolean', definition: { type: 'boolean' } }
    case 'number':
      return Number.isInteger(value)
        ? { matching: 'long', definition: { type: 'long' } }
        : { matching: 'double', definition: { type: 'float' } }
    case 'string':
      return detectText(settings, value)
    default:
      return null
  }
}

function detectText(settings: MappingSettings, value: string): Detected {
  if (settings.numeric_detection === true && value.trim() !== '' && Number.isFinite(Number(value))) {
    return detect({}, Number(value))!
  }
  if (settings.date_detection !== false && /\d/.test(value)) {
    const formats = settings.dynamic_date_formats ?? DATE_FORMATS
    const format = formats.find((candidate) => isPlainDate(value, candidate))
    if (format !== undefined) {
      const known = format === 'strict_date_optional_time'
      const written = format.startsWith('yyyy/MM/dd') ? 'yyyy/MM/dd HH:mm:ss||yyyy/MM/dd||epoch_millis' : format
      return { matching: 'date', definition: known ? { type: 'date' } : { type: 'date', format: written } }
    }
  }
  return {
    matching: 'string',
    definition: { type: 'text', fields: { keyword: { type: 'keyword', ignore_above: 256 } } },
  }
}

/** A bare year, such as `2026`, is a number in a text rather than a date. */
const isPlainDate = (value: string, format: string) => /\D/.test(value) && parseDate(value, format) !== null

function templateFor(templates: Record<string, Definition>[], path: string, matching: string): Definition | null {
  for (const entry of templates) {
    const template = Object.values(entry)[0]
    if (template !== undefined && applies(template, path, matching)) return (template.mapping ?? {}) as Definition
  }
  return null
}

function applies(template: Definition, path: string, matching: string): boolean {
  const name = path.slice(path.lastIndexOf('.') + 1)
  const regex = template.match_pattern === 'regex'
  const types = template.match_mapping_type
  if (types !== undefined && ![types].flat().some((type) => type === '*' || type === matching)) return false
  if (template.match !== undefined && !anyOf(template.match, name, regex)) return false
  if (template.unmatch !== undefined && anyOf(template.unmatch, name, regex)) return false
  if (template.path_match !== undefined && !anyOf(template.path_match, path, false)) return false
  return template.path_unmatch === undefined || !anyOf(template.path_unmatch, path, false)
}

function anyOf(patterns: unknown, text: string, regex: boolean): boolean {
  return [patterns].flat().some((pattern) => {
    const source = String(pattern)
    return new RegExp(regex ? `^(?:${source})$` : simple(source), 's').test(text)
  })
}

const simple = (pattern: string) => `^${pattern.replace(/[\\^$.+?()[\]{}|]/g, '\\$&').replace(/\*+/g, '.*')}$`

/** Fills `{name}` and `{dynamic_type}`; a template without a type keeps the detected one. */
function fill(template: Definition, name: string, matching: string): Definition {
  const type = matching === 'string' ? 'text' : matching === 'double' ? 'float' : matching
  const text = JSON.stringify(template).replaceAll('{name}', name).replaceAll('{dynamic_type}', type)
  return { type, ...(JSON.parse(text) as Definition) }
}
