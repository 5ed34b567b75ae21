# SPDX-License-Identifier: GPL-2.0
# nginx listens on four ports and answers a thousand connections.

cat >nginx.conf <<END
daemon off;
user root;
worker_rlimit_nofile 8192;
pid /tmp/work/nginx.pid;
error_log stderr;
events { worker_connections 4096; }
http {
	access_log off;
	client_header_timeout 300;
	server {
		listen 127.0.0.1:8000 backlog=1024;
		listen 127.0.0.1:8001 backlog=1024;
		listen 127.0.0.1:8002 backlog=1024;
		listen 127.0.0.1:8003 backlog=1024;
		location / { return 200 "hello"; }
	}
}
END
ulimit -n 8192
peer nginx -c /tmp/work/nginx.conf
listens tcp 8003

refused 'sockets=0: must be 1 to' sockets=0

start sockets=1000
becomes done 1
expect connected 1000
expect failed 0
expect answered 1000
stop

start sockets=200 port=9000	# nobody is there
becomes done 1
expect failed 200
stop
