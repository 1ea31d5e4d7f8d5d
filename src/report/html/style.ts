/** The style sheet of the page: system fonts, one hue an outcome, light and dark, and paper. */

const LIGHT = `
  color-scheme: light;
  --paper: #fbfaf7; --raised: #ffffff; --ink: #1c1f24; --muted: #5a606b; --line: #e3dfd6; --accent: #1f5fa8;
  --expected: #1d6648; --expected-fill: #d3eade; --expected-soft: #f0f6f1;
  --unexpected: #a8261a; --unexpected-fill: #b83220; --on-unexpected: #ffffff; --unexpected-soft: #fcebe6;
  --known-gap: #765000; --known-gap-fill: #f9e7bd; --inconclusive: #58468a; --inconclusive-fill: #e6e0f4;`

const DARK = `
  color-scheme: dark;
  --paper: #15171b; --raised: #1c1f25; --ink: #e9e6df; --muted: #a6abb5; --line: #31353e; --accent: #8fbcf0;
  --expected: #86d3b0; --expected-fill: #1d4233; --expected-soft: #19231f;
  --unexpected: #ff9c88; --unexpected-fill: #e8705a; --on-unexpected: #1d0a06; --unexpected-soft: #33201c;
  --known-gap: #eac573; --known-gap-fill: #423413; --inconclusive: #bfb0ee; --inconclusive-fill: #322a4c;`

const BASE = `
*, *::before, *::after { box-sizing: border-box; }
html { font: 100%/1.55 -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", "Helvetica Neue", system-ui, sans-serif;
  -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); }
.page { max-width: 76rem; margin: 0 auto; padding: 0 clamp(1rem, 4vw, 3rem) 5rem; }
h1, h2, h3, h4 { line-height: 1.2; margin: 0; text-wrap: balance; overflow-wrap: anywhere; }
h1 { font-size: clamp(1.8rem, 1.2rem + 2.6vw, 3rem); font-weight: 650; letter-spacing: -0.022em; max-width: 28ch; }
h2 { font-size: 1.45rem; font-weight: 620; letter-spacing: -0.012em; }
h3 { font-size: 1.02rem; font-weight: 620; }
p { margin: 0; max-width: 70ch; overflow-wrap: anywhere; text-wrap: pretty; }
a { color: var(--accent); text-underline-offset: 0.18em; text-decoration-thickness: 0.06em; }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
code, pre { font: 0.86em/1.5 ui-monospace, "Cascadia Mono", "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; overflow-wrap: anywhere; }
pre { margin: 0.35rem 0 0; padding: 0.55rem 0.75rem; background: var(--paper); border: 1px solid var(--line); border-radius: 5px;
  white-space: pre-wrap; font-size: 0.8rem; }
section { margin-top: 4rem; scroll-margin-top: 1.5rem; }
section > h2 + * { margin-top: 1.1rem; }
.note { color: var(--muted); font-size: 0.93rem; }
section > h2 + .note { margin: 0.35rem 0 1.3rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.expected { color: var(--expected); } .unexpected { color: var(--unexpected); }
.known-gap { color: var(--known-gap); } .inconclusive { color: var(--inconclusive); }
.symbol { display: inline-block; width: 1.1em; text-align: center; font-weight: 700; }`

const HEAD = `
.notice { background: var(--known-gap-fill); color: var(--ink); font-size: 0.9rem; }
.notice p { max-width: 76rem; margin: 0 auto; padding: 0.6rem clamp(1rem, 4vw, 3rem); }
.notice b { letter-spacing: 0.07em; margin-right: 0.5em; color: var(--known-gap); }
.kicker { display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; justify-content: space-between; color: var(--muted); font-size: 0.9rem;
  padding: 1.4rem 0 clamp(2rem, 5vw, 3.5rem); max-width: none; }
.kicker b { color: var(--ink); font-weight: 650; letter-spacing: -0.01em; }
.lede { margin-top: 1.1rem; font-size: 1.15rem; color: var(--muted); max-width: 62ch; }
.bar { display: flex; gap: 2px; height: 0.7rem; margin-top: 2rem; border-radius: 4px; overflow: hidden; }
.bar i { min-width: 4px; }
.bar .expected { background: var(--expected); } .bar .unexpected { background: var(--unexpected-fill); }
.bar .known-gap { background: var(--known-gap); opacity: 0.75; } .bar .inconclusive { background: var(--inconclusive); opacity: 0.85; }
.counts { display: flex; flex-wrap: wrap; gap: 0.6rem 2.2rem; margin: 0.9rem 0 0; padding: 0; list-style: none; }
.counts b { font-size: 1.35rem; font-weight: 620; font-variant-numeric: tabular-nums; margin: 0 0.2rem 0 0.1rem; }
.counts span:last-child { color: var(--ink); }
nav { margin-top: 2.2rem; border-block: 1px solid var(--line); font-size: 0.92rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.2rem 1.6rem; margin: 0; padding: 0.7rem 0; list-style: none; }
nav a { color: var(--ink); text-decoration: none; } nav a:hover { text-decoration: underline; }`

