/** Where the embedded SIEM may answer otherwise than Elasticsearch, and why. Anything not listed here fails the test. */

export interface Difference {
  why: string
  /** Names of requests; absent: all of them. */
  requests?: RegExp
  /** Paths within the answer, names joined by dots, that are left out of the comparison. */
  paths?: RegExp
  /** Text that is left out wherever it stands. */
  text?: RegExp
  /** The whole body is left out: only the status is compared. */
  statusOnly?: boolean
}

export const DIFFERENCES: Difference[] = [
  { why: 'how long it took', paths: /(^|\.)took$/ },
  { why: 'ids that each server makes for itself', paths: /(^|\.)(index_uuid|node|uuid|nodes)$/ },
  { why: 'the id of an index within a message', text: /(?<=\/)[\w-]{22}(?=\])/g },
  { why: 'the place within the request is not kept once it is parsed', paths: /(^|\.)(line|col)$/ },
  { why: 'the place within the request, in messages', text: /\[\d+:\d+\] | found at \[\d+:\d+\]| found$/g },
  { why: 'fields that were left out of a document are not listed with each hit', paths: /(^|\.)_ignored$/ },
  { why: 'searches are not cut short', paths: /(^|\.)terminated_early$/ },
  {
    why: 'versions of deleted documents are not kept: deleting one that is gone begins anew',
    requests: /^(doc delete again|bulk with errors)$/,
    paths: /^(items\.delete\.)?_version$/,
  },
  {
    why: 'rarity is counted for each key of a flattened field, not over all of them together',
    requests: /^query term flattened/,
    paths: /(^|\.)(_score|sort)$/,
  },
  {
    why: 'rarity of a prefix is not that of the terms it stands for',
    requests: /^query match_phrase_prefix$/,
    paths: /(^|\.)(_score|sort)$/,
  },
  { why: 'nothing here embeds text in vectors', paths: /\.inference$/ },
  { why: 'what is no JSON is told in the words of another parser', requests: /^malformed json$/, statusOnly: true },
]
