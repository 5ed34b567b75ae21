// SPDX-License-Identifier: GPL-2.0
/* Socket filters that look at a byte, or an address, and let it pass. Kext world. */

#include <sys/types.h>
#include <sys/errno.h>
#include <sys/param.h>
#include <sys/socket.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <sys/kpi_socketfilter.h>
#include <sys/systm.h>
#include <netinet/in.h>

#include "self.h"

#define HANDLE	0x62656e63	/* 'benc'; that of UDP is one more */

static errno_t
attach(void **cookie, socket_t so)
{
	return 0;
}

static void
detach(void *cookie, socket_t so)
{
}

static errno_t
sum_first(void *cookie, socket_t so, const struct sockaddr *name, mbuf_t *data, mbuf_t *control,
	  sflt_data_flag_t flags)
{
	bench_filter_sum += *(const unsigned char *)mbuf_data(*data);
	return 0;
}

static errno_t
connect_out(void *cookie, socket_t so, const struct sockaddr *to)
{
	bench_filter_sum += ((const struct sockaddr_in *)to)->sin_port;
	return 0;
}

static struct sflt_filter
filter(void)
{
	struct sflt_filter filter;

	bzero(&filter, sizeof(filter));
	filter.sf_handle = HANDLE;
	filter.sf_flags = SFLT_GLOBAL;
	filter.sf_name = "bench";
	filter.sf_attach = attach;
	filter.sf_detach = detach;
	return filter;
}

int
bench_data_filter_add(unsigned long unused)
{
	struct sflt_filter f = filter();
	errno_t error;

	f.sf_data_in = f.sf_data_out = sum_first;
	error = sflt_register(&f, PF_INET, SOCK_STREAM, IPPROTO_TCP);
	f.sf_handle++;
	return error != 0 ? error : sflt_register(&f, PF_INET, SOCK_DGRAM, IPPROTO_UDP);
}

int
bench_tcp_filter_add(unsigned long unused)
{
	struct sflt_filter f = filter();

	f.sf_data_in = f.sf_data_out = sum_first;
	return sflt_register(&f, PF_INET, SOCK_STREAM, IPPROTO_TCP);
}

int
bench_connect_filter_add(unsigned long unused)
{
	struct sflt_filter f = filter();

	f.sf_connect_out = connect_out;
	return sflt_register(&f, PF_INET, SOCK_STREAM, IPPROTO_TCP);
}

void
bench_socket_filters_remove(void)
{
	sflt_unregister(HANDLE);
	sflt_unregister(HANDLE + 1);
}
