/** The programs that the bench of `replay` runs beside Tocsin, each with the least that answers one question. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pythonWithEql } from '../../test/python-eql/python-eql.ts'

export interface Peer {
  name: string
  /** Program and arguments. */
  command: string[]
  /** How many times Tocsin's time it has to take at least; null for none. */
  goal: number | null
}

const home = fileURLToPath(new URL('../../../', import.meta.url))
const DUCKDB = '1.5.6-r.1'

/** Those that are here or can be had; of each other one it is said why not. */
export async function findPeers(files: readonly string[]): Promise<Peer[]> {
  const peers: Peer[] = [
    {
      name: 'Node, JSON.parse of every line',
      command: [process.execPath, fileURLToPath(new URL('./parse-lines.js', import.meta.url)), ...files],
      goal: 1 / 0.6,
    },
  ]
  const duckdb = await findDuckdb()
  if (duckdb !== null) {
    peers.push({
      name: 'DuckDB, four columns and one filter',
      command: [process.execPath, join(home, 'bench', 'replay', 'duckdb.mjs'), duckdb, ...files],
      goal: 1,
    })
  }
  if (isInstalled('jq')) {
    const filter = 'select(.EventID == 1 and (.Image | ascii_downcase | endswith("\\\\schtasks.exe")))'
    peers.push({ name: 'jq, one filter', command: ['jq', '-c', filter, ...files], goal: 5 })
  }
  const found = await pythonWithEql()
  if (typeof found === 'string') console.log(found)
  else {
    peers.push({
      name: 'Python eql, one query',
      command: [found.python, join(home, 'bench', 'replay', 'eql-lines.py'), ...files],
      goal: 10,
    })
  }
  if (isInstalled('rg'))
    peers.push({ name: 'ripgrep, one literal', command: ['rg', '-c', 'schtasks.exe', ...files], goal: null })
  return peers
}

function isInstalled(program: string): boolean {
  const there = spawnSync(program, ['--version']).error === undefined
  if (!there) console.log(`${program} is not here: install it to compare with it`)
  return there
}

/** Its folder: 70 MB that only this bench needs, installed when it is first run. */
async function findDuckdb(): Promise<string | null> {
  const folder = join(home, 'node_modules', '.cache', `duckdb-${DUCKDB}`)
  const path = join(folder, 'node_modules', '@duckdb', 'node-api')
  if (existsSync(path)) return path
  try {
    await mkdir(folder, { recursive: true })
    execFileSync('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', `@duckdb/node-api@${DUCKDB}`])
    return path
  } catch (error) {
    console.log(`DuckDB cannot be installed: ${String((error as Error).message).split('\n')[0]}`)
    return null
  }
}
