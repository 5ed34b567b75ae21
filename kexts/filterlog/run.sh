# SPDX-License-Identifier: GPL-2.0
# All that a client and an echo server send and receive is kept and put in again; it
# comes whole and in order. With a delay it is slower, and no less whole.

cat >echo.py <<'END'
import hashlib, os, socket, sys, threading

size = int(sys.argv[1])
listener = socket.create_server(("127.0.0.1", 0))

def serve():
    connection, _ = listener.accept()
    left = size
    while left:
        data = connection.recv(65536)
        connection.sendall(data)
        left -= len(data)
    done.wait()
    connection.close()

done = threading.Event()
threading.Thread(target=serve).start()
client = socket.create_connection(listener.getsockname())
sent = os.urandom(size)
threading.Thread(target=client.sendall, args=(sent,)).start()
back = b""
while len(back) < size:
    back += client.recv(4096)
done.set()
print("whole" if back == sent else "broken")
END

start
python3 echo.py 1000000 | grep whole
at_least kept 30
at_least bytes 4000000
expect lost 0
echo 20 >/sys/module/port_filterlog/parameters/delay_ms
python3 echo.py 20000 | grep whole
expect lost 0
until_true sh -c 'echo 1 >/sys/module/port_filterlog/parameters/stop'
stop
