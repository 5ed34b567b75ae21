// SPDX-License-Identifier: GPL-2.0
/* A control for the tests. */

#include <string.h>

#include "fixture.h"

struct seen seen;
int unitinfo;

static errno_t on_connect(kern_ctl_ref ref, struct sockaddr_ctl *sac, void **info)
{
	seen.connects++;
	seen.ref = ref;
	seen.name = *sac;
	seen.unit = sac->sc_unit;
	EXPECT(*info == NULL);
	*info = &unitinfo;
	if (seen.in_connect)
		seen.in_connect(ref, sac->sc_unit);
	return seen.connect_result;
}

static errno_t on_disconnect(kern_ctl_ref ref, u_int32_t unit, void *info)
{
	seen.disconnects++;
	seen.ref = ref;
	seen.unit = unit;
	seen.unitinfo = info;
	if (seen.in_disconnect)
		seen.in_disconnect(ref, unit);
	return 0;
}

static errno_t on_send(kern_ctl_ref ref, u_int32_t unit, void *info, mbuf_t m, int flags)
{
	seen.sends++;
	seen.unit = unit;
	seen.unitinfo = info;
	seen.flags = flags;
	seen.len = mbuf_pkthdr_len(m);
	seen.total += seen.len;
	mbuf_copydata(m, 0, seen.len < sizeof(seen.data) ? seen.len : sizeof(seen.data), seen.data);
	mbuf_freem(m);
	if (seen.in_send)
		seen.in_send(ref, unit);
	return seen.send_result;
}

static errno_t on_setopt(kern_ctl_ref ref, u_int32_t unit, void *info, int opt, void *data,
			 size_t len)
{
	seen.setopts++;
	seen.unit = unit;
	seen.unitinfo = info;
	seen.opt = opt;
	seen.len = len;
	seen.had_data = data != NULL;
	if (data && len <= sizeof(seen.data))
		memcpy(seen.data, data, len);
	return 0;
}

static errno_t on_getopt(kern_ctl_ref ref, u_int32_t unit, void *info, int opt, void *data,
			 size_t *len)
{
	seen.getopts++;
	seen.unitinfo = info;
	seen.opt = opt;
	seen.len = *len;
	seen.had_data = data != NULL;
	if (data && *len) {
		memcpy(seen.data, data, *len < sizeof(seen.data) ? *len : sizeof(seen.data));
		((char *)data)[0] = 'x';
	}
	*len = seen.tell_len;
	return seen.getopt_result;
}

struct kern_ctl_reg reg_of(const char *name, u_int32_t flags)
{
	struct kern_ctl_reg reg = {
		.ctl_flags = flags,
		.ctl_connect = on_connect, .ctl_disconnect = on_disconnect, .ctl_send = on_send,
		.ctl_setopt = on_setopt, .ctl_getopt = on_getopt,
	};

	strlcpy(reg.ctl_name, name, sizeof(reg.ctl_name));
	return reg;
}

kern_ctl_ref make_sized(u_int32_t flags, u_int32_t sendsize, u_int32_t recvsize, u_int32_t *id)
{
	struct kern_ctl_reg reg = reg_of(NAME, flags);
	kern_ctl_ref ref = NULL;

	bzero(&seen, sizeof(seen));
	reg.ctl_sendsize = sendsize;
	reg.ctl_recvsize = recvsize;
	EXPECT_EQ(ctl_register(&reg, &ref), 0);
	*id = reg.ctl_id;
	return ref;
}

kern_ctl_ref make_control(u_int32_t flags, u_int32_t *id)
{
	return make_sized(flags, 0, 0, id);
}

void end_control(kern_ctl_ref ref)
{
	EXPECT_EQ(ctl_deregister(ref), 0);
	EXPECT_EQ(kt_held(KT_CONTROLS), 0);
	EXPECT_EQ(kt_held(KT_CLIENTS), 0);
	EXPECT_EQ(kt_held(KT_MBUFS), 0);
}

struct ct_client *make_client(int type, u_int32_t id)
{
	struct ct_client *c = ct_open(type);

	if (EXPECT(c != NULL))
		EXPECT_EQ(ct_connect(c, id, 0), 0);
	return c;
}

mbuf_t packet(const void *data, size_t len)
{
	mbuf_t m = NULL;

	EXPECT_EQ(mbuf_allocpacket(MBUF_WAITOK, len ? len : 1, NULL, &m), 0);
	if (len)
		EXPECT_EQ(mbuf_copyback(m, 0, len, data, MBUF_WAITOK), 0);
	else
		mbuf_setlen(m, 0);
	mbuf_pkthdr_setlen(m, len);
	return m;
}
