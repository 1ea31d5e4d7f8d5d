/** The executables that an emulated Windows has, and what their version resources say. */
import { createHash } from 'node:crypto'

export interface Binary {
  /** The name in the version resource: it stays when the file is renamed. */
  originalName: string
  /** Where it lies; the first is where it runs from. */
  paths: string[]
  description: string
  product: string
  company: string
  version: string
  /** A program with windows: cmd does not wait for it, and it stays until somebody ends it. */
  graphical?: boolean
}

const WINDOWS = {
  product: 'Microsoft® Windows® Operating System',
  company: 'Microsoft Corporation',
  version: '10.0.20348.1 (WinBuild.160101.0800)',
}
const system32 = (file: string): string[] => [`C:\\Windows\\System32\\${file}`]

function windows(file: string, description: string, more: Partial<Binary> = {}): Binary {
  return { originalName: file, paths: system32(file), description, ...WINDOWS, ...more }
}

export const BINARIES: Binary[] = [
  windows('schtasks.exe', 'Task Scheduler Configuration Tool'),
  windows('cmd.exe', 'Windows Command Processor', { originalName: 'Cmd.Exe' }),
  windows('PowerShell.EXE', 'Windows PowerShell', { paths: system32('WindowsPowerShell\\v1.0\\powershell.exe') }),
  windows('whoami.exe', 'whoami - displays logged on user information'),
  windows('hostname.exe', 'Hostname APP'),
  windows('tasklist.exe', 'Lists the current running tasks'),
  windows('taskkill.exe', 'Terminates Processes'),
  windows('timeout.exe', 'timeout - pauses command processing'),
  windows('ping.exe', 'TCP/IP Ping Command'),
  windows('chcp.com', 'Change CodePage Utility', { originalName: 'CHCP.COM' }),
  windows('where.exe', 'Where - Lists location of files'),
  windows('find.exe', 'Find String (grep) Utility', { originalName: 'FIND.EXE' }),
  windows('findstr.exe', 'Find String (QGREP) Utility', { originalName: 'FINDSTR.EXE' }),
  windows('more.com', 'More Utility', { originalName: 'More.Com' }),
  windows('sort.exe', 'Sort Utility'),
  windows('ipconfig.exe', 'IP Configuration Utility'),
  windows('systeminfo.exe', 'Displays system information', { originalName: 'sysinfo.exe' }),
  windows('tzutil.exe', 'Windows Time Zone Utility'),
  windows('calc.exe', 'Windows Calculator', { originalName: 'CALC.EXE', graphical: true }),
  windows('notepad.exe', 'Notepad', { originalName: 'NOTEPAD.EXE', graphical: true }),
  windows('svchost.exe', 'Host Process for Windows Services'),
  windows('services.exe', 'Services and Controller app'),
  windows('lsass.exe', 'Local Security Authority Process'),
  windows('wininit.exe', 'Windows Start-Up Application'),
  windows('smss.exe', 'Windows Session Manager'),
  windows('explorer.exe', 'Windows Explorer', { originalName: 'EXPLORER.EXE', paths: ['C:\\Windows\\explorer.exe'] }),
  windows('WmiPrvSE.exe', 'WMI Provider Host', {
    originalName: 'Wmiprvse.exe',
    paths: system32('wbem\\WmiPrvSE.exe'),
  }),
  windows('wsmprovhost.exe', 'Host process for WinRM plug-ins'),
  windows('taskschd.dll', 'Task Scheduler COM API'),
  {
    originalName: 'sshd.exe',
    paths: system32('OpenSSH\\sshd.exe'),
    description: 'OpenSSH SSH Server',
    product: 'OpenSSH for Windows',
    company: 'Microsoft Corporation',
    version: '8.1.0.1',
  },
  {
    originalName: 'python.exe',
    paths: ['C:\\Program Files\\Python312\\python.exe'],
    description: 'Python',
    product: 'Python',
    company: 'Python Software Foundation',
    version: '3.12.4',
  },
]

/** Scripts of the emulated tools, run by python.exe. */
export const PYTHON_TOOLS = ['atexec.py', 'tschclient.py']
export const TOOLS_FOLDER = 'C:\\Tools'

const UNKNOWN: Omit<Binary, 'originalName'> = { paths: [], description: '-', product: '-', company: '-', version: '-' }

/** The binary of an image name of the list; one without a version resource for any other. */
export function binaryNamed(name: string): Binary {
  const lower = name.toLowerCase()
  return BINARIES.find(({ originalName }) => originalName.toLowerCase() === lower) ?? { originalName: '-', ...UNKNOWN }
}

/** The binary that a default installation has at this path, or null. */
export function binaryAt(path: string): Binary | null {
  const lower = path.toLowerCase()
  return BINARIES.find(({ paths }) => paths.some((known) => known.toLowerCase() === lower)) ?? null
}

const hash = (algorithm: string, text: string): string => createHash(algorithm).update(text).digest('hex').toUpperCase()

/** Hashes as Sysmon writes them. They stand for the content: the same for every copy of a binary. */
export function hashesOf({ originalName, version }: Binary): string {
  const content = `${originalName} ${version}`
  const imports = hash('md5', `imports of ${content}`)
  return `SHA1=${hash('sha1', content)},MD5=${hash('md5', content)},SHA256=${hash('sha256', content)},IMPHASH=${imports}`
}
