/** One HTML file that needs nothing else: no script, no font, no picture from outside. */
import type { RunRecord } from '../../model/run-record.ts'
import { labNotice } from '../facts/headline.ts'
import { detections } from './detections.ts'
import { documents } from './documents.ts'
import { cleanUp, inconclusive, unexpected } from './findings.ts'
import { gaps } from './gaps.ts'
import { head } from './head.ts'
import { heatMap } from './heat-map.ts'
import { type Html, html, Html as Trusted } from './html.ts'
import { latency } from './latency.ts'
import { runFacts } from './run-facts.ts'
import { STYLE } from './style.ts'
import { techniques } from './techniques.ts'
import { tests } from './tests.ts'
import { section } from './words.ts'

/** A section of the page; null when the record has nothing for it. */
interface Part {
  id: string
  title: string
  content: Html | null
}

export function renderHtml(record: RunRecord): string {
  const parts: Part[] = [
    { id: 'unexpected', title: 'Unexpected', content: unexpected(record) },
    { id: 'inconclusive', title: 'Inconclusive', content: inconclusive(record) },
    { id: 'clean-up', title: 'Clean-up that needs a look', content: cleanUp(record) },
    { id: 'detections', title: 'Detections', content: detections(record) },
    { id: 'heat-map', title: 'Tests × analytics', content: heatMap(record) },
    { id: 'attack', title: 'ATT&CK techniques', content: techniques(record) },
    { id: 'gaps', title: 'Known gaps', content: gaps(record) },
    { id: 'documents', title: 'Defects of the documents themselves', content: documents(record) },
    { id: 'latency', title: 'Latency', content: latency(record) },
    { id: 'tests', title: 'Tests and traces', content: tests(record) },
    { id: 'run', title: 'Run', content: runFacts(record) },
  ]
  const shown = parts.filter((part): part is Part & { content: Html } => part.content !== null)
  const notice = labNotice(record)
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Tocsin: run ${record.id}</title>
<style>
${new Trusted(STYLE)}
</style>
</head>
<body>
<header>
${notice && html`<div class="notice"><p><b>${notice.word} LAB</b> ${notice.text}</p></div>\n`}<div class="page" style="padding-bottom:0">
${head(record)}
<nav aria-label="Contents"><ul>${shown.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
</div>
</header>
<main class="page">
${shown.map(({ id, title, content }) => section(id, title, content))}</main>
<footer class="page">Made by Tocsin ${record.tool.version} from <code>run.json</code>. Times are lab time, in UTC.</footer>
</body>
</html>
`
  return page.text
}
