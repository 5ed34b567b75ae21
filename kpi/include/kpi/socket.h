/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The socket KPI: sockets used from inside the kernel.
 *
 * A socket_t is a handle on a kernel socket that belongs to nobody but the kext
 * that made it: no descriptor, no process. It comes from sock_socket() or
 * sock_accept() and lives until sock_close(); sock_retain() and sock_release()
 * keep it open a while longer. It lives in the network namespace of the thread
 * that created it and may be used from any thread.
 *
 * Calls are made from thread context and may sleep, but for those whose own
 * documentation says Any; every pointer is a kernel pointer; every result is a
 * positive errno or 0. Addresses start with their length (sa_len), which is the
 * only length that counts on the way in.
 *
 * An upcall (sock_upcall) is how a kext hears that something may have happened:
 * data came, the peer closed, a connection is complete or has failed. It says
 * nothing about what; the kext finds out by sock_receivembuf(), sock_accept() or
 * sock_getsockopt(SO_ERROR). On Linux an upcall runs in process context, in one
 * of two kernel threads of the CPU where the event came in, the one that stays
 * there or the one that goes where there is room, or in one of a work queue while
 * these are busy; never in the thread that caused it and never twice at the same
 * time for one socket. It may sleep, take locks and call every
 * function below, sock_close() of its own socket included.
 *
 * Layouts here are those of macOS on 64 bits, numbers (kpi/socknum.h) are those
 * of Linux. So addresses, messages, control data and timeouts are converted
 * field by field, flags and options are not converted at all.
 *
 * What the kext sees as struct sockaddr is struct bsd_sockaddr here, and so on;
 * see sys/socket.h and netinet/in.h.
 */
#ifndef _KPI_SOCKET_H
#define _KPI_SOCKET_H

#include <kpi/handles.h>
#include <kpi/types.h>
#include <kpi/time.h>

/* Addresses. */

struct bsd_sockaddr {
	uint8_t sa_len;			/* of the whole address */
	uint8_t sa_family;
	char sa_data[14];
};

struct bsd_in_addr {
	uint32_t s_addr;		/* network byte order, as everything below */
};

struct bsd_sockaddr_in {
	uint8_t sin_len;
	uint8_t sin_family;
	uint16_t sin_port;
	struct bsd_in_addr sin_addr;
	char sin_zero[8];
};

struct bsd_in6_addr {
	union {
		uint8_t __u6_addr8[16];
		uint16_t __u6_addr16[8];
		uint32_t __u6_addr32[4];
	} __u6_addr;
};

struct bsd_sockaddr_in6 {
	uint8_t sin6_len;
	uint8_t sin6_family;
	uint16_t sin6_port;
	uint32_t sin6_flowinfo;
	struct bsd_in6_addr sin6_addr;
	uint32_t sin6_scope_id;		/* interface index */
};

#define KPI_SUN_PATH_MAX	104

struct bsd_sockaddr_un {
	uint8_t sun_len;
	uint8_t sun_family;
	char sun_path[KPI_SUN_PATH_MAX];
};

#define KPI_SS_MAXSIZE		128
#define KPI_SOCK_MAXADDRLEN	255

struct bsd_sockaddr_storage {
	uint8_t ss_len;
	uint8_t ss_family;
	char __ss_pad1[6];
	int64_t __ss_align;
	char __ss_pad2[112];
};

_Static_assert(sizeof(struct bsd_sockaddr) == 16, "sockaddr layout");
_Static_assert(__builtin_offsetof(struct bsd_sockaddr, sa_data) == 2, "sockaddr layout");
_Static_assert(sizeof(struct bsd_sockaddr_in) == 16, "sockaddr_in layout");
_Static_assert(__builtin_offsetof(struct bsd_sockaddr_in, sin_port) == 2, "sockaddr_in layout");
_Static_assert(__builtin_offsetof(struct bsd_sockaddr_in, sin_addr) == 4, "sockaddr_in layout");
_Static_assert(sizeof(struct bsd_sockaddr_in6) == 28, "sockaddr_in6 layout");
_Static_assert(__builtin_offsetof(struct bsd_sockaddr_in6, sin6_addr) == 8, "sockaddr_in6 layout");
_Static_assert(__builtin_offsetof(struct bsd_sockaddr_in6, sin6_scope_id) == 24,
	       "sockaddr_in6 layout");
