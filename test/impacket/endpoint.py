"""An ITaskSchedulerService endpoint on loopback that says yes to everything: python3 endpoint.py PORT"""
import sys

from impacket.dcerpc.v5.rpcrt import DCERPCServer

TASK_SCHEDULER = ("86D35949-83C9-4044-B424-DB363231FD0C", "1.0")

# SchRpcHighestVersion: version, result. SchRpcRegisterTask: no path, no error information, result.
ANSWERS = {0: bytes.fromhex("05000100" "00000000"), 1: bytes(12)}

server = DCERPCServer()
server.setListenPort(int(sys.argv[1]))
server.addCallbacks(
    TASK_SCHEDULER,
    "\\PIPE\\atsvc",
    {opnum: (lambda data, answer=answer: answer) for opnum, answer in ANSWERS.items()},
)
server.daemon = True
server.start()
print("ready", flush=True)
sys.stdin.read()
