# SPDX-License-Identifier: GPL-2.0
# nginx sends a file of 3 MB, then a page that is put together and comes in chunks.

mkdir html
seq 1 450000 >html/large
echo '<!--#echo var="document_uri" --> and <!--#echo var="host" -->' >html/page.shtml
printf '/page.shtml and 127.0.0.1\n' >expected
cat >nginx.conf <<END
daemon off;
user root;
pid /tmp/work/nginx.pid;
error_log stderr;
events {}
http {
	access_log off;
	server { listen 127.0.0.1:8000; root /tmp/work/html; ssi on; ssi_types *; }
}
END
peer nginx -c /tmp/work/nginx.conf
listens tcp 8000

refused 'port=0: not a port' port=0
refused 'path=large: must start with a slash' path=large

start port=8000 path=/large
becomes done 1
expect result 0
expect status 200
expect bytes "$(wc -c <html/large)"
expect crc "$(crc html/large)"
stop

start port=8000 path=/page.shtml
becomes done 1
expect result 0
expect bytes "$(wc -c <expected)"
expect crc "$(crc expected)"
stop

start port=8000 path=/nothing
becomes done 1
expect status 404
stop
