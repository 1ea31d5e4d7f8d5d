"""Judges events with the Python implementation of EQL.

Reads one JSON object from standard input:
  {"queries": [text, ...], "events": [{"id": any, "categories": [text, ...], "time": ms since 1970, "data": document}, ...]}
with events in time order. An event is of the first of its categories that a query reads. Prints a JSON list: for each
query its hits, each a list of ids.
"""

import json
import sys

import eql
from eql.parser import elasticsearch_syntax, ignore_missing_functions

FILETIME_OF_1970 = 116444736000000000


def hits_of(text, events):
    with elasticsearch_syntax, ignore_missing_functions:
        query = eql.parse_query(text)
    stages = [stage.query for stage in query.first.queries] if hasattr(query.first, "queries") else [query.first]
    read = [stage.event_type for stage in stages]
    hits = []
    engine = eql.PythonEngine()
    engine.add_query(query)
    engine.add_output_hook(lambda result: hits.append([event.data["$id"] for event in result.events]))
    for event in events:
        category = next((category for category in read if category in event["categories"]), None)
        if category is not None:
            ticks = event["time"] * 10000 + FILETIME_OF_1970
            engine.stream_event(eql.Event(category, ticks, {**event["data"], "$id": event["id"]}))
    engine.finalize()
    return hits


job = json.load(sys.stdin)
json.dump([hits_of(query, job["events"]) for query in job["queries"]], sys.stdout)
