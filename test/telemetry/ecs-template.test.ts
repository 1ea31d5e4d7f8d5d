import assert from 'node:assert/strict'
import { CHANNEL_TABLES } from '../../src/telemetry/ecs/channels.ts'
import { ecsFields, ecsIndexTemplate } from '../../src/telemetry/ecs-template.ts'

/** Rows whose value is an object, with one text of each that makes the whole object. */
const SAMPLES: Record<string, string> = {
  Image: 'C:\\a\\b.exe',
  TargetFilename: 'C:\\a\\b.txt',
  Hash: 'MD5=1,SHA1=1,SHA256=1',
  Hashes: 'MD5=1,SHA1=1,SHA256=1,IMPHASH=1',
  User: 'a\\b',
  TargetObject: 'HKLM\\a\\b',
  Details: 'Binary Data',
  QueryResults: 'type:  5 a;10.0.0.1;',
  Protocol: '6',
  SignatureStatus: 'Valid',
}

function leaves(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => leaves(item, path))
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, `${path}.${name}`))
}

describe('ECS index template', () => {
  it('maps every field that a mapping row makes', () => {
    const fields = ecsFields()
    const unmapped = CHANNEL_TABLES.flatMap(({ rows }) => rows)
      .flatMap(({ from, to, as }) => leaves(as?.(SAMPLES[from] ?? 'C:\\a\\b.c') ?? as?.('1') ?? as?.('true') ?? '', to))
      .filter((path) => !fields.has(path))
    assert.deepEqual(unmapped, [])
  })

  it('nests each field and gives it the type that comparisons need', () => {
    const { template } = ecsIndexTemplate() as { template: { mappings: { properties: Record<string, never> } } }
    const at = (path: string) =>
      path
        .split('.')
        .reduce<{ properties?: Record<string, never>; type?: string }>(
          (node, name) => node.properties![name]!,
          template.mappings,
        ).type
    for (const [path, { type }] of ecsFields()) assert.equal(at(path), type, path)
    assert.equal(at('source.ip'), 'ip')
    assert.equal(at('source.port'), 'long')
    assert.equal(at('rpc.interface'), 'keyword')
    assert.equal(at('@timestamp'), 'date')
  })

  it('is no data stream', () => {
    assert.equal('data_stream' in ecsIndexTemplate(), false)
  })
})
