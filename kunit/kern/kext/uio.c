// SPDX-License-Identifier: GPL-2.0
/* uio and user memory. */

#include <sys/systm.h>
#include <sys/uio.h>

#include "../test.h"

static void read_moves_into_the_runs(void)
{
	char a[4] = "...", b[4] = "...";
	uio_t uio = uio_create(2, 100, UIO_SYSSPACE, UIO_READ);

	EXPECT_EQ(kt_held(KT_MEMORY), 1);
	EXPECT_EQ(uio_addiov(uio, CAST_USER_ADDR_T(a), 4), 0);
	EXPECT_EQ(uio_addiov(uio, CAST_USER_ADDR_T(b), 4), 0);
	EXPECT_EQ(uio_addiov(uio, CAST_USER_ADDR_T(b), 4), -1);
	EXPECT_EQ(uio_resid(uio), 8);
	EXPECT_EQ(uio_iovcnt(uio), 2);
	EXPECT_EQ(uio_curriovlen(uio), 4);

	EXPECT_EQ(uiomove("0123456789", 10, uio), 0);
	EXPECT_EQ(memcmp(a, "0123", 4), 0);
	EXPECT_EQ(memcmp(b, "4567", 4), 0);
	EXPECT_EQ(uio_resid(uio), 0);
	EXPECT_EQ(uio_offset(uio), 108);
	EXPECT_EQ(uio_iovcnt(uio), 0);
	EXPECT_EQ(uio_curriovbase(uio), 0);
	uio_free(uio);
	EXPECT_EQ(kt_held(KT_MEMORY), 0);
}

static void write_moves_out_of_the_runs(void)
{
	char from[] = "abcdefgh", to[9] = "";
	uio_t uio = uio_create(4, 0, UIO_SYSSPACE, UIO_WRITE), copy;

	uio_addiov(uio, CAST_USER_ADDR_T(from), 3);
	uio_addiov(uio, CAST_USER_ADDR_T(from + 3), 0);
	uio_addiov(uio, CAST_USER_ADDR_T(from + 3), 5);
	EXPECT_EQ(uiomove(to, 2, uio), 0);
	EXPECT_EQ(uio_curriovlen(uio), 1);
	copy = uio_duplicate(uio);
	EXPECT_EQ(uiomove(to + 2, 6, uio), 0);
	EXPECT_STR(to, "abcdefgh");
	EXPECT_EQ(uio_resid(uio), 0);
	EXPECT_EQ(uio_resid(copy), 6);
	EXPECT_EQ(uiomove64((uintptr_t)to, 6, copy), 0);
	EXPECT_EQ(memcmp(to, "cdefgh", 6), 0);
	uio_free(copy);
	uio_free(uio);
	uio_free(NULL);
}

static void looks_and_moves_along(void)
{
	char a[10], b[10];
	user_addr_t base = 0;
	user_size_t len = 0;
	uio_t uio = uio_create(2, 0, UIO_SYSSPACE, UIO_READ);

	uio_addiov(uio, CAST_USER_ADDR_T(a), 10);
	uio_addiov(uio, CAST_USER_ADDR_T(b), 10);
	EXPECT_EQ(uio_getiov(uio, 1, &base, &len), 0);
	EXPECT(base == CAST_USER_ADDR_T(b));
	EXPECT_EQ(uio_getiov(uio, 2, &base, &len), -1);
	uio_update(uio, 12);
	EXPECT_EQ(uio_resid(uio), 8);
	EXPECT_EQ(uio_offset(uio), 12);
	EXPECT(uio_curriovbase(uio) == CAST_USER_ADDR_T(b + 2));
	EXPECT_EQ(uio_getiov(uio, 0, &base, &len), 0);
	EXPECT_EQ(len, 8);
	EXPECT_EQ(uio_getiov(uio, 1, &base, &len), -1);
	uio_update(uio, 1000);
	EXPECT_EQ(uio_resid(uio), 0);
	EXPECT_EQ(uio_rw(uio), UIO_READ);
	uio_setrw(uio, UIO_WRITE);
	EXPECT_EQ(uio_rw(uio), UIO_WRITE);
	uio_reset(uio, 7, UIO_USERSPACE64, UIO_READ);
	EXPECT_EQ(uio_offset(uio), 7);
	EXPECT_EQ(uio_isuserspace(uio), 1);
	EXPECT_EQ(uio_iovcnt(uio), 0);
	uio_setoffset(uio, 9);
	uio_setresid(uio, 3);
	EXPECT_EQ(uio_offset(uio) + uio_resid(uio), 12);
	EXPECT_EQ(uiomove(a, 3, uio), 0);		/* no run is left */
	uio_free(uio);
}

