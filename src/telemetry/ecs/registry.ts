/** Sysmon's registry fields to ECS. */
import type { Conversion } from './table.ts'

const HIVES: Record<string, string> = {
  HKEY_CLASSES_ROOT: 'HKCR',
  HKEY_CURRENT_CONFIG: 'HKCC',
  HKEY_CURRENT_USER: 'HKCU',
  HKEY_DYN_DATA: 'HKDD',
  HKEY_LOCAL_MACHINE: 'HKLM',
  HKEY_PERFORMANCE_DATA: 'HKPD',
  HKEY_USERS: 'HKU',
}
const SHORT_HIVES = new Set(Object.values(HIVES))

/**
 * `TargetObject` to path, hive, key and value. As in the vendor's pipeline, `key` keeps the last segment and `value`
 * is that segment, also for an event about a key: Sysmon does not say where the key ends.
 */
export const registryPath: Conversion = (path) => {
  const segments = path.split('\\')
  const value = segments.at(-1)!
  const first = segments[0]!
  const hive = HIVES[first] ?? (SHORT_HIVES.has(first) ? first : undefined)
  if (hive === undefined) return { path, value }
  return { path, hive, value, ...(segments.length > 1 ? { key: segments.slice(1).join('\\') } : {}) }
}

/** `Details` to type and strings; numbers become decimal texts. */
export const registryData: Conversion = (details) => {
  const qword = /^QWORD \((0x[0-9a-f]{8})-(0x[0-9a-f]{8})\)$/i.exec(details)
  if (qword) {
    const value = (BigInt(qword[1]!) << 32n) | BigInt(qword[2]!)
    return { type: 'SZ_QWORD', strings: [value.toString()] }
  }
  const dword = /^DWORD \((0x[0-9a-f]{8})\)$/i.exec(details)
  if (dword) return { type: 'SZ_DWORD', strings: [String(Number(dword[1]))] }
  return { type: details === 'Binary Data' ? 'REG_BINARY' : 'REG_SZ', strings: [details] }
}
