import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { parse } from 'yaml'
import { home, tocsin } from './tocsin.ts'

/** What the schema of a kind says against a value. */
async function checkerOf(kind: string): Promise<(value: unknown) => string[]> {
  const { code, stdout } = await tocsin(['schema', kind])
  assert.equal(code, 0)
  const ajv = addFormats.default(new Ajv2020.default({ strict: false, allErrors: true }))
  const validate = ajv.compile(JSON.parse(stdout))
  return (value) => {
    validate(value)
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
  }
}

const shipped = (folder: string) =>
  readdirSync(join(home, folder))
    .filter((name) => name.endsWith('.yml'))
    .map((name) => parse(readFileSync(join(home, folder, name), 'utf8')) as Record<string, unknown>)

describe('tocsin schema', () => {
  it('takes every shipped analytic and scenario, and refuses an unknown key', async () => {
    const faults = { analytic: await checkerOf('analytic'), scenario: await checkerOf('scenario') }
    for (const analytic of shipped('scenarios/analytics')) assert.deepEqual(faults.analytic(analytic), [])
    for (const scenario of shipped('scenarios')) assert.deepEqual(faults.scenario(scenario), [])
    const [first] = shipped('scenarios/analytics')
    assert.deepEqual(faults.analytic({ ...first, titel: 'x' }), [' must NOT have additional properties'])
  })

  it('has a schema for labs, authorizations, run records and recordings', async () => {
    assert.deepEqual((await checkerOf('lab'))({ hosts: { ws1: { role: 'source' } } }), [])
    assert.equal((await checkerOf('authorization'))({}).length, 5)
    for (const kind of ['run-record', 'recording']) {
      assert.ok((await checkerOf(kind))({ format: 'other' }).some((fault) => fault.startsWith('/format')))
    }
  })

  it('prints all of them without a kind', async () => {
    const { stdout } = await tocsin(['schema'])
    assert.deepEqual(Object.keys(JSON.parse(stdout)), [
      'scenario',
      'analytic',
      'lab',
      'authorization',
      'run-record',
      'recording',
    ])
  })

  it('helps with a misspelled kind', async () => {
    const { code, stderr } = await tocsin(['schema', 'scenari'])
    assert.equal(code, 2)
    assert.equal(stderr, "there is no schema 'scenari'\ndid you mean 'scenario'?\n")
  })

  it('is what lies in docs/schemas for editors', async () => {
    const { stdout } = await tocsin(['schema'])
    for (const [kind, schema] of Object.entries(JSON.parse(stdout) as Record<string, unknown>)) {
      const text = readFileSync(join(home, `docs/schemas/${kind}.json`), 'utf8')
      assert.deepEqual(JSON.parse(text), schema, `mend with: tocsin schema ${kind} > docs/schemas/${kind}.json`)
    }
  })
})
