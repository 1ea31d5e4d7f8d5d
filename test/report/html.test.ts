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

  it('shows the exchange of a wire check: who spoke to whom, what was offered and called, and the bytes that say so', () => {
    assert.match(page, /<b>192\.0\.2\.10:56588<\/b>.*<b>192\.0\.2\.20:49671<\/b>, seen by tap1/)
    assert.match(
      page,
      /<b>bind<\/b> ITaskSchedulerService<small>context 0 NDR32 accepted, 1 NDR64 rejected, 2 features<\/small>/,
    )
    assert.match(page, /<b>SchRpcRegisterTask \(1\)<\/b>.*failure 0x00000005/)
    assert.match(page, /<span class="offset">0020<\/span> {2}<mark>49<\/mark> <mark>59<\/mark>/)
    assert.match(page, /offset 76: ITaskSchedulerService, context 1, printable <code>IYD@\$621<\/code>/)
    assert.match(page, /and 1,200 messages more/)
    assert.match(page, /<b>\[2001:db8::10\]:56587<\/b>/)
    assert.match(page, /captures\/tap1\/remote-tasks\/create\.pcap, 14,220 bytes, 15 messages, SHA-256 2c26b4/)
    assert.match(page, /tap1 -12\.5 ms \(± 0\.4 ms\)/)
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
