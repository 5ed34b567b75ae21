# SPDX-License-Identifier: GPL-2.0
# curl, socat and python3 do not notice a filter that passes everything, nor that it goes.

start
head -c 3000000 /dev/urandom >file
mkdir -p www/logs
cp file www
cat >nginx.conf <<'END'
daemon off; master_process off; user root; pid nginx.pid; error_log error.log;
events { worker_connections 64; }
http { access_log off; sendfile on; server { listen 127.0.0.1:7081; listen [::1]:7081; root www; } }
END
peer nginx -p "$PWD" -c nginx.conf
until_true curl -sf -o got http://127.0.0.1:7081/file
cmp file got
curl -sf -o got6 'http://[::1]:7081/file'
cmp file got6
at_least bytes_out 6000000
at_least bytes_in 6000000

peer socat TCP-LISTEN:7082,reuseaddr,fork EXEC:cat
until_true sh -c 'echo x | socat -t 5 - TCP:127.0.0.1:7082 | grep x'
socat -t 10 - TCP:127.0.0.1:7082 <file >back
cmp file back

# while it stops, a connection goes on, byte for byte
mkfifo in
socat -t 10 - TCP:127.0.0.1:7082 <in >slow &
client=$!
exec 9>in
head -c 1000000 file >&9
until_true sh -c 'echo 1 >/sys/module/port_passing/parameters/stop'
tail -c +1000001 file >&9
exec 9>&-
wait $client
cmp file slow
curl -sf -o got http://127.0.0.1:7081/file
cmp file got
expect attached 0
stop
