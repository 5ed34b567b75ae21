/* SPDX-License-Identifier: GPL-2.0 */
/* A control whose callbacks note what they are told and do as they are bidden. */
#ifndef _KUNIT_CONTROL_FIXTURE_H
#define _KUNIT_CONTROL_FIXTURE_H

#include <sys/kern_control.h>
#include <sys/socket.h>
#include <sys/systm.h>

#include "../test.h"

#define NAME	"org.example.netkpi.test"

struct seen {
	/* what callbacks return, and do besides */
	errno_t connect_result;
	errno_t send_result;
	errno_t getopt_result;
	void (*in_connect)(kern_ctl_ref ref, u_int32_t unit);
	void (*in_disconnect)(kern_ctl_ref ref, u_int32_t unit);
	void (*in_send)(kern_ctl_ref ref, u_int32_t unit);
	size_t tell_len;			/* what getopt says of its length */
	/* what they were told */
	int connects, disconnects, sends, setopts, getopts;
	kern_ctl_ref ref;
	struct sockaddr_ctl name;
	u_int32_t unit;
	void *unitinfo;
	size_t len;				/* of the last message or option */
	size_t total;				/* of all messages */
	int flags, opt;
	int had_data;
	char data[256];
};

extern struct seen seen;
extern int unitinfo;				/* what connect hands out is its address */

/* A registration with all callbacks; and one made, with everything in seen fresh. */
struct kern_ctl_reg reg_of(const char *name, u_int32_t flags);
kern_ctl_ref make_control(u_int32_t flags, u_int32_t *id);
kern_ctl_ref make_sized(u_int32_t flags, u_int32_t sendsize, u_int32_t recvsize, u_int32_t *id);
void end_control(kern_ctl_ref ref);
/* A client of it; ended by ct_close(). */
struct ct_client *make_client(int type, u_int32_t id);
mbuf_t packet(const void *data, size_t len);

#endif /* _KUNIT_CONTROL_FIXTURE_H */
