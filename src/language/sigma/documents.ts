/** YAML text → documents, in time and depth that a hostile text cannot drive up. */
import type { Document, Node } from 'yaml'
import { yaml } from './yaml-package.ts'

/** Lists and maps inside each other; the rules of SigmaHQ have no more than eight. */
const DEEPEST = 64

/** Words, signs and line ends; the longest rule of SigmaHQ has 22,307. */
const MOST_LEXEMES = 100_000

/** A mistake in a text, at an offset. */
export interface Mistake {
  offset: number
  message: string
}

/**
 * The documents of a text with the mistakes in them. Too deep or too long a text has no documents and one mistake: the parser calls
 * itself for each list inside another. Places and repeated keys are not asked of the package, which looks at everything
 * before for each of them.
 */
export function yamlDocuments(text: string): { documents: Document[]; mistakes: Mistake[] } {
  const { Composer, Lexer, Parser } = yaml()
  const parser = new Parser()
  const tokens = []
  let lexemes = 0
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme))
    if (++lexemes > MOST_LEXEMES) return { documents: [], mistakes: [{ offset: parser.offset, message: TOO_MANY }] }
    if (parser.stack.length > DEEPEST) {
      return { documents: [], mistakes: [{ offset: parser.offset, message: TOO_DEEP }] }
    }
  }
  tokens.push(...parser.end())
  const composer = new Composer({ logLevel: 'silent', prettyErrors: false, uniqueKeys: false })
  const documents = [...composer.compose(tokens)] as Document[]
  const mistakes = documents.flatMap(({ errors }) => errors.map(({ pos: [offset], message }) => ({ offset, message })))
  return { documents, mistakes: [...mistakes, ...documents.flatMap(({ contents }) => repeatedKeys(contents))] }
}

const TOO_MANY = `more than ${MOST_LEXEMES} words and signs, which no rule has`
const TOO_DEEP = `more than ${DEEPEST} lists and maps inside each other, which no rule has`

function repeatedKeys(node: unknown): Mistake[] {
  const { isMap, isScalar, isSeq } = yaml()
  if (isSeq(node)) return node.items.flatMap(repeatedKeys)
  if (!isMap(node)) return []
  const seen = new Set<unknown>()
  return node.items.flatMap(({ key, value }) => {
    const name = isScalar(key) ? key.value : key
    const again = seen.has(name)
    seen.add(name)
    return [...(again ? [{ offset: startOf(key), message: 'Map keys must be unique' }] : []), ...repeatedKeys(value)]
  })
}

const startOf = (node: unknown) => (yaml().isNode(node) ? ((node as Node).range?.[0] ?? 0) : 0)
