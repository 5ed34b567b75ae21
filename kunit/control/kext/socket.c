// SPDX-License-Identifier: GPL-2.0
/* A kext as the client of another one's control, and as a listener, by sock_socket(). */

#include <string.h>
#include <sys/kern_event.h>
#include <sys/kpi_socket.h>

#include "fixture.h"

static volatile int upcalls;

static void upcall(socket_t so, void *cookie, int waitf)
{
	upcalls++;
}

static errno_t connect_to(socket_t so, u_int32_t id)
{
	struct sockaddr_ctl addr;

	bzero(&addr, sizeof(addr));
	addr.sc_len = sizeof(addr);
	addr.sc_family = AF_SYSTEM;
	addr.ss_sysaddr = AF_SYS_CONTROL;
	addr.sc_id = id;
	return sock_connect(so, (struct sockaddr *)&addr, 0);
}

static socket_t make_socket(int type, u_int32_t id)
{
	socket_t so = NULL;

	upcalls = 0;
	EXPECT_EQ(sock_socket(PF_SYSTEM, type, SYSPROTO_CONTROL, upcall, NULL, &so), 0);
	if (so != NULL)
		EXPECT_EQ(connect_to(so, id), 0);
	return so;
}

static errno_t send_bytes(socket_t so, const char *data, size_t len)
{
	struct iovec iov = { (void *)data, len };
	struct msghdr msg;
	size_t sent = 0;
	errno_t error;

	bzero(&msg, sizeof(msg));
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	error = sock_send(so, &msg, 0, &sent);
	if (error == 0)
		EXPECT_EQ(sent, len);
	return error;
}

static long receive_bytes(socket_t so, char *data, size_t len, int flags)
{
	struct iovec iov = { data, len };
	struct msghdr msg;
	size_t got = 0;
	errno_t error;

	bzero(&msg, sizeof(msg));
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	error = sock_receive(so, &msg, flags, &got);
	return error ? -error : (long)got;
}

static void a_kext_finds_and_connects(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_control(0, &id);
	struct sockaddr_ctl name;
	struct ctl_info info;
	socket_t so;
	int domain, type, protocol;

	EXPECT_EQ(sock_socket(PF_SYSTEM, SOCK_DGRAM, SYSPROTO_CONTROL, NULL, NULL, &so), 0);
	bzero(&info, sizeof(info));
	strlcpy(info.ctl_name, NAME, sizeof(info.ctl_name));
	EXPECT_EQ(sock_ioctl(so, CTLIOCGINFO, &info), 0);
	EXPECT_EQ(info.ctl_id, id);
	strlcpy(info.ctl_name, "nobody", sizeof(info.ctl_name));
	EXPECT_EQ(sock_ioctl(so, CTLIOCGINFO, &info), ENOENT);
	EXPECT_EQ(sock_isconnected(so), 0);
	EXPECT_EQ(send_bytes(so, "x", 1), ENOTCONN);
	EXPECT_EQ(connect_to(so, id + 1), ENOENT);
	EXPECT_EQ(connect_to(so, id), 0);
	EXPECT_EQ(connect_to(so, id), EISCONN);
	EXPECT_EQ(sock_isconnected(so), 1);
	EXPECT_EQ(seen.name.sc_family, AF_SYSTEM);
	EXPECT_EQ(sock_getpeername(so, (struct sockaddr *)&name, sizeof(name)), 0);
	EXPECT_EQ(name.sc_len, sizeof(name));
	EXPECT_EQ(name.sc_family, AF_SYSTEM);
	EXPECT_EQ(name.sc_id, id);
	EXPECT_EQ(name.sc_unit, 1);
	EXPECT_EQ(sock_gettype(so, &domain, &type, &protocol), 0);
	EXPECT(domain == PF_SYSTEM && type == SOCK_DGRAM && protocol == SYSPROTO_CONTROL);
	sock_close(so);
	EXPECT_EQ(seen.disconnects, 1);
	end_control(ref);
}

static void a_kext_exchanges_datagrams(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_control(0, &id);
	socket_t so = make_socket(SOCK_DGRAM, id);
	char data[16];
	size_t len = 100;
	mbuf_t m = NULL;

	EXPECT_EQ(send_bytes(so, "hello", 5), 0);
	EXPECT_EQ(seen.len, 5);
	EXPECT(!memcmp(seen.data, "hello", 5));
	seen.send_result = EPERM;
	EXPECT_EQ(send_bytes(so, "hello", 5), EPERM);
	seen.send_result = 0;
	m = packet("mbufs", 5);
	EXPECT_EQ(sock_sendmbuf(so, NULL, m, 0, NULL), 0);
	EXPECT(!memcmp(seen.data, "mbufs", 5));

	EXPECT_EQ(receive_bytes(so, data, sizeof(data), MSG_DONTWAIT), -EWOULDBLOCK);
	SETTLES(upcalls >= 0);
	upcalls = 0;
	EXPECT_EQ(ctl_enqueuedata(ref, 1, "one", 3, 0), 0);
	SETTLES(upcalls > 0);
	EXPECT_EQ(ctl_enqueuedata(ref, 1, "three", 5, 0), 0);
	EXPECT_EQ(receive_bytes(so, data, sizeof(data), MSG_PEEK), 3);
	EXPECT_EQ(receive_bytes(so, data, sizeof(data), 0), 3);
	m = NULL;
	EXPECT_EQ(sock_receivembuf(so, NULL, &m, 0, &len), 0);
	EXPECT_EQ(len, 5);
	if (m != NULL) {
		EXPECT(!memcmp(mbuf_data(m), "three", 5));
		mbuf_freem(m);
	}
	sock_close(so);
	end_control(ref);
}