_Static_assert(sizeof(struct bsd_sockaddr_un) == 106, "sockaddr_un layout");
_Static_assert(sizeof(struct bsd_sockaddr_storage) == KPI_SS_MAXSIZE, "sockaddr_storage layout");

extern const struct bsd_in6_addr kpi_in6addr_any;
extern const struct bsd_in6_addr kpi_in6addr_loopback;

/* Messages. */

struct bsd_iovec {
	void *iov_base;
	size_t iov_len;
};

struct bsd_msghdr {
	void *msg_name;			/* an address, or NULL */
	uint32_t msg_namelen;		/* its room; never updated */
	struct bsd_iovec *msg_iov;
	int msg_iovlen;			/* elements of msg_iov */
	void *msg_control;		/* struct bsd_cmsghdr ..., or NULL */
	uint32_t msg_controllen;	/* in: its room or length; out: what is filled */
	int msg_flags;			/* out: flags passed in and results */
};

/* Data follows at 12 bytes; the next header at a multiple of 4. */
struct bsd_cmsghdr {
	uint32_t cmsg_len;		/* header included */
	int cmsg_level;
	int cmsg_type;
};

_Static_assert(sizeof(struct bsd_iovec) == 16, "iovec layout");
_Static_assert(sizeof(struct bsd_msghdr) == 48, "msghdr layout");
_Static_assert(__builtin_offsetof(struct bsd_msghdr, msg_namelen) == 8, "msghdr layout");
_Static_assert(__builtin_offsetof(struct bsd_msghdr, msg_iov) == 16, "msghdr layout");
_Static_assert(__builtin_offsetof(struct bsd_msghdr, msg_iovlen) == 24, "msghdr layout");
_Static_assert(__builtin_offsetof(struct bsd_msghdr, msg_control) == 32, "msghdr layout");
_Static_assert(__builtin_offsetof(struct bsd_msghdr, msg_controllen) == 40, "msghdr layout");
_Static_assert(__builtin_offsetof(struct bsd_msghdr, msg_flags) == 44, "msghdr layout");
_Static_assert(sizeof(struct bsd_cmsghdr) == 12, "cmsghdr layout");

/* Arguments of options and requests. */

struct bsd_linger {
	int l_onoff;
	int l_linger;			/* SO_LINGER: 1/100 s; SO_LINGER_SEC: seconds */
};

struct bsd_so_np_extensions {
	uint32_t npx_flags;
	uint32_t npx_mask;
};

#define KPI_IFNAMSIZ		16

/* ifr_name has a prefix because Linux has a macro of that name. */
struct bsd_ifreq {
	char bsd_ifr_name[KPI_IFNAMSIZ];
	union {
		struct bsd_sockaddr ifru_addr;
		struct bsd_sockaddr ifru_dstaddr;
		struct bsd_sockaddr ifru_broadaddr;
		short ifru_flags;
		int ifru_metric;
		int ifru_mtu;
		int ifru_phys;
		int ifru_media;
		int ifru_intval;
		caddr_t ifru_data;
	} bsd_ifr_ifru;
};

_Static_assert(sizeof(struct bsd_linger) == 8, "linger layout");
_Static_assert(sizeof(struct bsd_ifreq) == 32, "ifreq layout");

/* Callbacks. */

/* @waitf is always 1 (MBUF_DONTWAIT); every kext ignores it. */
typedef void (*sock_upcall)(socket_t so, void *cookie, int waitf);
/* @event: KPI_SO_FILT_HINT_... bits, those of the mask given to sock_catchevents(). */
typedef void (*sock_evupcall)(socket_t so, void *cookie, uint32_t event);

/* Making, keeping and closing sockets. */

KPI_MUST_CHECK errno_t
kpi_sock_socket(int domain, int type, int protocol, sock_upcall callback, void *cookie,
		socket_t *new_so);
KPI_MUST_CHECK errno_t
kpi_sock_socket_internal(int domain, int type, int protocol, sock_upcall callback, void *cookie,
			 socket_t *new_so);
void kpi_sock_close(socket_t so);
void kpi_sock_retain(socket_t so);
void kpi_sock_release(socket_t so);
errno_t kpi_sock_shutdown(socket_t so, int how);

