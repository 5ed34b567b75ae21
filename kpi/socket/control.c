// SPDX-License-Identifier: GPL-2.0
/*
 * Control messages. macOS's have a header of 12 bytes and are aligned to 4,
 * Linux's one of 16 aligned to 8; they are converted one by one.
 */

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/socket.h>
#include <linux/string.h>
#include <linux/time_types.h>

#include "receive.h"
#include "send.h"

#define CONTROL_ALIGN	4

/* Adds one message for the kext, if there is room for all of it. */
static void give(struct kpi_rx *rx, int level, int type, const void *data, size_t len)
{
	struct bsd_cmsghdr header = {
		.cmsg_len = sizeof(header) + len, .cmsg_level = level, .cmsg_type = type,
	};
	size_t start = rx->control_len, end = start + header.cmsg_len;
	size_t aligned = ALIGN(end, CONTROL_ALIGN), room = rx->msg->msg_controllen;
	u8 *to = rx->msg->msg_control;

	if (end > room) {
		rx->result |= KPI_MSG_CTRUNC;
		return;
	}
	memcpy(to + start, &header, sizeof(header));
	memcpy(to + start + sizeof(header), data, len);
	aligned = min(aligned, room);
	memset(to + end, 0, aligned - end);
	rx->control_len = aligned;
}

static void give_pktinfo(struct kpi_rx *rx, const struct in_pktinfo *info, size_t len)
{
	if (rx->so->recv_dstaddr)
		give(rx, IPPROTO_IP, KPI_IP_RECVDSTADDR, &info->ipi_addr, sizeof(info->ipi_addr));
	if (rx->so->recv_pktinfo)
		give(rx, IPPROTO_IP, KPI_IP_PKTINFO, info, len);
}

static void give_timestamp(struct kpi_rx *rx, const struct __kernel_old_timeval *tv)
{
	struct bsd_timeval bsd;

	memset(&bsd, 0, sizeof(bsd));
	bsd.tv_sec = tv->tv_sec;
	bsd.tv_usec = tv->tv_usec;
	give(rx, SOL_SOCKET, KPI_SCM_TIMESTAMP, &bsd, sizeof(bsd));
}

static void give_linux(struct kpi_rx *rx, struct cmsghdr *cmsg)
{
	size_t len = cmsg->cmsg_len - sizeof(*cmsg);
	const void *data = CMSG_DATA(cmsg);

	switch (cmsg->cmsg_level) {
	case SOL_SOCKET:
		if (cmsg->cmsg_type == SO_TIMESTAMP_OLD)
			give_timestamp(rx, data);
		return;
	case IPPROTO_IP:
		if (cmsg->cmsg_type == IP_PKTINFO)
			give_pktinfo(rx, data, len);
		else
			give(rx, IPPROTO_IP, cmsg->cmsg_type, data, len);
		return;
	case IPPROTO_IPV6:
		give(rx, IPPROTO_IPV6, cmsg->cmsg_type, data, len);
		return;
	}
}

/**
 * kpi_control_from_linux() - give the kext the control messages of a datagram
 * @rx:      the receive call; its kext wants them
 * @control: Linux's messages
 * @len:     their length
 */
void kpi_control_from_linux(struct kpi_rx *rx, void *control, size_t len)
{
	struct msghdr msg = { .msg_control = control, .msg_controllen = len };
	struct cmsghdr *cmsg;

	for_each_cmsghdr(cmsg, &msg) {
		if (!CMSG_OK(&msg, cmsg))
			return;
		give_linux(rx, cmsg);
	}
}

/* What Linux would understand the same way. Everything else is ignored, as macOS does. */
static bool is_for_linux(int level, int type)
{
	if (level == IPPROTO_IP)
		return type == IP_PKTINFO || type == IP_TOS || type == IP_TTL;
	if (level == IPPROTO_IPV6)
		return type == IPV6_PKTINFO || type == IPV6_TCLASS || type == IPV6_HOPLIMIT;
	return false;
}

static size_t put_linux(void *to, size_t room, const struct bsd_cmsghdr *header, const u8 *data)
{
	size_t len = header->cmsg_len - sizeof(*header);
	int value;
	struct cmsghdr *cmsg = to;

	if (len == 1) {		/* a byte on macOS, an int here */
		value = *data;
		data = (const u8 *)&value;
		len = sizeof(value);
	}
	if (CMSG_SPACE(len) > room)
		return 0;
	memset(to, 0, CMSG_SPACE(len));
	cmsg->cmsg_len = CMSG_LEN(len);
	cmsg->cmsg_level = header->cmsg_level;
	cmsg->cmsg_type = header->cmsg_type;
	memcpy(CMSG_DATA(cmsg), data, len);
	return CMSG_SPACE(len);
}

/**
 * kpi_control_to_linux() - convert the control messages of a send
 * @msg:  the kext's message
 * @buf:  where Linux's go
 * @room: bytes there; what is too much is ignored
 *
 * Return: the length of Linux's; -EINVAL for malformed ones; -EOPNOTSUPP for
 * file descriptors and credentials, which a kext does not have.
 */
int kpi_control_to_linux(const struct bsd_msghdr *msg, void *buf, size_t room)
{
	const u8 *from = msg->msg_control;
	size_t left = msg->msg_controllen, used = 0;
	struct bsd_cmsghdr header;

	while (left >= sizeof(header)) {
		memcpy(&header, from, sizeof(header));
		if (header.cmsg_len < sizeof(header) || header.cmsg_len > left)
			return -EINVAL;
		if (header.cmsg_level == SOL_SOCKET && (header.cmsg_type == KPI_SCM_RIGHTS ||
							header.cmsg_type == KPI_SCM_CREDS))
			return -EOPNOTSUPP;
		if (is_for_linux(header.cmsg_level, header.cmsg_type))
			used += put_linux(buf + used, room - used, &header, from + sizeof(header));

		from += min_t(size_t, ALIGN(header.cmsg_len, CONTROL_ALIGN), left);
		left -= min_t(size_t, ALIGN(header.cmsg_len, CONTROL_ALIGN), left);
	}
	return used;
}
