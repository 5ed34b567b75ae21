// SPDX-License-Identifier: GPL-2.0
/*
 * A toy cipher: every byte of connections to a port is changed on its way out, and
 * changed back on its way in. Programs at both ends notice nothing; on the wire, and
 * at an end without the filter, the text is another one.
 */

#include <libkern/OSAtomic.h>
#include <libkern/libkern.h>
#include <mach/mach_types.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/errno.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <sys/kpi_socketfilter.h>
#include <sys/systm.h>

#define HANDLE	0x63697068	/* 'ciph' */

int port = 7083;
long changed;
static volatile int gone;

static errno_t cipher_attach(void **cookie, socket_t so)
{
	*cookie = NULL;
	return 0;
}

static void cipher_detach(void *cookie, socket_t so)
{
}

static void cipher_unregistered(sflt_handle handle)
{
	gone = 1;
}

static int is_for_us(socket_t so)
{
	struct sockaddr_in sin;

	if (sock_getpeername(so, (struct sockaddr *)&sin, sizeof(sin)))
		return 0;
	return ntohs(sin.sin_port) == port;
}

/* What may be somebody else's memory is not written to. */
static errno_t make_private(mbuf_t *data)
{
	mbuf_t m, copy = NULL;

	for (m = *data; m && !mbuf_mclhasreference(m); m = mbuf_next(m))
		;
	if (!m)
		return 0;
	if (mbuf_dup(*data, MBUF_WAITOK, &copy))
		return ENOBUFS;
	mbuf_freem(*data);
	*data = copy;
	return 0;
}

static errno_t change(mbuf_t *data)
{
	errno_t error = make_private(data);
	mbuf_t m;
	size_t i;

	for (m = error ? NULL : *data; m; m = mbuf_next(m)) {
		unsigned char *p = mbuf_data(m);

		for (i = 0; i < mbuf_len(m); i++)
			p[i] ^= 0x55;
		OSAddAtomic64(mbuf_len(m), (SInt64 *)&changed);
	}
	return error;
}

static errno_t cipher_in(void *cookie, socket_t so, const struct sockaddr *from, mbuf_t *data,
			 mbuf_t *control, sflt_data_flag_t flags)
{
	return is_for_us(so) ? change(data) : 0;
}

static errno_t cipher_out(void *cookie, socket_t so, const struct sockaddr *to, mbuf_t *data,
			  mbuf_t *control, sflt_data_flag_t flags)
{
	return is_for_us(so) ? change(data) : 0;
}

static struct sflt_filter filter = {
	HANDLE, SFLT_GLOBAL, "cipher", cipher_unregistered, cipher_attach, cipher_detach, NULL,
	NULL, NULL, cipher_in, cipher_out,
};

kern_return_t cipher_start(kmod_info_t *ki, void *d)
{
	return sflt_register(&filter, PF_INET, SOCK_STREAM, IPPROTO_TCP) ? KERN_FAILURE
									 : KERN_SUCCESS;
}

kern_return_t cipher_stop(kmod_info_t *ki, void *d)
{
	static int asked;

	if (!asked && sflt_unregister(HANDLE))
		return KERN_FAILURE;
	asked = 1;
	return gone ? KERN_SUCCESS : KERN_FAILURE;
}
