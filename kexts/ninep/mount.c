// SPDX-License-Identifier: GPL-2.0
/*
 * Reads a file from a 9P2000.L server, with four reads on their way at any time,
 * as a file system that reads ahead would.
 */
#include <mach/mach_types.h>
#include <kern/locks.h>
#include <kern/thread.h>
#include <libkern/OSByteOrder.h>

#include "session.h"

#define NOFID		0xffffffffu
#define ROOT_FID	1
#define FILE_FID	2
#define READ_MAX	(NINEP_MSIZE - 24)
#define AHEAD		4

char		*server = "127.0.0.1";
int		port = 564;
char		*export = "/";
char		*file = "file";		/* in the exported folder */

int		done;
int		result;
unsigned int	bytes;
unsigned int	crc;

static struct sockaddr_in ninep_to;
static lck_grp_t	*grp;
static lck_mtx_t	*mtx;
static boolean_t	running;

/* For requests of which only the success is of interest. */
static errno_t
call(struct request *r)
{
	mbuf_t reply;
	errno_t error;

	error = session_call(r, &reply);
	if (error == 0)
		mbuf_freem(reply);
	return error;
}

static errno_t
version(void)
{
	struct request r;
	u_char answer[4 + 2 + 8];
	mbuf_t reply;
	errno_t error;

	request_init(&r, TVERSION);
	request_u32(&r, NINEP_MSIZE);
	request_str(&r, "9P2000.L");
	error = session_call(&r, &reply);
	if (error != 0)
		return error;
	if (mbuf_copydata(reply, 0, sizeof(answer), answer) != 0 ||
	    OSReadLittleInt32(answer, 0) < NINEP_MSIZE || memcmp(answer + 6, "9P2000.L", 8) != 0)
		error = EPROTONOSUPPORT;
	mbuf_freem(reply);
	return error;
}

static errno_t
attach(void)
{
	struct request r;

	request_init(&r, TATTACH);
	request_u32(&r, ROOT_FID);
	request_u32(&r, NOFID);
	request_str(&r, "root");
	request_str(&r, export);
	request_u32(&r, 0);
	return call(&r);
}

static errno_t
open_file(void)
{
	struct request r;
	errno_t error;

	request_init(&r, TWALK);
	request_u32(&r, ROOT_FID);
	request_u32(&r, FILE_FID);
	request_u16(&r, 1);
	request_str(&r, file);
	error = call(&r);
	if (error != 0)
		return error;
	request_init(&r, TLOPEN);
	request_u32(&r, FILE_FID);
	request_u32(&r, 0);
	return call(&r);
}

static errno_t
ask_for(u_int64_t offset, int *tag)
{
	struct request r;

	request_init(&r, TREAD);
	request_u32(&r, FILE_FID);
	request_u64(&r, offset);
	request_u32(&r, READ_MAX);
	return session_send(&r, tag);
}

/* The count comes first, then that many bytes. */
static errno_t
take_data(mbuf_t reply, u_int32_t *count)
{
	mbuf_t m;

	if (mbuf_copydata(reply, 0, sizeof(*count), count) != 0)
		return EBADRPC;
	*count = OSSwapLittleToHostInt32(*count);
	mbuf_adj(reply, sizeof(*count));
	if (mbuf_pkthdr_len(reply) != *count)
		return EBADRPC;
	for (m = reply; m != NULL; m = mbuf_next(m))
		crc = crc32(crc, mbuf_data(m), mbuf_len(m));
	bytes += *count;
	return 0;
}

static errno_t
read_file(void)
{
	u_int32_t count = READ_MAX;
	u_int64_t offset = 0;
	int tags[AHEAD], asked = 0, got = 0;
	mbuf_t reply;
	errno_t error = 0;

	while (error == 0 && count == READ_MAX) {
		for (; asked < got + AHEAD && error == 0; offset += READ_MAX)
			if ((error = ask_for(offset, &tags[asked % AHEAD])) == 0)
				asked++;
		if (error == 0)
			error = session_wait(tags[got++ % AHEAD], &reply);
		if (error == 0) {
			error = take_data(reply, &count);
			mbuf_freem(reply);
		}
	}
	while (got < asked)			/* those behind the end */
		if (session_wait(tags[got++ % AHEAD], &reply) == 0)
			mbuf_freem(reply);
	return error;
}

static errno_t
clunk(u_int32_t fid)
{
	struct request r;

	request_init(&r, TCLUNK);
	request_u32(&r, fid);
	return call(&r);
}

static errno_t
read_all(void)
{
	errno_t error;

	if ((error = session_connect(&ninep_to)) || (error = version()) ||
	    (error = attach()) || (error = open_file()) || (error = read_file()) ||
	    (error = clunk(FILE_FID)))
		return error;
	return clunk(ROOT_FID);
}

static void
ninep_thread(void *arg, wait_result_t wr)
{
	result = read_all();
	if (result != 0)
		printf("ninep: %s:%d %s/%s: error %d\n", server, port, export, file, result);
	else
		printf("ninep: %s/%s: %u bytes, crc32 %08x\n", export, file, bytes, crc);

	lck_mtx_lock(mtx);
	running = FALSE;
	done = 1;
	wakeup(&running);
	lck_mtx_unlock(mtx);
}

static boolean_t
bad_parameters(void)
{
	ninep_to.sin_len = sizeof(ninep_to);
	ninep_to.sin_family = AF_INET;
	ninep_to.sin_port = htons(port);
	if (inet_aton(server, &ninep_to.sin_addr) == 0)
		printf("ninep: server=%s: not an IPv4 address\n", server);
	else if (port < 1 || port > 65535)
		printf("ninep: port=%d: not a port\n", port);
	else if (file[0] == '\0' || strchr(file, '/') != NULL)
		printf("ninep: file=%s: must be one name\n", file);
	else
		return FALSE;
	return TRUE;
}

static void
cleanup(void)
{
	session_destroy();
	lck_mtx_free(mtx, grp);
	lck_grp_free(grp);
}

kern_return_t
ninep_start(kmod_info_t *ki, void *data)
{
	thread_t thread;
	errno_t error;

	if (bad_parameters())
		return KERN_INVALID_ARGUMENT;
	grp = lck_grp_alloc_init("org.netkpi.port.ninep.mount", LCK_GRP_ATTR_NULL);
	mtx = lck_mtx_alloc_init(grp, LCK_ATTR_NULL);
	running = TRUE;
	error = session_create();
	if (error == 0 && kernel_thread_start(ninep_thread, NULL, &thread) != KERN_SUCCESS)
		error = ENOMEM;
	if (error != 0) {
		printf("ninep: error %d\n", error);
		cleanup();
		return KERN_FAILURE;
	}
	thread_deallocate(thread);
	return KERN_SUCCESS;
}

kern_return_t
ninep_stop(kmod_info_t *ki, void *data)
{
	lck_mtx_lock(mtx);
	while (running) {
		session_interrupt();
		msleep(&running, mtx, PSOCK, "ninepstop", NULL);
	}
	lck_mtx_unlock(mtx);
	cleanup();
	return KERN_SUCCESS;
}
