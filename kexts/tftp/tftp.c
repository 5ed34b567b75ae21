// SPDX-License-Identifier: GPL-2.0
/*
 * A TFTP client: reads a file in blocks of 1428 bytes (512 if the server knows
 * no options). Each datagram is answered in the upcall it caused; a thread call
 * repeats the last answer when nothing came for 300 ms.
 */
#include <mach/mach_types.h>
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/malloc.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <netinet/in.h>
#include <kern/clock.h>
#include <kern/locks.h>
#include <kern/thread_call.h>

#define TFTP_RRQ	1
#define TFTP_DATA	3
#define TFTP_ACK	4
#define TFTP_ERROR	5
#define TFTP_OACK	6

#define TFTP_HEADER	4		/* operation, block or error number */
#define TFTP_BLOCK	512
#define TFTP_BIG_BLOCK	1428
#define TFTP_WAIT	300		/* milliseconds */
#define TFTP_TRIES	20

struct tftp {
	decl_lck_mtx_data(, mtx);	/* guards all of it */
	socket_t	so;
	thread_call_t	timer;
	struct sockaddr_in peer;	/* the server answers from a port of its own */
	boolean_t	settled;	/* peer is that port */
	u_int16_t	expected;	/* number of the block to come */
	size_t		block_len;
	mbuf_t		last;		/* what we said last */
	int		tries;		/* how often we said it */
	boolean_t	over;
};

char		*server = "127.0.0.1";
int		port = 69;
char		*file = "";

int		done;
int		result;
int		blocks;
unsigned int	bytes;
unsigned int	crc;

static lck_grp_t *tftp_grp;
static struct tftp *tftp;

static void
tftp_finish(struct tftp *t, errno_t error)
{
	result = error;
	if (error != 0)
		printf("tftp: %s:%d %s: error %d\n", server, port, file, error);
	else
		printf("tftp: %s: %d blocks, %u bytes, crc32 %08x\n", file, blocks, bytes, crc);
	t->over = TRUE;
	done = 1;
}

static void
tftp_transmit(struct tftp *t)
{
	struct msghdr msg = { &t->peer, sizeof(t->peer) };
	uint64_t deadline;
	size_t sent;
	mbuf_t m;

	if (t->tries++ == TFTP_TRIES) {
		tftp_finish(t, ETIMEDOUT);
		return;
	}
	/* a failure is as good as a datagram lost on the way */
	if (mbuf_copym(t->last, 0, MBUF_COPYALL, MBUF_WAITOK, &m) == 0)
		(void)sock_sendmbuf(t->so, &msg, m, MSG_DONTWAIT, &sent);
	clock_interval_to_deadline(TFTP_WAIT, NSEC_PER_MSEC, &deadline);
	thread_call_enter_delayed(t->timer, deadline);
}

/* Takes over the packet, NULL if there was no memory for it. */
static void
tftp_say(struct tftp *t, mbuf_t m)
{
	if (m == NULL) {
		tftp_finish(t, ENOMEM);
		return;
	}
	mbuf_freem(t->last);
	t->last = m;
	t->tries = 0;
	tftp_transmit(t);
}

static mbuf_t
tftp_packet(const void *data, size_t len)
{
	mbuf_t m;

	if (mbuf_allocpacket(MBUF_WAITOK, len, NULL, &m) != 0)
		return NULL;
	if (mbuf_copyback(m, 0, len, data, MBUF_WAITOK) == 0)
		return m;
	mbuf_freem(m);
	return NULL;
}

static void
tftp_request(struct tftp *t)
{
	char request[256];
	int len;

	request[0] = 0;
	request[1] = TFTP_RRQ;
	len = 2 + snprintf(request + 2, sizeof(request) - 2, "%s%coctet%cblksize%c%d",
			   file, 0, 0, 0, TFTP_BIG_BLOCK) + 1;
	tftp_say(t, tftp_packet(request, len));
}

static void
tftp_ack(struct tftp *t, u_int16_t block)
{
	u_int16_t ack[] = { htons(TFTP_ACK), htons(block) };

	tftp_say(t, tftp_packet(ack, sizeof(ack)));
}

#pragma mark Answers

static void
tftp_data(struct tftp *t, mbuf_t m, u_int16_t block)
{
	size_t len = mbuf_pkthdr_len(m) - TFTP_HEADER;

	if (block != t->expected)
		return;			/* our answer to it is under way or will be repeated */

	mbuf_adj(m, TFTP_HEADER);
	for (; m != NULL; m = mbuf_next(m))
		crc = crc32(crc, mbuf_data(m), mbuf_len(m));
	bytes += len;
	blocks++;
	t->expected++;
	tftp_ack(t, block);
	if (len < t->block_len)
		tftp_finish(t, 0);
}

