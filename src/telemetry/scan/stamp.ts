/** Times in the form that nearly all records write, read from their bytes. */

const DAY_MS = 86_400_000

/** Days before the first of each month in a year that is no leap year. */
const DAYS_BEFORE = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
const DAYS_IN = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/**
 * Milliseconds since 1970 of `YYYY-MM-DD[T ]hh:mm:ss[.fraction][Z]`, finer digits cut; NaN for any other form and for
 * what is no date, about which `times.ts` has to be asked.
 */
export function stampAt(bytes: Uint8Array, begin: number, end: number): number {
  if (end - begin < 19) return Number.NaN
  const year = twoDigits(bytes, begin) * 100 + twoDigits(bytes, begin + 2)
  const month = twoDigits(bytes, begin + 5)
  const day = twoDigits(bytes, begin + 8)
  const hour = twoDigits(bytes, begin + 11)
  const minute = twoDigits(bytes, begin + 14)
  const second = twoDigits(bytes, begin + 17)
  const separator = bytes[begin + 10]
  if (
    bytes[begin + 4] !== 0x2d ||
    bytes[begin + 7] !== 0x2d ||
    (separator !== 0x54 && separator !== 0x20) ||
    bytes[begin + 13] !== 0x3a ||
    bytes[begin + 16] !== 0x3a ||
    year < 1970 ||
    year > 9999 ||
    month < 1 ||
    month > 12 ||
    day < 1 ||
    day > DAYS_IN[month - 1]! + (month === 2 && isLeap(year) ? 1 : 0) ||
    hour > 23 ||
    minute > 59 ||
    second > 59
  ) {
    return Number.NaN
  }
  const fraction = fractionAt(bytes, begin + 19, bytes[end - 1] === 0x5a ? end - 1 : end)
  if (fraction === NONE) return Number.NaN
  return dayNumber(year, month, day) * DAY_MS + hour * 3_600_000 + minute * 60_000 + second * 1000 + fraction
}

/** Larger than any part of a time: small integers all the way are what makes this fast. */
const NONE = 10_000

/** The milliseconds of `.123456`, 0 of nothing. */
function fractionAt(bytes: Uint8Array, begin: number, end: number): number {
  if (begin === end) return 0
  if (bytes[begin] !== 0x2e || end - begin < 2) return NONE
  let milliseconds = 0
  for (let at = begin + 1; at < end; at += 1) {
    const digit = bytes[at]! - 0x30
    if (digit < 0 || digit > 9) return NONE
    if (at < begin + 4) milliseconds = milliseconds * 10 + digit
  }
  return end - begin === 2 ? milliseconds * 100 : end - begin === 3 ? milliseconds * 10 : milliseconds
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - 0x30
  const ones = bytes[at + 1]! - 0x30
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NONE
}

const isLeap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

/** Days since 1970-01-01. */
function dayNumber(year: number, month: number, day: number): number {
  const past = year - 1
  const leaps = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400)
  return past * 365 + leaps - 719_162 + DAYS_BEFORE[month - 1]! + (month > 2 && isLeap(year) ? 1 : 0) + day - 1
}
