/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who else has a hand in a socket's data: a protocol over TCP's, filters, something in the
 * kernel. Without them a call may go past Linux's sendmsg and recvmsg.
 */
#ifndef _KPI_SOCKET_OTHERS_H
#define _KPI_SOCKET_OTHERS_H

#include "../filter/socket/ask.h"
#include "socket_priv.h"

/*
 * Whether the protocol is still that of the socket's creation. TLS, BPF maps and
 * the like put one of theirs in its place, with the socket locked, and from then
 * on every byte has to go through it, by sendmsg and recvmsg.
 */
static inline bool kpi_so_is_plain(const struct __socket *so)
{
	return likely(READ_ONCE(so->sk->sk_prot) == so->sk->sk_prot_creator);
}

/* That, and no filter has to see the data: those are met by Linux's calls, too. */
static inline bool kpi_so_is_direct(const struct __socket *so)
{
	return kpi_so_is_plain(so) && likely(!READ_ONCE(so->filtered));
}

/* Whether filters have passed something that nobody has read. */
static inline bool kpi_sflt_so_has_passed(const struct __socket *so)
{
	return unlikely(READ_ONCE(so->filtered)) && kpi_sflt_filtered_has_passed(so);
}

/* Whether something else in the kernel reads and writes a process's socket since it was lent. */
static inline bool kpi_so_is_claimed(const struct __socket *so)
{
	uintptr_t owner = (uintptr_t)READ_ONCE(so->sk->sk_user_data) & SK_USER_DATA_PTRMASK;

	return unlikely(owner && owner != (uintptr_t)so) && kpi_so_is_plain(so);
}

#endif /* _KPI_SOCKET_OTHERS_H */
