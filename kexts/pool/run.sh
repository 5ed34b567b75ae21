# SPDX-License-Identifier: GPL-2.0
# nginx closes each connection after seven requests, and all of them when it is reloaded.

cat >nginx.conf <<END
daemon off;
user root;
pid /tmp/work/nginx.pid;
error_log stderr;
events {}
http {
	access_log off;
	keepalive_requests 7;
	server { listen 127.0.0.1:8000; root /tmp/work; }
}
END
seq 1 1000 >index.html
peer nginx -c /tmp/work/nginx.conf
listens tcp 8000

refused 'threads=0: must be 1 to' threads=0

start port=8000 threads=6 requests=100
sleep 0.2
kill -HUP $peer
becomes done 1
expect good 600
expect failed 0
at_least opened 80
at_least reused 450
stop
