"""One query of Python eql over files of JSON lines with Sysmon events; prints how many it matches."""
import json
import sys

import eql

EVENT_TYPES = {1: "process", 3: "network", 7: "image_load", 11: "file", 13: "registry"}

matches = 0


def count(_):
    global matches
    matches += 1


engine = eql.PythonEngine()
query = eql.parse_query('process where Image == "*\\\\schtasks.exe"', implied_any=True, implied_base=True)
engine.add_query(query)
engine.add_output_hook(count)
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            data = json.loads(line)
            engine.stream_event(eql.Event(EVENT_TYPES.get(data.get("EventID"), "generic"), number, data))
engine.finalize()
print(matches)
