/** ATT&CK techniques, with what the tests of this run proved of each. */
import type { RunRecord } from '../../model/run-record.ts'
import { proofOfTechniques, TACTIC, type TechniqueProof } from '../facts/techniques.ts'
import { count } from '../text.ts'
import { share } from './detections.ts'
import { type Html, html } from './html.ts'
import { breakable, commas } from './words.ts'

export function techniques(record: RunRecord): Html | null {
  const proofs = proofOfTechniques(record)
  if (proofs.length === 0) return null
  return html`<p class="note">A mapping in a file proves nothing. Counted are tests of the technique in which a detection alerted as expected.</p>
<div class="scroll" tabindex="0" role="region" aria-label="ATT&CK techniques"><table><thead><tr><th scope="col">Technique</th><th scope="col">Tests that alerted</th><th scope="col">Proved by</th><th scope="col">Open</th></tr></thead><tbody>${proofs.map(row)}</tbody></table></div>`
}

function row(proof: TechniqueProof): Html {
  const tactics = proof.tactics.map((tactic) => TACTIC[tactic] ?? tactic).join(', ')
  return html`<tr><th scope="row">${link(proof.id)} ${proof.name}<small>${tactics}</small></th>${proof.tests === 0 ? html`<td class="zero">no test</td>` : share({ met: proof.alerted, wanted: proof.asking })}<td>${provenBy(proof)}</td><td>${open(proof)}</td></tr>\n`
}

/** The page of a technique at MITRE; an id that is none stays text. */
function link(id: string): Html {
  const found = /^(T\d{4})(?:\.(\d{3}))?$/.exec(id)
  if (!found) return html`${id}`
  return html`<a href="https://attack.mitre.org/techniques/${found[1]}/${found[2] && `${found[2]}/`}">${id}</a>`
}

function provenBy({ provenBy: proven, claimedBy, tests }: TechniqueProof): Html {
  const idle = claimedBy.filter((id) => !proven.includes(id))
  const claim = idle.length > 0 && tests > 0 ? html`<small>claimed, not shown: ${idle.join(', ')}</small>` : null
  return html`${proven.length === 0 ? html`<span class="zero">nothing</span>` : commas(proven.map(breakable))}${claim}`
}

function open({ withUnexpected, withGap, withInconclusive }: TechniqueProof): Html {
  const parts = [
    withUnexpected > 0 && html`<span class="unexpected">${count(withUnexpected, 'test')} unexpected</span>`,
    withInconclusive > 0 && html`<span class="inconclusive">${count(withInconclusive, 'test')} inconclusive</span>`,
    withGap > 0 && html`<span class="known-gap">${count(withGap, 'test')} with known gaps</span>`,
  ].filter((part) => part !== false)
  return parts.length === 0 ? html`<span class="zero">nothing</span>` : commas(parts)
}
