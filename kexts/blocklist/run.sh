# SPDX-License-Identifier: GPL-2.0
# curl may connect to nobody; python3 may, and where it wanted to go somebody else answers.

mkdir -p www/logs
echo 'the proxy answers' >www/page
cat >nginx.conf <<'END'
daemon off; master_process off; user root; pid nginx.pid; error_log error.log;
events { worker_connections 64; }
http { access_log off; server { listen 127.0.0.1:7084; root www; } }
END
peer nginx -p "$PWD" -c nginx.conf
until_true curl -sf http://127.0.0.1:7084/page

start program=curl redirect_from=7085 redirect_to=7084
fails curl -sf http://127.0.0.1:7084/page
at_least blocked 1
python3 -c 'import urllib.request as u; print(u.urlopen("http://127.0.0.1:7085/page").read())' | grep 'the proxy answers'
at_least redirected 1
python3 -c 'import socket as s; s.socket(s.AF_INET, s.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9))'
until_true sh -c 'echo 1 >/sys/module/port_blocklist/parameters/stop'
curl -sf http://127.0.0.1:7084/page | grep 'the proxy answers'
stop
