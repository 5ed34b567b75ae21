/* SPDX-License-Identifier: GPL-2.0 */
/* Tests of filters and interfaces, written as kext code: see ../kext_test.h. */
#ifndef _KUNIT_FILTER_TEST_H
#define _KUNIT_FILTER_TEST_H

#include "../kext_test.h"

#define FT_SUITES(suite)						\
	suite(filter_ip) suite(filter_ip_inject) suite(filter_interface) suite(filter_made)	\
	suite(filter_ifnet) suite(filter_large)

/* Of a kext that has its filters called where packets are. */
#define FT_DIRECT_SUITES(suite)						\
	suite(filter_ip_direct) suite(filter_ip_inject_direct)		\
	suite(filter_interface_direct) suite(filter_large_direct)

FT_SUITES(KT_DECLARE)
FT_DIRECT_SUITES(KT_DECLARE)

/* loopback.c: how many hooks there are where IP filters have theirs. */
int ft_hooks(int v6);

/* Shows a packet that is passed on, by IP or by a bridge, to IPv4's hooks; 1: one took it. */
int ft_forward(int bridged);

/* A tunnel that carries IPv6 to fd77::/64 in IPv4 (GRE); 1: it is there, or is gone. */
int ft_tunnel(int up);

/* 0: what it usually is. */
void ft_loopback_mtu(unsigned int mtu);

/* The page that what this thread sends is copied to: a new one from now on; how many have it. */
void ft_page_begin(void);
int ft_page_users(void);

/* Datagrams of @each bytes to a port of the loopback, all of them as one; how many bytes, or a negative errno. */
int ft_send_parts(int v6, u_int16_t port, const char *bytes, int each);

/* Counts frames of more than 60 bytes on the loopback, from one call to the other. */
int ft_wire_watch(int on);

/* What somebody else's hooks see of datagrams and segments to a port, in front of all filters and behind them. */
struct ft_seen {
	int first, last;		/* of LOCAL_OUT's and of LOCAL_IN's hooks */
	int sent;			/* on their way to the wire */
	int unpaid;			/* more than 100 bytes that no socket is charged for */
	int shared;			/* that another one holds, too, there or on their way up */
	int partial;			/* whose checksum the device is to make */
	int odd;			/* whose checksum is to be made of something else than the transport */
	int longer;			/* than IP's header says */
};

void ft_watch(u_int16_t port, struct ft_seen *seen);	/* 0: no more */

/*
 * large.c: a packet that the network cuts into segments, handed to IP's hooks; what comes
 * out behind them is kept. Linux's own segments are to be compared with.
 */
enum ft_large {
	FT_PLAIN, FT_FIXED_ID, FT_CWR, FT_FIN, FT_URGENT, FT_OPTIONS, FT_LARGE_UDP,
	FT_LIST,			/* put together of what was received */
	FT_BIG, FT_BIG_JUMBO,		/* of more than 64 KiB; with a header that says so */
	FT_LARGE_KINDS
};
#define FT_LARGE_SEGMENTS	8
#define FT_LARGEST_SEGMENT	9100

int ft_large(enum ft_large kind, int v6, int in);	/* how many segments Linux makes of it */
void ft_large_track(int confirmed);		/* the next has a connection that conntrack knows, or will */
void ft_large_followed(void);			/* behind the next that comes out a small one is handed to the hook */
int ft_large_is(int i, int finished, const void *bytes, unsigned long len); /* finished: with checksums */
int ft_large_gone(void);			/* how many packets have come out */
int ft_large_is_whole(void);			/* the one that has come out is what went in */
int ft_large_take(void *buf, unsigned long size);	/* the first of them: its length; 0; -1 */
void ft_large_end(void);

/*
 * Ethernet devices, net.c: made up and up, with this address. Frames are those with
 * their link header; a VLAN's tag is -1 for none. What is sent and what the stack
 * gets is kept, and taken in order.
 */
#define FT_ADDRESS	{ 2, 0, 0, 0, 0, 1 }
#define FT_MTU		1200		/* too short for IPv6, which would talk by itself */
#define FT_TYPE		0x88b5		/* for experiments */

int ft_make(const char *name);
void ft_delete(const char *name);
int ft_up(const char *name, int up);
int ft_flag(const char *name, int flag, int on);
int ft_address(const char *name, unsigned int address, int bits);	/* IPv4, host order */
int ft_no_address(const char *name, unsigned int address, int bits);
int ft_mtu(const char *name, int mtu);
int ft_drop(const char *name, int on);	/* somebody else's hooks drop all, both ways */
void *ft_no_kexts(void);		/* a function that says 0, and is no kext's that never sleeps */
int ft_device_hooks(const char *name);	/* netfilter's, both ways */
int ft_vlan(const char *name, const char *upper, int id);	/* goes with the device */
int ft_come_in(const char *name, const void *frame, unsigned long len, int vlan);
int ft_send(const char *name, const void *frame, unsigned long len, int vlan);
int ft_send_segments(const char *name, int count);	/* of TCP, 100 bytes each, as one */
int ft_sent(const char *name);
int ft_got(const char *name);
int ft_type_sent(const char *name);	/* of the first, as the stack has it, not as it says itself */
int ft_take_sent(const char *name, void *buf, unsigned long size);
int ft_take_got(const char *name, void *buf, unsigned long size);

#endif /* _KUNIT_FILTER_TEST_H */
