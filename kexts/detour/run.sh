# SPDX-License-Identifier: GPL-2.0
# Programs go to a server, and arrive there by way of a proxy that was told where to.

cat >proxy.py <<'END'
import socket, threading

def pump(source, sink):
    while data := source.recv(65536):
        sink.sendall(data)
    sink.shutdown(socket.SHUT_WR)

def serve(client):
    line = b""
    while not line.endswith(b"\n"):
        line += client.recv(1)
    word, host, port = line.split()
    assert word == b"TO"
    server = socket.create_connection((host.decode(), int(port) + 1))
    threading.Thread(target=pump, args=(server, client)).start()
    pump(client, server)

listener = socket.create_server(("127.0.0.1", 7090))
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],)).start()
END
peer python3 proxy.py
peer socat TCP-LISTEN:7092,reuseaddr,fork EXEC:cat
listens tcp 7090
listens tcp 7092
mkdir www
head -c 500000 /dev/urandom >www/file
start
echo hello | socat -t 5 - TCP:127.0.0.1:7091 | grep hello
socat -t 10 - TCP:127.0.0.1:7091 <www/file >back
cmp www/file back
# one that does not wait for its connection, and one that only listens to the other side
python3 - <<'END'
import select, socket
s = socket.socket()
s.setblocking(False)
s.connect_ex(("127.0.0.1", 7091))
select.select([], [s], [], 20)
s.send(b"at once")
s.setblocking(True)
s.shutdown(socket.SHUT_WR)
assert s.recv(100, socket.MSG_WAITALL) == b"at once"
END
expect detours 3
expect headers 3
python3 - <<'END'
import socket
s = socket.create_connection(("127.0.0.1", 7091))
s.shutdown(socket.SHUT_WR)
assert s.recv(1) == b""
END
expect headers 4
# others are left alone
echo direct | socat -t 5 - TCP:127.0.0.1:7092 | grep direct
expect detours 4
until_true sh -c 'echo 1 >/sys/module/port_detour/parameters/stop'
fails sh -c 'echo x | socat - TCP:127.0.0.1:7091 2>/dev/null'
stop
