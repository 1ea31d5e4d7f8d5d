/** Tells recordings of runs from other files, by what is in them. */
import { readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { RECORDING_FILE } from './format.ts'

/** The manifest of a recording as it lies there, whole or not. */
export interface Manifest {
  path: string
  text: string
  /** Of its format. */
  version: string
}

const FORMAT = /"format":\s*"tocsin\.recording\/(\d+)"/

/** The format stands near the beginning of the file. */
const FORMAT_WITHIN = 200

/** The manifest if `path` is a recording's folder or the manifest itself; else null. */
export function manifestAt(path: string): Manifest | null {
  const isFolder = isDirectory(path)
  if (!isFolder && basename(path) !== RECORDING_FILE) return null
  const manifest = isFolder ? join(path, RECORDING_FILE) : path
  const text = textOf(manifest)
  const version = FORMAT.exec(text.slice(0, FORMAT_WITHIN))?.[1]
  return version === undefined ? null : { path: manifest, text, version }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
