/** Windows PowerShell's grammar, to see that a text is PowerShell at all. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { Language, type Node, Parser } from 'web-tree-sitter'

const resolve = createRequire(import.meta.url).resolve

/** Gives what a text has that the grammar does not know: one line an error. */
export async function grammarChecker(): Promise<(text: string) => string[]> {
  await Parser.init()
  const wasm = resolve('tree-sitter-powershell/tree-sitter-powershell.wasm')
  const parser = new Parser()
  parser.setLanguage(await Language.load(await readFile(wasm)))
  return (text) => {
    const tree = parser.parse(text)!
    try {
      return tree.rootNode.hasError ? errorsIn(tree.rootNode) : []
    } finally {
      tree.delete()
    }
  }
}

function errorsIn(node: Node): string[] {
  if (node.isError || node.isMissing)
    return [`line ${node.startPosition.row + 1}: ${node.isMissing ? 'missing ' : ''}${node.text.slice(0, 60)}`]
  return node.children.flatMap((child) => (child === null ? [] : errorsIn(child)))
}
