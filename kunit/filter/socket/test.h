/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the scenarios of socket filters stand on.
 *
 * A scenario is kext code. The program whose sockets are filtered is in program.c, in
 * the Linux world: it does what the system calls do. All its sockets are on the
 * loopback interface.
 */
#ifndef _KUNIT_SOCKET_FILTER_TEST_H
#define _KUNIT_SOCKET_FILTER_TEST_H

#include "../../kext_test.h"

#define FT_SUITES(suite)						\
	suite(sflt_register) suite(sflt_decide) suite(sflt_connect_in) suite(sflt_own)	\
	suite(sflt_data) suite(sflt_unseen)

FT_SUITES(KT_DECLARE)

/*
 * A program's sockets. A negative result is Linux's errno. They are closed when the
 * scenario ends, unless ft_close() comes first.
 */
struct ft_sock;
struct ft_thread;

struct ft_sock *ft_open(int family, int type, int protocol);
void ft_try_socket(unsigned int n);	/* opens a TCP socket while the n-th allocation fails */
struct ft_sock *ft_tcp(void);
struct ft_sock *ft_udp(void);
int ft_bind(struct ft_sock *s, u_int16_t port);
int ft_connect(struct ft_sock *s, u_int16_t port, int nonblock);
int ft_listen(struct ft_sock *s);
struct ft_sock *ft_accept(struct ft_sock *s, int *err);
int ft_shutdown(struct ft_sock *s, int how);
void ft_close(struct ft_sock *s);
int ft_port(struct ft_sock *s, int peer);
int ft_linux_port(struct ft_sock *s, int peer);	/* what the filters do not see */
long ft_send(struct ft_sock *s, const void *buf, size_t len, int flags);
long ft_send_to(struct ft_sock *s, u_int16_t port, const void *buf, size_t len);
long ft_recv(struct ft_sock *s, void *buf, size_t len, int flags);
long ft_recv_from(struct ft_sock *s, u_int16_t *port, void *buf, size_t len, int flags);
long ft_recv_cut(struct ft_sock *s, void *buf, size_t len, int *cut);	/* MSG_TRUNC? */
int ft_setopt(struct ft_sock *s, int level, int name, int value);
int ft_getopt(struct ft_sock *s, int level, int name, int *value, int *len);
int ft_inq(struct ft_sock *s);
unsigned int ft_poll(struct ft_sock *s);
int ft_readable(struct ft_sock *s);	/* poll says so */
unsigned int ft_pollin(void);
unsigned int ft_pollerr(void);
#define ERESTARTSYS_	512		/* what a program never sees */
int ft_state(struct ft_sock *s);
int ft_is_wrapped(struct ft_sock *s);		/* has the operations of the layer */
struct ft_sock *ft_open_elsewhere(void);	/* TCP, in another network namespace */
struct ft_sock *ft_open_kernels(void);		/* TCP, as the kernel makes one for itself */
void *ft_init(struct ft_sock *s);		/* what is called when another one is opened */
void ft_fill(struct ft_sock *s, int on);	/* its send buffer is full, until it is not */
int ft_waits_for_space(struct ft_sock *s);	/* who polls it is told when there is some */
int ft_ulp(struct ft_sock *s, const char *name);
int ft_refused_ulp(struct ft_sock *s, struct ft_thread *reader);	/* when that one sleeps: EUSERS */
int ft_addrform(struct ft_sock *s, int family);
int ft_nke(struct ft_sock *s, int level, u_int32_t handle, int len);	/* SO_NKE */
int ft_retries(struct ft_sock *s);		/* how often it has sent the same again */
int ft_same_tcp(struct ft_sock *a, struct ft_sock *b);	/* the same functions below */

/* Rarer things that happen to a socket; what Linux knows by names of its own. */
int ft_listen_for(struct ft_sock *s, int backlog);
int ft_connect_late(struct ft_sock *s, u_int16_t port);	/* with the first data */
int ft_disconnect(struct ft_sock *s);
int ft_is_connected(struct ft_sock *s);
int ft_repair(struct ft_sock *s, int on);
void ft_set_sndtimeo(struct ft_sock *s, unsigned int ms);
void ft_set_buffers(struct ft_sock *s, int size);
void ft_set_error(struct ft_sock *s, int error);
int ft_take_error(struct ft_sock *s);		/* as SO_ERROR */
void ft_must_not_wait(struct ft_sock *s);	/* for memory, as the socket of a disk */
void ft_take_over(struct ft_sock *s);		/* by another protocol, which says that there is something to read */
void ft_allow_ping(int yes);
unsigned long ft_read_ahead_limit(unsigned long bytes);	/* what it was */
int ft_takes_datagram(struct ft_sock *s);	/* below all; whether nobody else has it */

void ft_forget_filters(void);			/* what a scenario left; kext/filter.c */

/* A connection of the program with itself: [0] has connected, [1] was accepted. */
int ft_pair(struct ft_sock *pair[2]);

/* fn(arg) in another thread of the program; joined when the scenario ends, or before. */
struct ft_thread *ft_thread(void (*fn)(void *arg), void *arg);
void ft_join(struct ft_thread *thread);
int ft_asleep(struct ft_thread *thread);
void ft_kill(struct ft_thread *thread);		/* SIGKILL */

#endif /* _KUNIT_SOCKET_FILTER_TEST_H */
