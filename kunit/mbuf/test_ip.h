/* SPDX-License-Identifier: GPL-2.0 */
/* IP packets for tests, cut into chains in several ways. */
#ifndef _KUNIT_MBUF_TEST_IP_H
#define _KUNIT_MBUF_TEST_IP_H

#include "test.h"
#include "test_packet.h"

/* A packet chain of these bytes: @first in the first mbuf, then pieces of @rest bytes. */
mbuf_t mbuf_test_cut(struct kunit *test, const u8 *bytes, size_t len, size_t first, size_t rest);
void mbuf_test_expect_flat(struct kunit *test, mbuf_t m, const u8 *bytes, size_t len,
			   const char *what);

#endif /* _KUNIT_MBUF_TEST_IP_H */
