/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tests of kernel controls, written as kext code: EXPECT and the like are those of
 * ../kext_test.h. A program's end is behind the calls below, in the Linux world.
 */
#ifndef _KUNIT_CONTROL_TEST_H
#define _KUNIT_CONTROL_TEST_H

#include "../kext_test.h"

#define CT_SUITES(suite)						\
	suite(control_register) suite(control_connect)			\
	suite(control_data) suite(control_option)			\
	suite(control_event) suite(control_socket)			\
	suite(control_race)

CT_SUITES(KT_DECLARE)

/* Linux's errno, as a program gets it. */
#define CT_FAILS(call, error)	EXPECT_EQ(call, -(error))

#define CT_STREAM	1
#define CT_DGRAM	2

/* A program's socket; NULL if there is none to be had. Reads end after seconds. */
struct ct_client;
struct ct_client *ct_open(int type);
int ct_open_error(int type, int protocol);
void ct_close(struct ct_client *c);
int ct_connect(struct ct_client *c, u_int32_t id, u_int32_t unit);	/* Linux's layout */
int ct_connect_bsd(struct ct_client *c, u_int32_t id, u_int32_t unit, unsigned int family);
int ct_connect_sized(struct ct_client *c, u_int32_t id, int size);
int ct_connect_as_user(struct ct_client *c, u_int32_t id);
int ct_disconnect(struct ct_client *c);
int ct_peer(struct ct_client *c, void *name);	/* 32 bytes; the size */
int ct_shutdown(struct ct_client *c, int how);
long ct_send(struct ct_client *c, const void *data, size_t len, int flags);
long ct_recv(struct ct_client *c, void *data, size_t len, int flags);
long ct_recv_flags(struct ct_client *c, void *data, size_t len, int *flags);
unsigned int ct_poll(struct ct_client *c);
int ct_set_rcvbuf(struct ct_client *c, int size);
int ct_set_rcvlowat(struct ct_client *c, int size);
int ct_setopt(struct ct_client *c, int level, int name, const void *data, unsigned int len);
/* These need a page of user memory, and say -ENODEV without. */
int ct_getopt(struct ct_client *c, int level, int name, void *data, int *len);
int ct_getopt_null(struct ct_client *c, int name, int *len);
int ct_info(struct ct_client *c, const char *name, u_int32_t *id);
int ct_count(struct ct_client *c);
int ct_unread(struct ct_client *c);

/* A listener to kernel events; the same calls read, poll and close it. */
struct ct_client *ct_listen(void);
int ct_filter(struct ct_client *c, u_int32_t vendor, u_int32_t class, u_int32_t subclass);
int ct_get_filter(struct ct_client *c, u_int32_t filter[3]);
int ct_vendor(struct ct_client *c, const char *name, u_int32_t *code);
int ct_next_event(struct ct_client *c, u_int32_t *id);

#define CT_ENODEV	19
#define CT_POLLIN	0x1
#define CT_POLLOUT	0x4
#define CT_POLLHUP	0x10

#endif /* _KUNIT_CONTROL_TEST_H */
