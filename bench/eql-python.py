"""Times the Python implementation of EQL over recorded events, all parsed beforehand.

Reads {"queries": [text, ...], "path": of a JSON list of events, "repeats": n, "span": ticks} from standard input. Prints one JSON
object a query: events, seconds, and how many results they gave.
"""

import gzip
import json
import sys
import time

import eql
from eql.parser import elasticsearch_syntax

job = json.load(sys.stdin)
with gzip.open(job["path"], "rt", encoding="utf-8") as file:
    recorded = sorted(json.load(file), key=lambda event: event["timestamp"])
events = [
    eql.Event(event["event_type"], event["timestamp"] + job["span"] * repeat, event)
    for repeat in range(job["repeats"])
    for event in recorded
]
for text in job["queries"]:
    with elasticsearch_syntax:
        query = eql.parse_query(text)
    results = []
    engine = eql.PythonEngine()
    engine.add_query(query)
    engine.add_output_hook(results.append)
    start = time.perf_counter()
    for event in events:
        engine.stream_event(event)
    engine.finalize()
    seconds = time.perf_counter() - start
    print(json.dumps({"events": len(events), "seconds": seconds, "results": len(results)}))
