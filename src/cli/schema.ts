/** `tocsin schema`: JSON Schemas, so that editors complete users' files and programs can check run records. */
import type { Command } from 'commander'
import { DOCUMENT_KINDS, type DocumentKind, jsonSchemaOf } from '../files/kinds.ts'
import { mendUnknown } from '../files/suggest.ts'
import { type Io, UsageError } from './io.ts'

export function register(program: Command, io: Io): void {
  program
    .command('schema')
    .summary('JSON Schemas of the files')
    .description(
      `Prints the JSON Schema of a kind of file: ${DOCUMENT_KINDS.join(', ')}. Without KIND, an object with all of them.`,
    )
    .argument('[KIND]', 'which one')
    .addHelpText('after', '\nExample:\n  tocsin schema scenario > scenario.schema.json\n')
    .action((kind?: string) => {
      io.stdout.write(`${JSON.stringify(schemas(kind), null, 2)}\n`)
    })
}

function schemas(kind: string | undefined): Record<string, unknown> {
  if (kind === undefined) return Object.fromEntries(DOCUMENT_KINDS.map((name) => [name, jsonSchemaOf(name)]))
  if ((DOCUMENT_KINDS as readonly string[]).includes(kind)) return jsonSchemaOf(kind as DocumentKind)
  throw new UsageError(`there is no schema '${kind}'\n${mendUnknown(kind, DOCUMENT_KINDS, 'schemas')}`)
}