const TABLES = `
.scroll { overflow-x: auto; position: relative; }
.map { position: relative; --map-names: 15rem; }
table { border-collapse: collapse; width: 100%; font-size: 0.92rem; }
th, td { text-align: left; vertical-align: top; padding: 0.6rem 1.1rem 0.6rem 0; border-bottom: 1px solid var(--line); font-weight: 400; }
thead th { color: var(--muted); font-size: 0.82rem; padding-block: 0.3rem; vertical-align: bottom; white-space: nowrap; }
tbody th { min-width: 9rem; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td small, th small { display: block; color: var(--muted); font-size: 0.84rem; overflow-wrap: anywhere; }
.zero { color: var(--muted); }
.map table { border-collapse: separate; border-spacing: 2px; font-size: 0.8rem; table-layout: fixed; min-width: calc(var(--map-names) + var(--analytics) * 5.6rem); }
.map th, .map td { border: 0; padding: 0; }
.map thead th { position: sticky; top: 0; z-index: 2; background: var(--paper); white-space: normal; overflow-wrap: anywhere; font-size: 0.75rem;
  line-height: 1.25; padding: 0.6rem 0.35rem 0.5rem; color: var(--ink); }
.map thead th:first-child { width: var(--map-names); z-index: 3; left: 0; padding-left: 0; color: var(--muted); }
.map tbody th { position: sticky; left: 0; z-index: 1; background: var(--paper); padding-right: 0.6rem; vertical-align: middle; overflow-wrap: anywhere; line-height: 1.25; }
.map tbody th a { color: var(--ink); text-decoration: none; } .map tbody th a:hover { text-decoration: underline; }
.map .group th { padding: 1rem 0 0.3rem; font-weight: 650; font-size: 0.88rem; }
.map td { height: 1.75rem; border-radius: 3px; vertical-align: middle; }
.map td a { display: block; padding: 0.3rem 0.35rem; border-radius: 3px; color: inherit; text-decoration: none; white-space: nowrap; line-height: 1.25; }
.map td a:hover { outline: 1.5px solid currentColor; }
.map td.expected { background: var(--expected-fill); }
.map td.expected.silent { background: var(--expected-soft); color: var(--muted); }
.map td.unexpected { background: var(--unexpected-fill); color: var(--on-unexpected); font-weight: 650; }
.map td.known-gap { background: var(--known-gap-fill); } .map td.inconclusive { background: var(--inconclusive-fill); }
.map td.blank { color: var(--muted); text-align: center; }
.legend { display: flex; flex-wrap: wrap; gap: 0.3rem 1.4rem; padding: 0; list-style: none; font-size: 0.88rem; color: var(--muted); margin-bottom: 0.8rem; }
.legend li { padding-left: 1.5em; text-indent: -1.5em; } .legend .symbol { text-indent: 0; margin-right: 0.1em; }
.share { display: block; width: 7rem; height: 0.4rem; margin-top: 0.35rem; background: var(--line); border-radius: 2px; overflow: hidden; }
.share i { display: block; height: 100%; background: var(--expected); }`

