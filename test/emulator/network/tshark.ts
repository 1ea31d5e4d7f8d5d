/** Captures as Wireshark's dissectors see them. Where there is no tshark the tests are skipped, but never in CI. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Context } from 'mocha'

/** Skips a test where there is no tshark. */
export function needsTshark(test: Context): void {
  if (spawnSync('tshark', ['--version']).error === undefined) return
  if (process.env.CI === 'true') throw new Error('CI needs tshark: install the package tshark')
  test.skip()
}

/** The fields of each frame that a filter lets through; the values of a field that occurs more than once are separated by commas. */
export function dissect(capture: Buffer | string, fields: readonly string[], filter = ''): Record<string, string>[] {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-tshark-'))
  try {
    const path = typeof capture === 'string' ? capture : join(folder, 'capture.pcap')
    if (typeof capture !== 'string') writeFileSync(path, capture)
    const options = [
      '-o',
      'tcp.check_checksum:TRUE',
      '-o',
      'ip.check_checksum:TRUE',
      '-T',
      'fields',
      '-E',
      'separator=/t',
    ]
    const chosen = fields.flatMap((field) => ['-e', field])
    const run = spawnSync('tshark', ['-r', path, ...options, ...chosen, ...(filter === '' ? [] : ['-Y', filter])], {
      encoding: 'utf8',
      maxBuffer: 64 << 20,
    })
    if (run.status !== 0) throw new Error(run.stderr)
    return run.stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const values = line.split('\t')
        return Object.fromEntries(fields.map((field, index) => [field, values[index] ?? '']))
      })
  } finally {
    rmSync(folder, { recursive: true })
  }
}
