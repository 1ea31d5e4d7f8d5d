/** A run in words: what was tested, what holds, what does not. */
import type { RunRecord } from '../../model/run-record.ts'
import { count, listed } from '../text.ts'
import { type AnalyticTally, tallyAnalytics } from './analytics.ts'

export interface Headline {
  /** One sentence that can stand alone. */
  title: string
  /** What was tested, and how much of it came out as stated. */
  detail: string
  /** Titles of the analytics with something unexpected. */
  broken: string[]
}

export function headlineOf(record: RunRecord): Headline {
  const tallies = tallyAnalytics(record).filter(({ checks }) => checks > 0)
  const broken = tallies.filter(({ outcomes }) => outcomes.unexpected > 0)
  const unclear = tallies.filter(({ outcomes }) => outcomes.unexpected === 0 && outcomes.inconclusive > 0)
  return {
    title: titleOf(tallies, broken.length, unclear.length),
    detail: detailOf(record),
    broken: broken.map(({ title }) => title),
  }
}

function titleOf(tallies: readonly AnalyticTally[], broken: number, unclear: number): string {
  const { length } = tallies
  if (length === 0) return 'Nothing was checked'
  if (length === 1 && broken === 1) return 'The detection does not hold'
  if (length === 1 && unclear === 1) return 'The detection could not be judged in full'
  const holding = length - broken - unclear
  const parts = [
    `${holding} of ${count(length, 'detection')} ${holding === 1 ? 'holds' : 'hold'}`,
    ...(broken > 0 ? [`${broken} ${broken === 1 ? 'does' : 'do'} not`] : []),
    ...(unclear > 0 ? [`${unclear} could not be judged in full`] : []),
  ]
  if (parts.length > 1) return parts.join(', ')
  const gaps = tallies.some(({ outcomes }) => outcomes['known-gap'] > 0) ? ', known gaps apart' : ''
  return `${length === 1 ? 'The detection holds' : `All ${length} detections hold`}${gaps}`
}

/** More techniques than this are counted, not named. */
const TECHNIQUES_NAMED = 3

function detailOf(record: RunRecord): string {
  const { tests, checks, outcomes } = record.summary
  const techniques = [...new Set(record.tests.flatMap(({ attack }) => attack))].sort()
  const subject =
    techniques.length === 0
      ? ''
      : techniques.length > TECHNIQUES_NAMED
        ? ` of ${techniques.length} ATT&CK techniques`
        : ` of ${listed(techniques.map((id) => named(record, id)))}`
  const hosts = new Set(record.tests.flatMap((test) => Object.values(test.hosts))).size
  const kind = record.lab.kind === 'real' ? 'host' : `${record.lab.kind} host`
  const result = outcomes.expected === checks ? 'All' : outcomes.expected.toLocaleString('en-GB')
  return `${count(tests, 'test')}${subject} on ${count(hosts, kind)} gave ${count(checks, 'check')}. ${result} came out as the tests state.`
}

/** `Scheduled Task (T1053.005)`, or the bare id where no analytic names it. */
function named(record: RunRecord, id: string): string {
  const mapping = record.analytics.flatMap(({ attack }) => attack).find((found) => found.technique === id && found.name)
  return mapping?.name ? `${mapping.name} (${id})` : id
}

/** What must be known of the lab before anybody trusts the result; null for a real lab. */
export function labNotice({ lab }: RunRecord): { word: string; text: string } | null {
  if (lab.kind === 'emulated') {
    return {
      word: 'EMULATED',
      text: 'Hosts and sensors of this lab are emulated. The run proves rules, pipeline and expectations against each other; it does not prove what real hosts record.',
    }
  }
  if (lab.kind === 'recorded') {
    return {
      word: 'RECORDED',
      text: 'The telemetry of this run was recorded earlier. The run proves the logic; it does not prove that sensors and pipeline work today.',
    }
  }
  return null
}
