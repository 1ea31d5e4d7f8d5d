/** Index templates: which one a new index takes, and what it makes of it. */
import { ElasticsearchError, illegalArgument } from '../errors.ts'
import { matchesPattern } from './names.ts'

/** What a template, or a request to create an index, says of the index. */
export interface IndexDefinition {
  settings?: Record<string, unknown>
  mappings?: Record<string, unknown>
  aliases?: Record<string, Record<string, unknown>>
}

export interface IndexTemplate {
  index_patterns: string[]
  composed_of?: string[]
  ignore_missing_component_templates?: string[]
  priority?: number
  template?: IndexDefinition
  data_stream?: Record<string, unknown>
  version?: number
  _meta?: unknown
  allow_auto_create?: boolean
}

export interface ComponentTemplate {
  template: IndexDefinition
  version?: number
  _meta?: unknown
}

/** A legacy template (`_template`): only asked when no composable one matches, all that match in their order. */
export interface LegacyTemplate extends IndexDefinition {
  index_patterns: string[]
  order?: number
  version?: number
}

export class Templates {
  readonly index = new Map<string, IndexTemplate>()
  readonly component = new Map<string, ComponentTemplate>()
  readonly legacy = new Map<string, LegacyTemplate>()

  /** The composable template of highest priority that matches a name. */
  forIndex(name: string): IndexTemplate | undefined {
    return [...this.index.values()]
      .filter(({ index_patterns: patterns }) => patterns.some((pattern) => matchesPattern(pattern, name)))
      .sort((a, b) => (b.priority ?? 0) - (a.priority ?? 0))[0]
  }

  /** The definitions that apply to a new index, the weakest first. */
  definitions(name: string): IndexDefinition[] {
    const template = this.forIndex(name)
    if (template !== undefined) return this.parts(template)
    return [...this.legacy.values()]
      .filter(({ index_patterns: patterns }) => patterns.some((pattern) => matchesPattern(pattern, name)))
      .sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
  }

  /** A template's component templates in order, then its own. */
  parts(template: IndexTemplate): IndexDefinition[] {
    const components = (template.composed_of ?? []).flatMap((name) => this.component.get(name)?.template ?? [])
    return [...components, template.template ?? {}]
  }

  /** Throws when two templates of one priority could match the same index, or a component template is missing. */
  check(name: string, template: IndexTemplate): void {
    const missing = (template.composed_of ?? []).filter(
      (component) =>
        !this.component.has(component) && !(template.ignore_missing_component_templates ?? []).includes(component),
    )
    if (missing.length > 0) {
      throw new ElasticsearchError(
        400,
        'invalid_index_template_exception',
        `index_template [${name}] invalid, cause [index template [${name}] specifies component templates [${missing.join(', ')}] that do not exist]`,
      )
    }
    for (const [other, { index_patterns: patterns, priority = 0 }] of this.index) {
      if (other === name || priority !== (template.priority ?? 0)) continue
      if (!patterns.some((theirs) => template.index_patterns.some((ours) => overlap(ours, theirs)))) continue
      throw illegalArgument(
        `index template [${name}] has index patterns [${template.index_patterns.join(', ')}] matching patterns from existing templates [${other}] with patterns (${other} => [${patterns.join(', ')}]) that have the same priority [${priority}], multiple index templates may not match during index creation, please use a different priority`,
      )
    }
  }
}

/** Whether some name matches both patterns. */
function overlap(a: string, b: string): boolean {
  if (a === '' || b === '') return /^\**$/.test(a + b)
  if (a[0] === '*') return overlap(a.slice(1), b) || (b !== '' && overlap(a, b.slice(1)))
  if (b[0] === '*') return overlap(b, a)
  return a[0] === b[0] && overlap(a.slice(1), b.slice(1))
}
