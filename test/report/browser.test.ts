/** The page as a browser and a screen reader meet it. Needs a Chromium; where there is none it is skipped, but never in CI. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import type { RunRecord } from '../../src/model/run-record.ts'
import { renderHtml } from '../../src/report/html/page.ts'
import { largeRecord } from './large-record.ts'
import { sampleRecord } from './sample-record.ts'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

const executable = [
  process.env.CHROMIUM ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== '' && existsSync(path))

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

interface Finding {
  id: string
  impact: string
  nodes: { html: string }[]
}

const title = `HTML report in a browser${executable === undefined ? ' (skipped: no Chromium; CHROMIUM names one)' : ''}`

describe(title, function () {
  this.timeout(60_000)
  let browser: Browser
  const trouble: string[] = []

  before(async function () {
    if (executable === undefined) {
      if (process.env.CI === 'true') throw new Error('CI needs a Chromium: install the package chromium')
      this.skip()
    }
    browser = await chromium.launch({ executablePath: executable!, args: ARGUMENTS })
  })

  after(async () => {
    await browser?.close()
  })

  async function open(record: RunRecord, width: number, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true })
    page.on('console', (message) => trouble.push(message.text()))
    page.on('pageerror', (error) => trouble.push(error.message))
    page.on('request', (request) => {
      if (!request.url().startsWith('about:')) trouble.push(`asked for ${request.url()}`)
    })
    await page.setContent(renderHtml(record))
    return page
  }

  // Both widths and both schemes; what differs by their product is nothing that axe looks at.
  for (const [width, scheme] of [
    [1280, 'light'],
    [390, 'dark'],
  ] as const) {
    it(`has no serious finding of axe at ${width} px, ${scheme}`, async () => {
      const page = await open(sampleRecord, width, scheme)
      await page.evaluate('for (const fold of document.querySelectorAll("details")) fold.open = true')
      await page.addScriptTag({ path: AXE })
      const { violations } = await page.evaluate<{ violations: Finding[] }>('axe.run()')
      const findings = violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html)}`)
      assert.deepEqual(findings, [])
      await page.close()
    })
  }

  it('never scrolls sideways as a whole', async () => {
    for (const record of [sampleRecord, largeRecord(45)]) {
      for (const width of [390, 768, 1280]) {
        const page = await open(record, width)
        assert.ok((await page.evaluate<number>('document.documentElement.scrollWidth')) <= width, `${width} px`)
        await page.close()
      }
    }
  })

  it('opens the folds that a link of the heat map points into', async () => {
    const page = await open(sampleRecord, 1280)
    await page.click('.map a[href="#t3c3"]')
    await page.locator('#t3c3').waitFor({ state: 'visible', timeout: 5_000 })
    await page.close()
  })

  it('keeps the heads of the heat map in sight', async () => {
    const page = await open(largeRecord(45), 1280)
    await page.evaluate('document.querySelector(".map tbody:last-of-type").scrollIntoView()')
    const top = await page.evaluate<number>('document.querySelector(".map thead th").getBoundingClientRect().top')
    assert.ok(top >= 0 && top < 100, `the head is at ${top}`)
    await page.close()
  })

  it('asks for nothing and has nothing in its console', () => {
    assert.deepEqual(trouble, [])
  })
})
