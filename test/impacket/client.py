"""Registers tasks over MS-TSCH from a source port of one's choice: python3 client.py SOURCE-PORT PORT [TIMES]"""
import socket
import sys

from impacket.dcerpc.v5 import transport, tsch
from impacket.dcerpc.v5.dtypes import NULL

source, port, times = int(sys.argv[1]), int(sys.argv[2]), int((sys.argv + ["1"])[3])
connect = socket.socket.connect


def connect_from_source(self, address):
    self.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    self.bind(("127.0.0.1", source))
    return connect(self, address)


socket.socket.connect = connect_from_source
dce = transport.DCERPCTransportFactory(f"ncacn_ip_tcp:127.0.0.1[{port}]").get_dce_rpc()
dce.connect()
dce.bind(tsch.MSRPC_UUID_TSCHS)
tsch.hSchRpcHighestVersion(dce)
for number in range(times):
    tsch.hSchRpcRegisterTask(dce, f"\\tocsin-{number}", "<Task/>", tsch.TASK_CREATE, NULL, tsch.TASK_LOGON_NONE)
dce.disconnect()
print("registered", times)
