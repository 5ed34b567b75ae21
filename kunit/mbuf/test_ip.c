// SPDX-License-Identifier: GPL-2.0
/* IP packets for tests, cut into chains in several ways. */

#include <linux/kernel.h>
#include <linux/string.h>

#include "test_ip.h"

/* Every second piece is in a cluster; data starts at odd and at even addresses. */
static mbuf_t cut_piece(struct kunit *test, const u8 *bytes, size_t len, unsigned int nth)
{
	size_t start = nth % 4;
	mbuf_t m = NULL;

	if (nth)
		KUNIT_ASSERT_EQ(test, kpi_mbuf_get(MBUF_WAITOK, MBUF_TYPE_DATA, &m), 0);
	else
		KUNIT_ASSERT_EQ(test, kpi_mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &m), 0);
	if (nth % 2 || start + len > MLEN)
		KUNIT_ASSERT_EQ(test, kpi_mbuf_getcluster(MBUF_WAITOK, MBUF_TYPE_DATA,
							  start + len > 2048 ? 16384 : 2048,
							  &m), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_setdata(m, kpi_mbuf_datastart(m) + start, len), 0);
	memcpy(kpi_mbuf_data(m), bytes, len);
	return m;
}

mbuf_t mbuf_test_cut(struct kunit *test, const u8 *bytes, size_t len, size_t first, size_t rest)
{
	size_t done = min(first, len), piece;
	mbuf_t head = cut_piece(test, bytes, done, 0), last = head, m;
	unsigned int nth = 1;

	kpi_mbuf_pkthdr_setlen(head, len);
	while (done < len) {
		piece = min(rest, len - done);
		m = cut_piece(test, bytes + done, piece, nth++);
		KUNIT_ASSERT_EQ(test, kpi_mbuf_setnext(last, m), 0);
		last = m;
		done += piece;
	}
	return head;
}

void mbuf_test_expect_flat(struct kunit *test, mbuf_t m, const u8 *bytes, size_t len,
			   const char *what)
{
	size_t done = 0, i;

	for (; m; m = kpi_mbuf_next(m)) {
		const u8 *data = kpi_mbuf_data(m);

		for (i = 0; i < kpi_mbuf_len(m); i++, done++) {
			if (done < len && data[i] == bytes[done])
				continue;
			KUNIT_FAIL(test, "%s: byte %zu of %zu is %02x", what, done, len, data[i]);
			return;
		}
	}
	KUNIT_EXPECT_EQ_MSG(test, done, len, "%s: length", what);
}
