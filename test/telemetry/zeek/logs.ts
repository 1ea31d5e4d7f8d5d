/**
 * Logs as Zeek's documentation describes them, written by hand: Zeek itself is not among the packages the tests may
 * install. https://docs.zeek.org/en/master/log-formats.html, and the records of dce-rpc/main.zeek and conn/main.zeek.
 */

const FIELDS = {
  dce_rpc: [
    'ts uid id.orig_h id.orig_p id.resp_h id.resp_p rtt named_pipe endpoint operation',
    'time string addr port addr port interval string string string',
  ],
  conn: [
    'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes conn_state local_orig local_resp missed_bytes history orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes tunnel_parents',
    'time string addr port addr port enum string interval count count string bool bool count string count count count count set[string]',
  ],
} as const

export const header = (path: keyof typeof FIELDS): string =>
  [
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    `#path\t${path}`,
    '#open\t2031-03-04-05-06-07',
    `#fields\t${FIELDS[path][0].replaceAll(' ', '\t')}`,
    `#types\t${FIELDS[path][1].replaceAll(' ', '\t')}`,
    '',
  ].join('\n')

/** One line, its values separated by blanks here. */
export const line = (values: string): string => `${values.split(' ').join('\t')}\n`

export const CLOSE = '#close\t2031-03-04-06-00-00\n'

const ENDS = '10.10.0.20 50123 10.10.0.10 49667'

/** A remote creation over a dynamic port, as Zeek logs it: only calls that were answered, no binds. */
export const REMOTE_CREATION = [
  `1930367167.100001 CkXh1a 10.10.0.20 50122 10.10.0.10 135 0.000512 135 epmapper ept_map`,
  `1930367167.200002 CkXh2b ${ENDS} 0.000831 49667 ITaskSchedulerService SchRpcHighestVersion`,
  `1930367167.300003 CkXh2b ${ENDS} 0.000912 49667 ITaskSchedulerService SchRpcEnumTasks`,
  `1930367167.400004 CkXh2b ${ENDS} 0.004000 49667 ITaskSchedulerService SchRpcRegisterTask`,
].map(line)

/** The same interface over the pipe; Zeek writes a backslash as two. */
export const OVER_THE_PIPE = line(
  '1930367168.5 CkXh3c 10.10.0.20 50124 10.10.0.10 445 - \\\\pipe\\\\atsvc ITaskSchedulerService SchRpcRegisterTask',
)

export const CONNECTION = line(
  `1930367167.150000 CkXh2b ${ENDS} tcp dce_rpc 0.418223 5814 1131 RSTO T T 0 ShADdaR 12 6294 9 1503 (empty)`,
)
