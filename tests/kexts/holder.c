// SPDX-License-Identifier: GPL-2.0
/*
 * A kext that holds what its parameters ask for, so that there is something to
 * see in kextstat, and that refuses to start or to stop as often as it is told.
 */

#include <sys/systm.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <kern/thread.h>
#include <libkern/OSMalloc.h>
#include <mach/mach_types.h>

#define MOST	16

int sockets;
int packets;
int blocks;
int thread;
int refusals;
int start_result;
int mistakes;

static socket_t held_sockets[MOST];
static mbuf_t held_packets;
static void *held_blocks[MOST];
static OSMallocTag tag;
static boolean_t quit;
static boolean_t thread_is_there;

static void
wait_for_quit(void *parameter, wait_result_t unused)
{
	struct timespec tick = { 0, 20000000 };

	while (!quit)
		msleep(&quit, NULL, PZERO, "holder", &tick);
	thread_is_there = FALSE;
}

static errno_t
take_sockets(void)
{
	errno_t error = 0;
	int i;

	for (i = 0; i < sockets && i < MOST && error == 0; i++)
		error = sock_socket(PF_INET, SOCK_DGRAM, 0, NULL, NULL, &held_sockets[i]);
	return error;
}

static errno_t
take_packets(void)
{
	errno_t error = 0;
	mbuf_t m;
	int i;

	for (i = 0; i < packets && error == 0; i++) {
		error = mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &m);
		if (error != 0)
			break;
		mbuf_setnextpkt(m, held_packets);
		held_packets = m;
	}
	return error;
}

/* The owner closes a socket twice. */
static errno_t
make_mistakes(void)
{
	socket_t so;
	errno_t error;
	int i;

	for (i = 0; i < mistakes; i++) {
		error = sock_socket(PF_INET, SOCK_DGRAM, 0, NULL, NULL, &so);
		if (error != 0)
			return error;
		sock_retain(so);
		sock_close(so);
		sock_close(so);
		sock_release(so);
	}
	return 0;
}

static void
take_blocks(void)
{
	int i;

	for (i = 0; i < blocks && i < MOST; i++)
		held_blocks[i] = OSMalloc(100, tag);
}

static errno_t
take_thread(void)
{
	thread_t started;

	if (thread == 0)
		return 0;
	thread_is_there = TRUE;
	if (kernel_thread_start(wait_for_quit, NULL, &started) != KERN_SUCCESS)
		return EAGAIN;
	thread_deallocate(started);
	return 0;
}

static void
let_go(void)
{
	struct timespec tick = { 0, 20000000 };
	int i;

	quit = TRUE;
	while (thread_is_there)
		msleep(&thread_is_there, NULL, PZERO, "holder", &tick);
	for (i = 0; i < MOST; i++) {
		if (held_sockets[i] != NULL)
			sock_close(held_sockets[i]);
		if (held_blocks[i] != NULL)
			OSFree(held_blocks[i], 100, tag);
	}
	mbuf_freem_list(held_packets);
	OSMalloc_Tagfree(tag);
}

kern_return_t
holder_start(kmod_info_t *ki, void *data)
{
	errno_t error;

	if (start_result != 0)
		return start_result;

	tag = OSMalloc_Tagalloc("holder", OSMT_DEFAULT);
	take_blocks();
	error = make_mistakes();
	if (error == 0)
		error = take_sockets();
	if (error == 0)
		error = take_packets();
	if (error == 0)
		error = take_thread();
	if (error != 0)
		let_go();
	return error;
}

kern_return_t
holder_stop(kmod_info_t *ki, void *data)
{
	if (refusals > 0) {
		refusals--;
		return EBUSY;
	}
	let_go();
	return KERN_SUCCESS;
}
