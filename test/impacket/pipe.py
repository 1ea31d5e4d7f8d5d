"""An ATSvc endpoint behind the named pipe of an SMB server, and a client that calls it: python3 pipe.py ADDRESS VERSION RPC-PORT"""
import os
import sys
import threading
import time

from impacket.dcerpc.v5 import atsvc, transport
from impacket.dcerpc.v5.rpcrt import DCERPCServer
from impacket.smb3structs import SMB2_DIALECT_002
from impacket.smbconnection import SMB_DIALECT, SMBConnection
from impacket.smbserver import SimpleSMBServer

address, second, port = sys.argv[1], sys.argv[2] == "2", int(sys.argv[3])
JOB_ENUM = 2

endpoint = DCERPCServer()
endpoint.setListenPort(port)
endpoint.addCallbacks(("1FF70682-0A51-30E8-076D-740BE8CEE98B", "1.0"), "\\PIPE\\atsvc", {JOB_ENUM: lambda data: bytes(20)})
endpoint.daemon = True
endpoint.start()

server = SimpleSMBServer(address, 445)
server.setSMB2Support(second)
server.registerNamedPipe("atsvc", ("127.0.0.1", port))
threading.Thread(target=server.start, daemon=True).start()
time.sleep(0.5)

connection = SMBConnection(address, address, sess_port=445, preferredDialect=SMB2_DIALECT_002 if second else SMB_DIALECT)
connection.login("", "")
pipe = transport.DCERPCTransportFactory(f"ncacn_np:{address}[\\pipe\\atsvc]")
pipe.set_smb_connection(connection)
dce = pipe.get_dce_rpc()
dce.connect()
dce.bind(atsvc.MSRPC_UUID_ATSVC)
dce.call(JOB_ENUM, bytes(16))
dce.recv()
# The server never ends its threads.
os._exit(0)