const TRACES = `
.finding { border-left: 3px solid var(--unexpected-fill); padding: 0.1rem 0 0.1rem 1.3rem; margin-top: 2.2rem; }
.finding .on { color: var(--muted); margin: 0.15rem 0 0; font-size: 0.95rem; }
.finding .cause { font-size: 1.08rem; margin-top: 0.9rem; }
.next { margin-top: 0.7rem; color: var(--muted); } .next b { color: var(--ink); font-weight: 620; }
.track { display: grid; grid-template-columns: repeat(4, 1fr); gap: 0; list-style: none; margin: 1.2rem 0 0; padding: 0; font-size: 0.86rem; max-width: 54rem; }
.track li { position: relative; padding: 1.5rem 1rem 0 0; color: var(--muted); }
.track li::before { content: ""; position: absolute; top: calc(0.475rem - 1px); left: 0.5rem; right: -0.5rem; border-top: 2px solid var(--line); }
.track li:last-child::before { right: auto; width: 0; }
.track li::after { content: ""; position: absolute; top: 0; left: 0; width: 0.95rem; height: 0.95rem; border-radius: 50%; border: 2px solid var(--line); background: var(--paper); }
.track .reached::before { border-color: var(--expected); } .track .reached::after { background: var(--expected); border-color: var(--expected); }
.track .broken::after { content: "✗"; background: var(--unexpected-fill); border-color: var(--unexpected-fill); color: var(--on-unexpected); font-weight: 700;
  line-height: 0.72rem; font-size: 0.66rem; text-align: center; }
.track .unknown::after { border-style: dashed; border-color: var(--inconclusive); }
.track b { display: block; color: var(--ink); font-weight: 620; } .track .broken b { color: var(--unexpected); }
.track .quiet b, .track .unknown b { color: var(--muted); font-weight: 450; }
.explanation { margin-top: 1rem; font-size: 0.86rem; max-width: 60rem; } .explanation td { padding-block: 0.35rem; }
.explanation caption { text-align: left; color: var(--muted); padding-bottom: 0.2rem; overflow-wrap: anywhere; }
.explanation .fails td { background: var(--unexpected-soft); } .explanation .fails td:first-child { box-shadow: inset 2px 0 var(--unexpected-fill); padding-left: 0.6rem; }
.wire { margin: 0.6rem 0 1.4rem; font-size: 0.86rem; max-width: 60rem; min-width: 38rem; } .wire td { padding-block: 0.35rem; }
.wire caption { text-align: left; padding-bottom: 0.2rem; color: var(--muted); } .wire caption b, .wire b { color: var(--ink); font-weight: 620; }
.wire td:first-child, .wire td:nth-child(4) { white-space: nowrap; font-variant-numeric: tabular-nums; color: var(--muted); }
.wire .matched td { background: var(--expected-soft); } .wire .matched td:first-child { box-shadow: inset 2px 0 var(--expected); padding-left: 0.6rem; }
.wire .bytes td { padding-top: 0; } .wire pre { white-space: pre; margin: 0.4rem 0 0; } .wire .offset { color: var(--muted); }
mark { background: var(--known-gap-fill); color: var(--ink); }
details { border-bottom: 1px solid var(--line); }
summary { cursor: pointer; padding: 0.55rem 0; list-style: none; display: flex; flex-wrap: wrap; gap: 0.1rem 0.9rem; align-items: baseline; }
summary::-webkit-details-marker { display: none; }
summary::before { content: "›"; color: var(--muted); width: 0.7rem; display: inline-block; flex: none; transition: transform 0.12s; }
details[open] > summary::before { transform: rotate(90deg); }
summary:hover { color: var(--accent); }
.tests h3 { margin: 2rem 0 0.4rem; }
.tests .title { flex: 1 1 20rem; overflow-wrap: anywhere; } .tests .title small { display: block; color: var(--muted); font-size: 0.84rem; }
.tests .strip { letter-spacing: 0.12em; font-weight: 700; white-space: nowrap; }
.inside { padding: 0.2rem 0 1.6rem 1.6rem; scroll-margin-top: 4.5rem; }
.inside h4 { font-size: 0.86rem; font-weight: 620; color: var(--muted); margin: 1.4rem 0 0.2rem; }
.inside .inside { padding-left: 1.6rem; }
.check summary { font-size: 0.93rem; } .check summary .word { color: var(--muted); }
.check p { margin-top: 0.5rem; font-size: 0.93rem; }
.steps { list-style: none; margin: 0; padding: 0; } .steps li { margin-top: 0.8rem; font-size: 0.86rem; }
.steps .meta { display: flex; flex-wrap: wrap; gap: 0 1.1rem; color: var(--muted); } .steps .meta b { color: var(--ink); font-weight: 620; }
.steps .output { color: var(--muted); } .steps figure { margin: 0; } .steps figcaption { color: var(--muted); font-size: 0.8rem; margin-top: 0.4rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.3rem 1.6rem; margin: 0; font-size: 0.92rem; }
dt { color: var(--muted); } dd { margin: 0; overflow-wrap: anywhere; }
.ids { list-style: none; padding: 0; margin: 0.2rem 0 0; font-size: 0.86rem; }
.reasons { list-style: none; padding: 0; } .reasons li { padding: 0.7rem 0; } .reasons li + li { border-top: 1px solid var(--line); }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--muted); font-size: 0.86rem; }`

const NARROW = `
@media (max-width: 62rem) {
  .map { overflow: auto; max-height: 85vh; }
}
@media (max-width: 40rem) {
  section { margin-top: 3rem; }
  .track { grid-template-columns: 1fr; }
  .track li { padding: 0 0 0.9rem 1.7rem; }
  .track li::before { top: 0.5rem; bottom: -0.5rem; left: 0.42rem; right: auto; border-top: 0; border-left: 2px solid var(--line); }
  .track .reached::before { border-color: var(--expected); }
  .track li:last-child::before { display: none; } .track li::after { top: 0.2rem; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: 0.6rem; }
  .inside, .inside .inside { padding-left: 0.8rem; }
  .finding { padding-left: 0.9rem; }
  .tests .strip { padding-left: 1.6rem; }
  .tests .title { flex-basis: 80%; }
  .map { --map-names: 8.5rem; }
}`

const PAPER = `
@media print {
  :root {${LIGHT.replace('#fbfaf7', '#ffffff')}
  }
  html { font-size: 9.5pt; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  .page { max-width: none; padding: 0; } nav { display: none; }
  .map, .scroll { overflow: visible; max-height: none; } .map thead th, .map tbody th { position: static; }
  .map table { min-width: 0; font-size: 7pt; } .map td a { padding: 0.15rem 0.2rem; } .map td { height: auto; }
  tr, .finding, summary { break-inside: avoid; } h2, h3 { break-after: avoid; }
  section { margin-top: 2rem; } a { color: inherit; text-decoration: none; }
}`

export const STYLE = `:root {${LIGHT}\n}
@media (prefers-color-scheme: dark) { :root {${DARK}\n} }
${[BASE, HEAD, TABLES, TRACES, NARROW, PAPER].map((part) => part.trim()).join('\n')}`
