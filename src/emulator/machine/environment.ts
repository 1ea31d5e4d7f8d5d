/** Environment variables. */

export function baseEnvironment(computer: string): Record<string, string> {
  return {
    ALLUSERSPROFILE: 'C:\\ProgramData',
    COMPUTERNAME: computer,
    ComSpec: 'C:\\Windows\\system32\\cmd.exe',
    NUMBER_OF_PROCESSORS: '2',
    OS: 'Windows_NT',
    Path: 'C:\\Windows\\system32;C:\\Windows;C:\\Windows\\System32\\Wbem;C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\;C:\\Windows\\System32\\OpenSSH\\;C:\\Program Files\\Python312\\;C:\\Tools',
    PATHEXT: '.COM;.EXE;.BAT;.CMD;.PY',
    PROCESSOR_ARCHITECTURE: 'AMD64',
    ProgramData: 'C:\\ProgramData',
    ProgramFiles: 'C:\\Program Files',
    PUBLIC: 'C:\\Users\\Public',
    SystemDrive: 'C:',
    SystemRoot: 'C:\\Windows',
    TEMP: 'C:\\Windows\\Temp',
    TMP: 'C:\\Windows\\Temp',
    windir: 'C:\\Windows',
  }
}

/** The value of a variable, its name in any case. */
export function variable(environment: Record<string, string>, name: string): string | undefined {
  const lower = name.toLowerCase()
  const found = Object.keys(environment).find((key) => key.toLowerCase() === lower)
  return found === undefined ? undefined : environment[found]
}

/** Replaces `%NAME%`. Unknown names stay as written on a command line, and become nothing in a batch file. */
export function expandVariables(text: string, environment: Record<string, string>, unknown: 'keep' | 'drop'): string {
  return text.replace(/%([^%\s:]+)%/g, (whole, name: string) => {
    return variable(environment, name) ?? (unknown === 'keep' ? whole : '')
  })
}
