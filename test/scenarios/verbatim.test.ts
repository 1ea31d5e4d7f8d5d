import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from '../../src/model/scenario.ts'
import { type Shipped, shipped } from './shipped.ts'

/** What marks a document among the seeds, and which template stands for which of its placeholders. */
const DOCUMENTS: Record<string, { heading: string; placeholders: Record<string, string> }> = {
  'CAR-2013-08-001': { heading: 'title: "CAR-2013-08-001: Execution with schtasks"', placeholders: {} },
  'CAR-2015-04-002': { heading: 'title: "CAR-2015-04-002: Remotely Scheduled Tasks via Schtasks"', placeholders: {} },
  'remote-scheduled-task-creation': {
    heading: '# Remote Scheduled Task Creation',
    placeholders: {
      '<RemoteHost>': '{{target.name}}',
      '<Domain\\User>': '{{target.domain}}\\{{target.user}}',
      '<Password>': '{{target.password}}',
    },
  },
}

/** Languages whose queries name what is in a message, and add the ports that the pseudocode asks for. */
const VIEWS = ['decoded', 'raw', 'printable']

/** The code blocks of a Markdown text, each without the indentation of the list it stands in. */
function codeBlocks(markdown: string): string[] {
  return [...markdown.matchAll(/^( *)```\w*\n([\s\S]*?)^ *```/gm)].map(([, indent, body]) =>
    body!.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  )
}

describe('texts taken from documents', () => {
  let suite: Shipped
  let textOf: (document: string) => string
  const blocksOf = (document: string) => codeBlocks(textOf(document))

  before(async function () {
    const shared = process.env.TOCSIN_SHARED
    if (!shared) {
      process.stderr.write('      TOCSIN_SHARED is not set: the documents are not there to compare with\n')
      return this.skip()
    }
    suite = await shipped()
    const folder = join(shared, 'seeds')
    const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
    textOf = (document) => {
      const text = texts.find((candidate) => candidate.includes(DOCUMENTS[document]!.heading))
      assert.ok(text, `${document} is not among the seeds`)
      return text
    }
  })

  it('are its commands byte for byte, placeholders apart, in every verbatim test', () => {
    const verbatim = [...suite.tests].filter(([, { provenance }]) => provenance.kind === 'verbatim')
    assert.ok(verbatim.length >= 2)
    for (const [id, test] of verbatim) {
      const { document } = test.provenance
      const filled = blocksOf(document).map((block) => fill(block, DOCUMENTS[document]!.placeholders))
      const documented = documentedCommands(test)
      const found = filled.some((block) => block === `${documented.join('\n')}\n`)
      assert.ok(found, `${id}: no code block of ${document} is\n${documented.join('\n')}`)
    }
  })

  const sourced = () =>
    [...suite.analytics.values()].flatMap(({ id, implementations }) =>
      implementations
        .filter(({ source }) => source !== undefined)
        .map(({ language, query }) => ({ id, query, isView: VIEWS.includes(language) })),
    )

  it('are its queries byte for byte, in every implementation that names its source', () => {
    const queries = sourced().filter(({ isView }) => !isView)
    assert.equal(queries.length, 5)
    for (const { id, query } of queries) {
      const found = blocksOf(id).some((block) => block.trimEnd() === query.trimEnd())
      assert.ok(found, `${id}: no code block of the document is\n${query}`)
    }
  })

  it('are what it says to look for, in every view of a sensor that names its source', () => {
    const views = sourced().filter(({ isView }) => isView)
    assert.equal(views.length, VIEWS.length)
    for (const { id, query } of views) {
      const [wanted] = query.split(/\s+where\s/)
      const text = wanted!.replace(/^"(.*)"$/, '$1')
      assert.ok(textOf(id).includes(`\`${text}\``), `${id}: the document does not have\n${text}`)
    }
  })
})

const fill = (text: string, placeholders: Record<string, string>) =>
  Object.entries(placeholders).reduce((filled, [from, to]) => filled.replaceAll(from, to), text)

/**
 * The commands that stand in the document: the test's own, and its clean-up where the document has one too. Where it has
 * none the clean-up is ours.
 */
function documentedCommands({ steps, cleanup, provenance }: Test): string[] {
  const hasCleanUp = provenance.document === 'CAR-2013-08-001'
  return [...steps, ...(hasCleanUp ? cleanup : [])].flatMap((step) => ('run' in step ? [step.run] : []))
}
