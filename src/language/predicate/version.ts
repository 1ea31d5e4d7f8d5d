/** Versions as Elasticsearch's `version` type orders them: semantic versioning, anything else after all of those. */

const SEMANTIC = /^(\d+(?:\.\d+)*)(?:-([0-9A-Za-z.-]+))?(?:\+([0-9A-Za-z.-]+))?$/

/** A text whose order is the order of the versions, and which is equal only for equal versions. */
export function sortableVersion(text: string): string {
  const found = SEMANTIC.exec(text)
  if (found === null) return `~${text}`
  const [, numbers = '', pre, build = ''] = found
  const release = numbers.split('.').map(sortableNumber).join('.')
  const before =
    pre === undefined
      ? '~'
      : pre
          .split('.')
          .map((part) => (/^\d+$/.test(part) ? `0${sortableNumber(part)}` : `1${part}`))
          .join('!')
  return `${release}\u0001${before}\u0000${build}`
}

/** Digits with their count in front, so that order as text is order as number. */
function sortableNumber(digits: string): string {
  const short = digits.replace(/^0+(?=\d)/, '')
  return `${String.fromCharCode(0x30 + short.length)}${short}`
}
