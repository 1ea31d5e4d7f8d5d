import assert from 'node:assert/strict'
import { html } from '../../src/report/html/html.ts'
import { renderHtml } from '../../src/report/html/page.ts'
import { largeRecord } from './large-record.ts'
import { sampleRecord } from './sample-record.ts'

describe('HTML report', () => {
  const page = renderHtml(sampleRecord)

  it('has no script and nothing from outside', () => {
    assert.doesNotMatch(page, /<(script|link|img|iframe|object|embed|base|form)\b/i)
    assert.doesNotMatch(page, /\b(src|srcset|action)=|url\(|@import/i)
    assert.doesNotMatch(page, /<[^>]+\son[a-z]+=/i)
  })

  it('gives every id once, and every link inside the page a place to go', () => {
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id!)
    assert.equal(new Set(ids).size, ids.length)
    const targets = [...page.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id!)
    assert.ok(targets.length > 20)
    assert.deepEqual(
      targets.filter((target) => !ids.includes(target)),
      [],
    )
  })

  it('draws control characters and direction overrides instead of writing them', () => {
    assert.doesNotMatch(page, /[^\P{Cc}\n\t]|[\p{Cf}\p{Cs}]/u)
    assert.match(page, /‹U\+202E›gnp\.exe/)
  })

  it('links a technique only where its id is one', () => {
    assert.match(page, /href="https:\/\/attack\.mitre\.org\/techniques\/T1053\/005\/"/)
    assert.match(page, /not-a-technique&quot;&gt;&lt;b&gt;/)
  })

  it('says which lab it was', () => {
    assert.match(page, /EMULATED LAB/)
    const real = renderHtml({ ...sampleRecord, lab: { name: 'hall', kind: 'real', timeScale: 1 } })
    assert.doesNotMatch(real, /class="notice"/)
  })

  it('has a fold for each check and shows the explanation of the one that has it', () => {
    assert.equal(page.match(/<details class="check">/g)?.length, sampleRecord.summary.checks)
    assert.match(page, /<td><code>source\.port &gt;= 49152<\/code><\/td>/)
  })

  it('says of long output how much is left out', () => {
    assert.match(page, /and 200 characters more in <code>run\.json/)
  })

  it('grows with the run, not faster', () => {
    const small = renderHtml(largeRecord(50)).length
    const large = renderHtml(largeRecord(500)).length
    assert.ok(large < small * 11, `${small} characters for 50 tests, ${large} for 500`)
  })
})

describe('html template', () => {
  it('escapes every value, in text and in attributes', () => {
    const value = `<b a="1" c='2'>&`
    const escaped = '&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;'
    assert.equal(html`<p title="${value}">${value}</p>`.text, `<p title="${escaped}">${escaped}</p>`)
  })

  it('leaves what a template made as it is, and lists joined', () => {
    assert.equal(
      html`<ul>${['a', '<'].map((item) => html`<li>${item}`)}${null}${false}${0}</ul>`.text,
      '<ul><li>a<li>&lt;0</ul>',
    )
  })
})
