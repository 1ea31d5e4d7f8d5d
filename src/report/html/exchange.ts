/** A check on the wire: who spoke to whom, what was bound and called, and the bytes that say so. */
import type { CheckRecord, WireExchange, WireMessage } from '../../model/run-record.ts'
import { byteLines, contextsText, endpointText, messageName, printableOf } from '../facts/wire.ts'
import { count } from '../text.ts'
import { timeOfDay } from '../time.ts'
import { type Html, html } from './html.ts'

/** Null where the check reads no network sensor. */
export function exchange({ exchange: conversations }: CheckRecord): Html | null {
  if (conversations.length === 0) return null
  return html`<h4>On the wire</h4>
${conversations.map(conversation)}`
}

function conversation({ sensor, client, server, messages, more }: WireExchange): Html {
  const ends = `${endpointText(client)} to ${endpointText(server)}`
  return html`<div class="scroll" tabindex="0" role="region" aria-label="From ${ends}"><table class="wire"><caption><b>${endpointText(client)}</b> <span aria-hidden="true">⇄</span><span class="hidden"> and </span> <b>${endpointText(server)}</b>${sensor !== null && html`, seen by ${sensor}`}</caption><thead><tr><th scope="col">Time</th><th scope="col">Client</th><th scope="col">Server</th><th scope="col">Frames</th><th scope="col">Logic</th></tr></thead><tbody>${messages.map(message)}</tbody></table></div>${more > 0 && html`<p class="note">and ${count(more, 'message')} more</p>`}
`
}

function message(one: WireMessage): Html {
  const { at, matched, frames, answer, interface: name } = one
  const offered = contextsText(one)
  return html`<tr class="${matched ? 'matched' : ''}"><td>${timeOfDay(at)}</td><td><span aria-hidden="true">→ </span><b>${messageName(one)}</b>${name !== null && html` ${name}`}${offered !== '' && html`<small>${offered}</small>`}</td><td>${answer === null ? 'no answer seen' : html`<span aria-hidden="true">← </span>${answer}`}</td><td>${frames.length === 0 ? '–' : frames.join(', ')}</td><td>${matched ? 'matches' : 'no match'}</td></tr>
${matched && one.marks.length > 0 && html`<tr class="bytes"><td></td><td colspan="4">${bytes(one)}</td></tr>\n`}`
}

/** The lines of bytes that hold a mark, and what each mark says. */
function bytes(one: WireMessage): Html {
  const said = one.marks.map((mark) => {
    const text = printableOf(one, mark)
    return html`<li>offset ${mark.offset}: ${mark.what}${text !== '' && html`, printable <code>${text}</code>`}</li>`
  })
  return html`<pre>${byteLines(one).map(
    ({ offset, bytes: shown, gap }) =>
      html`${gap && offset > 0 && '…\n'}<span class="offset">${offset.toString(16).padStart(4, '0')}</span>  ${shown.map(({ hex, marked }) => html`${marked ? html`<mark>${hex}</mark>` : hex} `)}${'   '.repeat(16 - shown.length)} ${shown.map(({ character, marked }) => (marked ? html`<mark>${character ?? '·'}</mark>` : (character ?? '·')))}\n`,
  )}</pre><ul class="ids">${said}</ul>`
}