static void nonsense(void)
{
	uio_t uio;

	EXPECT(uio_create(-1, 0, UIO_SYSSPACE, UIO_READ) == NULL);
	EXPECT(uio_create(1025, 0, UIO_SYSSPACE, UIO_READ) == NULL);
	uio = uio_create(0, 0, UIO_SYSSPACE, UIO_READ);
	EXPECT_EQ(uio_addiov(uio, 0, 1), -1);
	EXPECT_EQ(uiomove("abc", -3, uio), 0);
	uio_free(uio);
	EXPECT_EQ(uio_resid(NULL), 0);
	EXPECT_EQ(uiomove("abc", 3, NULL), EINVAL);
	EXPECT_EQ(uio_addiov(NULL, 0, 1), -1);

	uio = uio_create(2, 0, UIO_SYSSPACE, UIO_READ);
	EXPECT_EQ(uio_addiov(uio, 0, 10), 0);
	EXPECT_EQ(uio_addiov(uio, 0, (1ull << 63) - 10), -1);	/* more than can be counted */
	EXPECT_EQ(uio_resid(uio), 10);
	uio_free(uio);
}

/* A space that is none of them: nothing is taken for the kernel's memory. */
static void unknown_spaces(void)
{
	static const int spaces[] = { 1, 3, 77, -1 };
	char text[4] = "...";
	uio_t uio;
	int i;

	for (i = 0; i < 4; i++) {
		uio = uio_create(1, 0, spaces[i], i & 1 ? UIO_READ : UIO_WRITE);
		uio_addiov(uio, CAST_USER_ADDR_T(text), 3);
		EXPECT_EQ(uiomove(i & 1 ? "abc" : text, 3, uio), EFAULT);
		EXPECT_EQ(uio_resid(uio), 3);
		EXPECT_STR(text, "...");
		uio_free(uio);
	}
	uio = uio_create(1, 0, UIO_SYSSPACE32, UIO_READ);
	uio_addiov(uio, CAST_USER_ADDR_T(text), 3);
	EXPECT_EQ(uiomove("abc", 3, uio), 0);
	EXPECT_STR(text, "abc");
	uio_free(uio);
}

static void without_user_memory(void)
{
	char text[8];

	EXPECT_EQ(copyin(4096, text, sizeof(text)), EFAULT);
	EXPECT_EQ(copyout(text, 4096, sizeof(text)), EFAULT);
	EXPECT_EQ(copyinstr(4096, text, sizeof(text), NULL), EFAULT);
	EXPECT_EQ(fubyte(4096), -1);
}

static void user_memory(void)
{
	user_addr_t page = kt_user_page();
	char text[16] = "";
	size_t done = 99;
	uio_t uio;

	if (!page) {
		kt_skip("no user memory for a kernel thread on this kernel");
		return;
	}
	EXPECT_EQ(copyout("0123456789", page, 11), 0);
	EXPECT_EQ(copyin(page + 2, text, 4), 0);
	EXPECT_STR(text, "2345");
	EXPECT_EQ(copyinstr(page, text, 8, &done), ENAMETOOLONG);
	EXPECT_EQ(done, 8);
	EXPECT_EQ(copyinstr(page, text, 11, &done), 0);
	EXPECT_EQ(done, 11);
	EXPECT_STR(text, "0123456789");
	EXPECT_EQ(copyinstr(page, text, 0, &done), ENAMETOOLONG);
	EXPECT_EQ(copyoutstr("abc", page, 16, &done), 0);
	EXPECT_EQ(done, 4);
	EXPECT_EQ(copyoutstr("abc", page, 2, &done), ENAMETOOLONG);
	EXPECT_EQ(subyte(page, 0xf0), 0);
	EXPECT_EQ(fubyte(page), 0xf0);
	EXPECT_EQ(suword(page, -5), 0);
	EXPECT_EQ(fuword(page), -5);
	EXPECT_EQ(sulong(page, 1LL << 40), 0);
	EXPECT_EQ(fulong(page), 1LL << 40);

	EXPECT_EQ(copyin(1, text, 4), EFAULT);			/* not mapped */
	EXPECT_EQ(copyin(~0ull - 100, text, 4), EFAULT);	/* the kernel's */
	EXPECT_EQ(copyout(text, (uintptr_t)text, 4), EFAULT);

	uio = uio_create(2, 0, UIO_USERSPACE64, UIO_READ);
	uio_addiov(uio, page, 3);
	uio_addiov(uio, 1, 3);
	EXPECT_EQ(uiomove("abcdef", 6, uio), EFAULT);
	EXPECT_EQ(uio_resid(uio), 3);			/* what was moved stays moved */
	EXPECT_EQ(copyin(page, text, 3), 0);
	EXPECT_EQ(memcmp(text, "abc", 3), 0);
	uio_free(uio);
}

static void strings_within_the_kernel(void)
{
	char text[8];
	size_t done;

	EXPECT_EQ(copystr("abc", text, sizeof(text), &done), 0);
	EXPECT_EQ(done, 4);
	EXPECT_EQ(copystr("abcdefghij", text, 4, &done), ENAMETOOLONG);
	EXPECT_EQ(done, 4);
}

const struct kt_case kern_uio_cases[] = {
	{ "read moves into the runs", read_moves_into_the_runs },
	{ "write moves out of the runs", write_moves_out_of_the_runs },
	{ "looks and moves along", looks_and_moves_along },
	{ "nonsense", nonsense },
	{ "unknown spaces", unknown_spaces },
	{ "without user memory", without_user_memory },
	{ "user memory", user_memory },
	{ "strings within the kernel", strings_within_the_kernel },
	{ }
};