static void a_kext_reads_a_stream(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_control(CTL_FLAG_REG_SOCK_STREAM, &id);
	socket_t so = make_socket(SOCK_STREAM, id);
	char data[16];

	EXPECT_EQ(send_bytes(so, "hello", 5), 0);
	EXPECT_EQ(seen.total, 5);
	EXPECT_EQ(ctl_enqueuedata(ref, 1, "ab", 2, 0), 0);
	EXPECT_EQ(ctl_enqueuedata(ref, 1, "cd", 2, 0), 0);
	SETTLES(upcalls > 0);
	EXPECT_EQ(receive_bytes(so, data, 4, 0), 4);
	EXPECT(!memcmp(data, "abcd", 4));
	EXPECT_EQ(receive_bytes(so, data, 4, MSG_DONTWAIT), -EWOULDBLOCK);
	sock_close(so);
	end_control(ref);
}

static void a_kext_sets_options(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_control(0, &id);
	socket_t so = make_socket(SOCK_DGRAM, id);
	char data[8] = "asked";
	int len = sizeof(data), size = 2000, asked = 0;

	EXPECT_EQ(sock_setsockopt(so, SYSPROTO_CONTROL, 7, "twelve bytes", 12), 0);
	EXPECT_EQ(seen.opt, 7);
	EXPECT_EQ(seen.len, 12);
	seen.tell_len = 8;
	EXPECT_EQ(sock_getsockopt(so, SYSPROTO_CONTROL, 8, data, &len), 0);
	EXPECT_EQ(len, 8);
	EXPECT_STR(data, "xsked");
	seen.tell_len = 4711;
	len = 0;
	EXPECT_EQ(sock_getsockopt(so, SYSPROTO_CONTROL, 8, NULL, &len), 0);
	EXPECT_EQ(len, 4711);
	EXPECT_EQ(sock_setsockopt(so, 99, 1, &size, sizeof(size)), EINVAL);
	EXPECT_EQ(sock_setsockopt(so, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)), 0);
	len = sizeof(asked);
	EXPECT_EQ(sock_getsockopt(so, SOL_SOCKET, SO_RCVBUF, &asked, &len), 0);
	EXPECT_EQ(asked, 2000);
	sock_close(so);
	end_control(ref);
}

static void a_kext_hears_events(void)
{
	u_int32_t buf[64], code = 0;
	struct kern_event_msg *got = (struct kern_event_msg *)buf;
	struct kev_request request;
	struct kev_msg msg;
	socket_t so = NULL;

	upcalls = 0;
	EXPECT_EQ(kev_vendor_code_find("org.example.heard", &code), 0);
	EXPECT_EQ(sock_socket(PF_SYSTEM, SOCK_RAW, SYSPROTO_EVENT, upcall, NULL, &so), 0);
	if (so == NULL)
		return;
	request.vendor_code = code;
	request.kev_class = KEV_ANY_CLASS;
	request.kev_subclass = KEV_ANY_SUBCLASS;
	EXPECT_EQ(sock_ioctl(so, SIOCSKEVFILT, &request), 0);
	bzero(&msg, sizeof(msg));
	msg.vendor_code = code;
	msg.event_code = 4711;
	EXPECT_EQ(kev_msg_post(&msg), 0);
	SETTLES(upcalls > 0);
	EXPECT_EQ(receive_bytes(so, (char *)buf, sizeof(buf), 0), KEV_MSG_HEADER_SIZE);
	EXPECT_EQ(got->event_code, 4711);
	sock_close(so);
}

static void kext_sockets_that_are_refused(void)
{
	socket_t so = NULL;

	EXPECT_EQ(sock_socket(PF_SYSTEM, SOCK_RAW, SYSPROTO_CONTROL, NULL, NULL, &so), EPROTOTYPE);
	EXPECT_EQ(sock_socket(PF_SYSTEM, SOCK_DGRAM, SYSPROTO_EVENT, NULL, NULL, &so), EPROTOTYPE);
	EXPECT_EQ(sock_socket(PF_SYSTEM, SOCK_DGRAM, 9, NULL, NULL, &so), EPROTONOSUPPORT);
	EXPECT(so == NULL);
}

const struct kt_case control_socket_cases[] = {
	{ "a_kext_finds_and_connects", a_kext_finds_and_connects },
	{ "a_kext_exchanges_datagrams", a_kext_exchanges_datagrams },
	{ "a_kext_reads_a_stream", a_kext_reads_a_stream },
	{ "a_kext_sets_options", a_kext_sets_options },
	{ "a_kext_hears_events", a_kext_hears_events },
	{ "kext_sockets_that_are_refused", kext_sockets_that_are_refused },
	{ }
};
