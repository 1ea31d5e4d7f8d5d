"""Reads event logs with python-evtx.

Arguments: files; `--time` before them to print only how long each took. Prints one JSON object a file: with `--time` its
"records" and "seconds", else its "events", each a list of [path, attributes, text] for every element.
"""

import json
import sys
import time
from xml.etree import ElementTree

from Evtx.Evtx import Evtx


def elements(node, path=""):
    here = path + "/" + node.tag.split("}")[-1]
    attributes = {name: value for name, value in node.attrib.items() if value != ""}
    found = [[here, attributes, node.text if len(node) == 0 else None]]
    for child in node:
        found += elements(child, here)
    return found


timing = sys.argv[1] == "--time"
for path in sys.argv[2 if timing else 1 :]:
    start = time.perf_counter()
    with Evtx(path) as log:
        texts = [record.xml() for record in log.records()]
    seconds = time.perf_counter() - start
    if timing:
        print(json.dumps({"records": len(texts), "seconds": seconds}))
    else:
        print(json.dumps({"events": [elements(ElementTree.fromstring(text)) for text in texts]}))
