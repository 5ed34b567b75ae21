/*
 * Keeps bytes for a program, which puts them in and gets them out by a kernel
 * control of the stream kind. Coming out, the program's buffer is filled as it has
 * room, by a thread: a message per cluster, handed over, not copied.
 */
#include <sys/types.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/kern_control.h>
#include <sys/kpi_mbuf.h>
#include <sys/proc.h>
#include <kern/locks.h>
#include <kern/thread.h>
#include <libkern/libkern.h>
#include <libkern/zlib.h>
#include <mach/mach_types.h>

#include "vault.h"

#define PIECE	16384

int limit = 8 << 20;	/* parameters */
int kept;
int waits;

static lck_grp_t	*vault_grp;
static lck_mtx_t	*vault_mtx;		/* guards the next ones */
static mbuf_t		first;			/* packets, by nextpkt */
static mbuf_t		last;
static u_int32_t	crc;
static u_int32_t	playing;		/* the unit that it goes to; 0: none */
static boolean_t	thread_runs;
static boolean_t	user;			/* one program at a time */
static kern_ctl_ref	control;

static void
forget_locked(void)
{
	mbuf_t m;

	while ((m = first) != NULL) {
		first = mbuf_nextpkt(m);
		mbuf_setnextpkt(m, NULL);
		mbuf_freem(m);
	}
	last = NULL;
	kept = 0;
	crc = crc32(0, NULL, 0);
}

static void
count_bytes(mbuf_t m)
{
	for (; m != NULL; m = mbuf_next(m))
		crc = crc32(crc, mbuf_data(m), mbuf_len(m));
}

static errno_t
vault_send(kern_ctl_ref ref, u_int32_t unit, void *unitinfo, mbuf_t m, int flags)
{
	errno_t error = 0;

	lck_mtx_lock(vault_mtx);
	if (kept + (int)mbuf_pkthdr_len(m) > limit || playing != 0) {
		error = playing != 0 ? EALREADY : ENOSPC;
		mbuf_freem(m);
	} else {
		count_bytes(m);
		kept += mbuf_pkthdr_len(m);
		if (last != NULL)
			mbuf_setnextpkt(last, m);
		else
			first = m;
		last = m;
	}
	lck_mtx_unlock(vault_mtx);
	return error;
}

/* Shares the clusters with the vault, which can be played again. */
static errno_t
play_one(mbuf_t m)
{
	mbuf_t copy;
	errno_t error;

	error = mbuf_copym(m, 0, MBUF_COPYALL, MBUF_WAITOK, &copy);
	if (error != 0)
		return error;
	error = ctl_enqueuembuf(control, playing, copy, mbuf_nextpkt(m) == NULL ? CTL_DATA_EOR : 0);
	if (error != 0)
		mbuf_freem(copy);
	return error;
}

/* There is no call that tells of room: so the thread looks, as others do. */
static void
wait_for_room(void)
{
	struct timespec ts = { 0, 2000000 };

	waits++;
	msleep(&playing, vault_mtx, PSOCK, "vault", &ts);
}

static void
player(void *arg, wait_result_t unused)
{
	mbuf_t m;

	lck_mtx_lock(vault_mtx);
	m = first;
	while (m != NULL && playing != 0) {
		switch (play_one(m)) {
		case 0:
			m = mbuf_nextpkt(m);
			break;
		case ENOBUFS:
			wait_for_room();
			break;
		default:
			m = NULL;
		}
	}
	playing = 0;
	thread_runs = FALSE;
	wakeup(&thread_runs);
	lck_mtx_unlock(vault_mtx);
}

static errno_t
play_locked(u_int32_t unit)
{
	thread_t thread;

	if (playing != 0)
		return EALREADY;
	playing = unit;
	thread_runs = TRUE;
	if (kernel_thread_start(player, NULL, &thread) != KERN_SUCCESS) {
		playing = 0;
		thread_runs = FALSE;
		return ENOMEM;
	}
	thread_deallocate(thread);
	return 0;
}

static void
end_play_locked(void)
{
	playing = 0;
	wakeup(&playing);
	while (thread_runs)
		msleep(&thread_runs, vault_mtx, PSOCK, "vault end", NULL);
}

static errno_t
vault_connect(kern_ctl_ref ref, struct sockaddr_ctl *sac, void **unitinfo)
{
	errno_t error = 0;

	lck_mtx_lock(vault_mtx);
	if (user)
		error = EBUSY;
	else
		*unitinfo = &user;
	user = TRUE;
	lck_mtx_unlock(vault_mtx);
	return error;
}

static errno_t
vault_disconnect(kern_ctl_ref ref, u_int32_t unit, void *unitinfo)
{
	if (unitinfo == NULL)
		return 0;
	lck_mtx_lock(vault_mtx);
	end_play_locked();
	user = FALSE;
	lck_mtx_unlock(vault_mtx);
	return 0;
}

static errno_t
vault_setopt(kern_ctl_ref ref, u_int32_t unit, void *unitinfo, int opt, void *data, size_t len)
{
	errno_t error = 0;

	lck_mtx_lock(vault_mtx);
	switch (opt) {
	case VAULT_EMPTY:
		end_play_locked();
		forget_locked();
		break;
	case VAULT_PLAY:
		error = play_locked(unit);
		break;
	default:
		error = ENOPROTOOPT;
	}
	lck_mtx_unlock(vault_mtx);
	return error;
}

static errno_t
vault_getopt(kern_ctl_ref ref, u_int32_t unit, void *unitinfo, int opt, void *data, size_t *len)
{
	struct vault_status status;

	if (opt != VAULT_STATUS)
		return ENOPROTOOPT;
	if (data != NULL && *len < sizeof(status))
		return EMSGSIZE;
	lck_mtx_lock(vault_mtx);
	status.bytes = kept;
	status.crc = crc;
	status.limit = limit;
	lck_mtx_unlock(vault_mtx);
	if (data != NULL)
		memcpy(data, &status, sizeof(status));
	*len = sizeof(status);
	return 0;
}

kern_return_t
vault_start(kmod_info_t *ki, void *data)
{
	struct kern_ctl_reg reg;

	vault_grp = lck_grp_alloc_init("vault", LCK_GRP_ATTR_NULL);
	vault_mtx = lck_mtx_alloc_init(vault_grp, LCK_ATTR_NULL);
	crc = crc32(0, NULL, 0);

	bzero(&reg, sizeof(reg));
	strncpy(reg.ctl_name, VAULT_NAME, sizeof(reg.ctl_name) - 1);
	reg.ctl_flags = CTL_FLAG_REG_SOCK_STREAM;
	reg.ctl_sendsize = PIECE;
	reg.ctl_recvsize = 8 * PIECE;
	reg.ctl_connect = vault_connect;
	reg.ctl_disconnect = vault_disconnect;
	reg.ctl_send = vault_send;
	reg.ctl_setopt = vault_setopt;
	reg.ctl_getopt = vault_getopt;
	if (ctl_register(&reg, &control) == 0)
		return KERN_SUCCESS;
	lck_mtx_free(vault_mtx, vault_grp);
	lck_grp_free(vault_grp);
	return KERN_FAILURE;
}

kern_return_t
vault_stop(kmod_info_t *ki, void *data)
{
	if (ctl_deregister(control) != 0)
		return KERN_FAILURE;
	lck_mtx_lock(vault_mtx);
	forget_locked();
	lck_mtx_unlock(vault_mtx);
	lck_mtx_free(vault_mtx, vault_grp);
	lck_grp_free(vault_grp);
	return KERN_SUCCESS;
}
