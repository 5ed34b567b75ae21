# SPDX-License-Identifier: GPL-2.0
# nginx behind the relay, curl before it; then both halves of a connection at once.

cat >nginx.conf <<END
daemon off;
user root;
pid /tmp/work/nginx.pid;
error_log stderr;
events {}
http { access_log off; server { listen 127.0.0.1:8000; root /tmp/work; } }
END
seq 1 300000 >file
peer nginx -c /tmp/work/nginx.conf
listens tcp 8000

refused 'listen=0: not a port' listen=0

start listen=8080 port=8000
for i in 1 2 3 4 5 6 7 8; do
	curl -s -o got.$i http://127.0.0.1:8080/file &
	jobs="${jobs:-} $!"
done
wait $jobs
for i in 1 2 3 4 5 6 7 8; do
	cmp file got.$i
done
expect relayed 8
becomes open 0
stop

peer socat TCP-LISTEN:7007,fork,reuseaddr EXEC:cat
listens tcp 7007
start listen=8080 port=7007
head -c 1000000 /dev/urandom >sent
socat -t 10 - TCP:127.0.0.1:8080 <sent >back
cmp sent back
becomes open 0
peer socat -u TCP:127.0.0.1:8080 OPEN:/dev/null		# is still there at the end
becomes open 1
stop

start listen=8080 port=7008	# nobody is there
fails curl -s http://127.0.0.1:8080/
becomes open 0
stop
