"""Prints the operations that impacket knows, as JSON: of each its module, the UUIDs of that, its name and its number."""
import importlib
import json
import pkgutil

import impacket.dcerpc.v5 as calls
import impacket.dcerpc.v5.dcom as objects
from impacket.dcerpc.v5.ndr import NDRCALL
from impacket.uuid import bin_to_string

found = []
for package in (calls, objects):
    for info in pkgutil.iter_modules(package.__path__):
        try:
            module = importlib.import_module(f"{package.__name__}.{info.name}")
        except ImportError:
            continue
        own = vars(module)
        uuids = [bin_to_string(value).lower() for name, value in own.items() if name.startswith("MSRPC_UUID_") and isinstance(value, bytes)]
        for name, value in own.items():
            if not isinstance(value, type) or not issubclass(value, NDRCALL) or value.__module__ != module.__name__:
                continue
            number = getattr(value, "opnum", None)
            if isinstance(number, int):
                found.append([info.name, uuids, name, number])
print(json.dumps(found))