static void
tftp_answer(struct tftp *t, mbuf_t m)
{
	u_int16_t head[2];

	if (mbuf_copydata(m, 0, sizeof(head), head) != 0)
		return;
	switch (ntohs(head[0])) {
	case TFTP_DATA:
		tftp_data(t, m, ntohs(head[1]));
		break;
	case TFTP_OACK:
		t->block_len = TFTP_BIG_BLOCK;
		if (t->expected == 1)
			tftp_ack(t, 0);
		break;
	case TFTP_ERROR:
		tftp_finish(t, ENOENT);
		break;
	}
}

static boolean_t
tftp_is_peer(struct tftp *t, struct sockaddr_in *from)
{
	if (from->sin_addr.s_addr != t->peer.sin_addr.s_addr)
		return FALSE;
	if (!t->settled) {
		t->peer.sin_port = from->sin_port;
		t->settled = TRUE;
	}
	return from->sin_port == t->peer.sin_port;
}

static void
tftp_upcall(socket_t so, void *cookie, int waitf)
{
	struct tftp *t = cookie;
	struct sockaddr_in from;
	struct msghdr msg = { &from, sizeof(from) };
	size_t len = 65535;
	mbuf_t m;

	lck_mtx_lock(&t->mtx);
	if (sock_receivembuf(so, &msg, &m, MSG_DONTWAIT, &len) == 0 && m != NULL) {
		if (!t->over && tftp_is_peer(t, &from))
			tftp_answer(t, m);
		mbuf_freem(m);
	}
	lck_mtx_unlock(&t->mtx);
}

static void
tftp_timer(thread_call_param_t p0, thread_call_param_t p1)
{
	struct tftp *t = p0;

	lck_mtx_lock(&t->mtx);
	if (!t->over)
		tftp_transmit(t);
	lck_mtx_unlock(&t->mtx);
}

#pragma mark Start and stop

static void
tftp_free(struct tftp *t)
{
	lck_mtx_lock(&t->mtx);
	t->over = TRUE;
	lck_mtx_unlock(&t->mtx);

	sock_close(t->so);
	thread_call_cancel_wait(t->timer);
	thread_call_free(t->timer);
	mbuf_freem(t->last);
	lck_mtx_destroy(&t->mtx, tftp_grp);
	lck_grp_free(tftp_grp);
	FREE(t, M_TEMP);
}

static errno_t
tftp_open(struct tftp *t)
{
	int on = 1;
	errno_t error;

	error = sock_socket(PF_INET, SOCK_DGRAM, 0, tftp_upcall, t, &t->so);
	if (error == 0)
		error = sock_setsockopt(t->so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, &on, sizeof(on));
	return error;
}

static boolean_t
tftp_bad_parameters(struct sockaddr_in *sin)
{
	if (inet_aton(server, &sin->sin_addr) == 0)
		printf("tftp: server=%s: not an IPv4 address\n", server);
	else if (port < 1 || port > 65535)
		printf("tftp: port=%d: not a port\n", port);
	else if (file[0] == '\0' || strlen(file) > 200)
		printf("tftp: file=%s: no name of 1 to 200 characters\n", file);
	else
		return FALSE;
	return TRUE;
}

kern_return_t
tftp_start(kmod_info_t *ki, void *data)
{
	struct sockaddr_in sin = { sizeof(sin), AF_INET, htons(port) };

	if (tftp_bad_parameters(&sin))
		return KERN_INVALID_ARGUMENT;

	MALLOC(tftp, struct tftp *, sizeof(*tftp), M_TEMP, M_WAITOK | M_ZERO);
	tftp_grp = lck_grp_alloc_init("org.netkpi.port.tftp", LCK_GRP_ATTR_NULL);
	lck_mtx_init(&tftp->mtx, tftp_grp, LCK_ATTR_NULL);
	tftp->timer = thread_call_allocate(tftp_timer, tftp);
	tftp->peer = sin;
	tftp->expected = 1;
	tftp->block_len = TFTP_BLOCK;
	if (tftp_open(tftp) != 0) {
		tftp_free(tftp);
		return KERN_FAILURE;
	}

	lck_mtx_lock(&tftp->mtx);
	tftp_request(tftp);
	lck_mtx_unlock(&tftp->mtx);
	return KERN_SUCCESS;
}

kern_return_t
tftp_stop(kmod_info_t *ki, void *data)
{
	tftp_free(tftp);
	return KERN_SUCCESS;
}
