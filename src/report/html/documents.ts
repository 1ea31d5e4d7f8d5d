/** Documents that promise what does not happen: the tests are right, the documents are not. */
import type { RunRecord } from '../../model/run-record.ts'
import { documentDefects } from '../facts/checks.ts'
import { type Html, html } from './html.ts'

export function documents(record: RunRecord): Html | null {
  const defects = documentDefects(record)
  if (defects.length === 0) return null
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Defects of documents"><table><thead><tr><th scope="col">Document</th><th scope="col">What it says wrongly</th><th scope="col">Shown by</th></tr></thead><tbody>${defects.map(
    ({ document, test, text, tests }) =>
      html`<tr><th scope="row">${document}<small>${test}</small></th><td>${text}</td><td>${tests.join(', ')}</td></tr>\n`,
  )}</tbody></table></div>`
}
