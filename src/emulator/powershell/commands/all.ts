/** Every cmdlet and alias that the emulated PowerShell knows. */
import type { Cmdlet } from '../binding.ts'
import type { Commands } from '../pipeline.ts'
import { CIM } from './cim.ts'
import { FILES } from './files.ts'
import { OUTPUT } from './output.ts'
import { PIPELINE_ITEMS } from './pipeline-items.ts'
import { SCHEDULED_TASKS } from './scheduled-tasks.ts'
import { TASK_PARTS } from './task-parts.ts'
import { UTILITY } from './utility.ts'

const CMDLETS = new Map<string, Cmdlet>(
  [...OUTPUT, ...PIPELINE_ITEMS, ...UTILITY, ...FILES, ...TASK_PARTS, ...SCHEDULED_TASKS, ...CIM].map((cmdlet) => [
    cmdlet.name.toLowerCase(),
    cmdlet,
  ]),
)

const ALIASES: Record<string, string> = {
  '%': 'ForEach-Object',
  '?': 'Where-Object',
  foreach: 'ForEach-Object',
  where: 'Where-Object',
  select: 'Select-Object',
  sort: 'Sort-Object',
  measure: 'Measure-Object',
  echo: 'Write-Output',
  write: 'Write-Output',
  ft: 'Format-Table',
  fl: 'Format-List',
  gc: 'Get-Content',
  cat: 'Get-Content',
  type: 'Get-Content',
  sc: 'Set-Content',
  cp: 'Copy-Item',
  copy: 'Copy-Item',
  mv: 'Move-Item',
  move: 'Move-Item',
  rm: 'Remove-Item',
  del: 'Remove-Item',
  erase: 'Remove-Item',
  sleep: 'Start-Sleep',
  iex: 'Invoke-Expression',
  ipmo: 'Import-Module',
  icim: 'Invoke-CimMethod',
  gcim: 'Get-CimInstance',
  ncms: 'New-CimSession',
  rcms: 'Remove-CimSession',
}

export const COMMANDS: Commands = {
  cmdlet: (name) => CMDLETS.get(name.toLowerCase()),
  alias: (name) => (Object.hasOwn(ALIASES, name.toLowerCase()) ? ALIASES[name.toLowerCase()] : undefined),
}
