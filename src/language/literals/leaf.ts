/** What one comparison of a field needs of the raw record. */
import { allNeeds, anyNeeds, type Needs, NOTHING, type Origin, type OriginsOf } from '../../model/needs.ts'
import { condition } from '../predicate/evaluate.ts'
import { type Expression, type Field, fieldsOf, type Value } from '../predicate/expression.ts'
import { isText } from '../predicate/field-types.ts'

/** Functions that hold only where their first argument has the second in it. */
const PART_FUNCTIONS = new Set(['startsWith', 'endsWith', 'stringContains'])

/** What is needed so that a leaf, an expression without and, or, not on top, is true; or false. */
export function leafNeeds(leaf: Expression, truth: boolean, originsOf: OriginsOf): Needs {
  if (leaf.kind === 'missing') return truth ? NOTHING : fieldNeeds(leaf, leaf.value, originsOf, present)
  if (!truth) return NOTHING
  switch (leaf.kind) {
    case 'compare': {
      const { right } = leaf
      const wanted = leaf.operator === '==' && right.kind === 'literal' ? equalTo(right.value) : present
      return fieldNeeds(leaf, leaf.left, originsOf, wanted)
    }
    case 'member':
      return anyNeeds(
        leaf.items.map((item) =>
          fieldNeeds(leaf, leaf.value, originsOf, item.kind === 'literal' ? equalTo(item.value) : present),
        ),
      )
    case 'like':
      return anyNeeds(
        leaf.patterns.map((pattern) => {
          const parts = leaf.form === 'wildcard' ? partsOf(pattern) : []
          const wanted = parts.length === 0 ? [present] : parts.map(holding)
          return allNeeds(wanted.map((one) => fieldNeeds(leaf, leaf.value, originsOf, one)))
        }),
      )
    case 'call': {
      const [text, part] = leaf.arguments
      if (!PART_FUNCTIONS.has(leaf.name) || text === undefined || part?.kind !== 'literal') return NOTHING
      return fieldNeeds(leaf, text, originsOf, holding(String(part.value)))
    }
    default:
      return NOTHING
  }
}

/** The text that the raw field has in it where the leaf holds; empty when no more is known than that it is there. */
type Wanted = (field: Field, origin: Origin) => string

const present: Wanted = () => ''

const equalTo =
  (value: Value): Wanted =>
  (field, { kind }) => {
    if (kind !== 'number') return typeof value === 'string' && isSpelled(field) ? spelled(value, kind) : ''
    // A record may write zeros before the digits.
    return Number.isSafeInteger(Number(value)) ? String(Math.abs(Number(value))) : ''
  }

const holding =
  (part: string): Wanted =>
  (field, { kind }) => {
    if (kind === 'number') return longest(part.split(/\D+/))
    return isSpelled(field) ? spelled(part, kind) : ''
  }

/** What of a text the record certainly has. */
const spelled = (text: string, kind: Origin['kind']) => (kind === 'guid' ? longest(text.split(/[{}]/)) : text)

/** Whether values of the field are compared as they are spelled. */
const isSpelled = ({ type }: Field) => isText(type) || type === 'unknown'

/** What one of a field's origins must be like. A value that is a translation is tried out, word for word. */
function fieldNeeds(leaf: Expression, side: Expression, originsOf: OriginsOf, wanted: Wanted): Needs {
  if (side.kind !== 'field' || side.nullValue !== undefined) return NOTHING
  const origins = originsOf(side.path)
  if (origins === null) return NOTHING
  const readsOthers = fieldsOf(leaf).some(({ path }) => path !== side.path)
  return anyNeeds(
    origins.map((origin): Needs => {
      if (origin.kind === 'constant') return NOTHING
      if (origin.kind !== 'words') return literal(origin.fields, wanted(side, origin))
      if (readsOthers || leaf.kind === 'missing') return literal(origin.fields, '')
      const test = condition(leaf)
      const words = Object.entries(origin.words).filter(([, value]) => test({ [side.path]: value }) === true)
      return anyNeeds(words.map(([word]) => literal(origin.fields, word)))
    }),
  )
}

/** Shorter texts are in most values. */
const SHORTEST = 3

/** The texts between the wildcards of a pattern, the longest first, which seldom stands anywhere; short ones only where there is no other. */
function partsOf(pattern: string): string[] {
  const parts = pattern.split(/[*?]+/).filter((part) => part !== '')
  parts.sort((a, b) => b.length - a.length)
  return parts.filter((part, at) => at === 0 || part.length >= SHORTEST)
}

const longest = (parts: readonly string[]) =>
  parts.reduce((found, part) => (part.length > found.length ? part : found), '')

/** Some letters beyond ASCII are the same as one in it when case does not count: they are not looked for. */
const literal = (fields: readonly string[], text: string): Needs => ({
  kind: 'literal',
  fields,
  text: longest(text.toLowerCase().split(/[^\x20-\x7e]+/)),
})