/* Connections. */

KPI_MUST_CHECK errno_t kpi_sock_bind(socket_t so, const struct bsd_sockaddr *to);
KPI_MUST_CHECK errno_t kpi_sock_connect(socket_t so, const struct bsd_sockaddr *to, int flags);
KPI_MUST_CHECK errno_t kpi_sock_connectwait(socket_t so, const struct bsd_timeval *tv);
KPI_MUST_CHECK errno_t kpi_sock_listen(socket_t so, int backlog);
KPI_MUST_CHECK errno_t
kpi_sock_accept(socket_t so, struct bsd_sockaddr *from, int fromlen, int flags,
		sock_upcall callback, void *cookie, socket_t *new_so);
KPI_MUST_CHECK errno_t
kpi_sock_accept_internal(socket_t so, struct bsd_sockaddr *from, int fromlen, int flags,
			 sock_upcall callback, void *cookie, socket_t *new_so);

/* Data. */

KPI_MUST_CHECK errno_t
kpi_sock_receive(socket_t so, struct bsd_msghdr *msg, int flags, size_t *recvdlen);
KPI_MUST_CHECK errno_t
kpi_sock_receivembuf(socket_t so, struct bsd_msghdr *msg, mbuf_t *data, int flags,
		     size_t *recvlen);
KPI_MUST_CHECK errno_t
kpi_sock_send(socket_t so, const struct bsd_msghdr *msg, int flags, size_t *sentlen);
KPI_MUST_CHECK errno_t
kpi_sock_sendmbuf(socket_t so, const struct bsd_msghdr *msg, mbuf_t data, int flags,
		  size_t *sentlen);
KPI_MUST_CHECK errno_t
kpi_sock_sendmbuf_can_wait(socket_t so, const struct bsd_msghdr *msg, mbuf_t data, int flags,
			   size_t *sentlen);

/* Options and requests. */

KPI_MUST_CHECK errno_t
kpi_sock_getsockopt(socket_t so, int level, int optname, void *optval, int *optlen);
KPI_MUST_CHECK errno_t
kpi_sock_setsockopt(socket_t so, int level, int optname, const void *optval, int optlen);
KPI_MUST_CHECK errno_t kpi_sock_settclassopt(socket_t so, const void *optval, size_t optlen);
KPI_MUST_CHECK errno_t kpi_sock_gettclassopt(socket_t so, void *optval, size_t *optlen);
KPI_MUST_CHECK errno_t kpi_sock_ioctl(socket_t so, unsigned long request, void *argp);
errno_t kpi_sock_setpriv(socket_t so, int on);
errno_t kpi_sock_nointerrupt(socket_t so, int on);

/* Sockets of the calling process's descriptors. */

KPI_MUST_CHECK errno_t kpi_file_socket(int fd, socket_t *so);
int kpi_file_drop(int fd);

/* State. */

int kpi_sock_isconnected(socket_t so);
int kpi_sock_isnonblocking(socket_t so);
int kpi_sock_iskernel(socket_t so);
errno_t kpi_sock_gettype(socket_t so, int *domain, int *type, int *protocol);
socket_t kpi_sock_getlistener(socket_t so);

/* Names. */

KPI_MUST_CHECK errno_t kpi_sock_getsockname(socket_t so, struct bsd_sockaddr *name, int namelen);
KPI_MUST_CHECK errno_t kpi_sock_getpeername(socket_t so, struct bsd_sockaddr *name, int namelen);
KPI_MUST_CHECK errno_t kpi_sock_getaddr(socket_t so, struct bsd_sockaddr **psa, int peer);
void kpi_sock_freeaddr(struct bsd_sockaddr *sa);

/* Upcalls. */

errno_t kpi_sock_setupcall(socket_t so, sock_upcall callback, void *context);
errno_t kpi_sock_setupcalls(socket_t so, sock_upcall read_callback, void *read_context,
			    sock_upcall write_callback, void *write_context);
errno_t kpi_socket_defunct(proc_t p, socket_t so, int level);
errno_t kpi_sock_catchevents(socket_t so, sock_evupcall callback, void *context,
			     uint32_t event_mask);

#endif /* _KPI_SOCKET_H */
