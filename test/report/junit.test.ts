import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { XMLParser } from 'fast-xml-parser'
import { validateXML } from 'xmllint-wasm'
import { renderJunit } from '../../src/report/junit.ts'
import { home } from '../cli/tocsin.ts'
import { largeRecord } from './large-record.ts'
import { NASTY, sampleRecord } from './sample-record.ts'

const schema = readFileSync(join(home, 'test', 'report', 'junit.xsd'), 'utf8')

const validate = async (xml: string) => {
  const { errors } = await validateXML({ xml: [{ fileName: 'junit.xml', contents: xml }], schema: [schema] })
  return errors.map(({ message }) => message)
}

interface Case {
  '@classname': string
  '@name': string
  failure?: { '@message': string; '@type': string }
  error?: { '@message': string }
  skipped?: { '@message': string }
  'system-out': string
}

interface Suite {
  '@name': string
  '@tests': string
  '@failures': string
  '@errors': string
  '@skipped': string
  testcase: Case[]
}

function parse(xml: string): Suite[] {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    isArray: (name) => name === 'testcase' || name === 'testsuite',
    htmlEntities: true,
  })
  return parser.parse(xml).testsuites.testsuite
}

describe('JUnit report', () => {
  it('is valid under the schema, with texts that would break XML', async () => {
    assert.deepEqual(await validate(renderJunit(sampleRecord)), [])
  })

  it('is valid for a large run', async () => {
    assert.deepEqual(await validate(renderJunit(largeRecord(100))), [])
  })

  it('would be refused by the schema without its escapes', async () => {
    const broken = renderJunit(sampleRecord).replace('&lt;script', '<script')
    assert.notDeepEqual(await validate(broken), [])
  })

  it('has one case a check, with the outcomes of the record', () => {
    const suites = parse(renderJunit(sampleRecord))
    const cases = suites.flatMap(({ testcase }) => testcase)
    const { outcomes, checks } = sampleRecord.summary
    assert.equal(cases.length, checks)
    assert.equal(cases.filter(({ failure }) => failure).length, outcomes.unexpected)
    assert.equal(cases.filter(({ error }) => error).length, outcomes.inconclusive)
    assert.equal(cases.filter(({ skipped }) => skipped).length, outcomes['known-gap'])
    const total = (key: '@tests' | '@failures' | '@errors' | '@skipped') =>
      suites.reduce((sum, suite) => sum + Number(suite[key]), 0)
    assert.deepEqual(
      [total('@tests'), total('@failures'), total('@errors'), total('@skipped')],
      [checks, outcomes.unexpected, outcomes.inconclusive, outcomes['known-gap']],
    )
  })

  it('names a case by scenario, test and analytic, and gives stage and cause', () => {
    const found = parse(renderJunit(sampleRecord))
      .flatMap(({ testcase }) => testcase)
      .find((each) => each['@classname'] === 'remote-tasks.create' && each['@name'] === 'CAR-2015-04-002')
    assert.equal(found?.failure?.['@type'], 'rule')
    assert.equal(found?.failure?.['@message'], 'The rule car-2015-04-002 is disabled.')
    assert.match(found?.['system-out'] ?? '', /matched: yes, in kuery\nalerted: BROKEN/)
  })

  it('draws control characters instead of writing them', () => {
    const xml = renderJunit(sampleRecord)
    assert.ok(NASTY.includes('\u001B'))
    assert.doesNotMatch(xml, /[^\P{Cc}\n]|[\p{Cf}\p{Cs}]/u)
    assert.match(xml, /␛\[31mred/)
  })
})
