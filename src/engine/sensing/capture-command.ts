/**
 * The command that captures on a sensor. It ends by itself when its limits are reached and when whoever listens is gone:
 * closed or broken, the connection ends its standard input.
 */
import type { Sensor } from '../../model/lab.ts'

interface Tool {
  /** Its arguments up to the filter. */
  arguments(sensor: Sensor): string[]
  /** What it says on stderr once it captures. */
  listening: RegExp
  /** Packets that it lost, in what it says at its end. */
  dropped: RegExp
}

/** Each writes a pcap file to standard output, packet by packet. */
export const TOOLS: Record<Sensor['tool'], Tool> = {
  tcpdump: {
    // Root gives its rights up once the interface is open, to the user who may then end it.
    arguments: ({ interface: name, sudo }) => [
      ...(sudo ? ['sudo', '-n', 'tcpdump', '-Z', '$USER'] : ['tcpdump']),
      ...['-n', '-U', '--immediate-mode', '-s', '0', '-i', name, '-w', '-'],
    ],
    listening: /listening on /,
    dropped: /(\d+) packets? dropped by kernel/,
  },
  dumpcap: {
    arguments: ({ interface: name }) => ['dumpcap', '-q', '-P', '-i', name, '-w', '-', '-f'],
    listening: /^File: /m,
    dropped: /received\/dropped on interface .*: \d+\/(\d+)/,
  },
}

/** Stands at the beginning of what the script itself says on stderr. */
export const SAID = { time: 'tocsin-capture: time', exit: /^tocsin-capture: exit (\d+)$/m }

/**
 * `$1` seconds, `$2` bytes, `$3` the filter, `$4` whether frames may be tagged, then the program. The tool is ended with
 * TERM, for then it still writes what it has; `head` waits for that, and passes on each packet at once. `ps` finds it also where sudo gave it a terminal, and
 * with it a process group, of its own. The session that the command came by is left out of the capture.
 */
const SCRIPT = `LC_ALL=C; export LC_ALL
seconds=$1 bytes=$2 filter=$3 tagged=$4
shift 4
exec 3<&0 </dev/null
own_session() { [ $# -ne 4 ] || printf ' and not (tcp port %s and tcp port %s)' "$2" "$4"; }
filter="$filter$(own_session $SSH_CONNECTION)"
# vlan shifts what comes after it past the tag: the untagged form has to come first.
[ "$tagged" != true ] || filter="($filter) or (vlan and $filter)"
below() {
  ps -A -ww -o pid= -o ppid= | awk -v root="$$" '{ parent[$1] = $2 } END {
    for (one in parent) { up = parent[one]; while (up in parent && up != root) up = parent[up]; if (up == root) print one } }'
}
end_tool() { trap '' TERM; pids=$(below); kill -TERM \${pids:-0} 2>/dev/null; }
{ timeout "$seconds" cat <&3 >/dev/null; [ $? -ne 124 ] || echo '${SAID.time}' >&2; end_tool; } >/dev/null &
exec 3<&-
{ trap : TERM; "$@" "$filter"; echo "tocsin-capture: exit $?" >&2; } |
  { trap '' TERM; stdbuf -o0 head -c "$bytes"; end_tool; }
`

/** One word of a POSIX shell's command line, whatever is in it. */
const word = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** `id` names the capture in the command lines of its processes; the limits are the sensor's. */
export function captureCommand(id: string, sensor: Sensor, filter: string, seconds: number): string {
  const [...program] = TOOLS[sensor.tool]
    .arguments(sensor)
    .map((text) => (text === '$USER' ? '"$(id -un)"' : word(text)))
  return [
    'exec sh -c',
    word(SCRIPT),
    word(id),
    String(seconds),
    String(sensor.maxBytes),
    word(filter),
    String(sensor.vlan),
    ...program,
  ].join(' ')
}

/** Ends what a capture left on its sensor and says `absent` once nothing of it is there. Its id comes on standard input. */
export const END_CAPTURE = `read -r id
leaders() { ps -A -ww -o pid= -o args= | awk -v id="$id" 'index($0, " " id " ") { print $1 }'; }
below() {
  ps -A -ww -o pid= -o ppid= | awk -v roots=" $1 " '{ parent[$1] = $2 } END {
    for (one in parent) { up = one; while (up in parent && !index(roots, " " up " ")) up = parent[up]; if (index(roots, " " up " ")) print one } }'
}
tries=0
while [ $tries -lt 20 ]; do
  found=$(leaders)
  [ -n "$found" ] || { echo absent; exit 0; }
  [ $tries -lt 5 ] && how=TERM || how=KILL
  kill -$how $(below "$(echo $found)") 2>/dev/null
  sleep 0.2
  tries=$((tries + 1))
done
echo present`
