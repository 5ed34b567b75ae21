// SPDX-License-Identifier: GPL-2.0
/* setsockopt() and getsockopt() of a client. */

#include <string.h>

#include "fixture.h"

static void C11_setsockopt_is_told(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_control(0, &id);
	struct ct_client *c = make_client(CT_DGRAM, id);

	EXPECT_EQ(ct_setopt(c, SYSPROTO_CONTROL, 7, "twelve bytes", 12), 0);
	EXPECT_EQ(seen.setopts, 1);
	EXPECT_EQ(seen.opt, 7);
	EXPECT_EQ(seen.len, 12);
	EXPECT_EQ(seen.unit, 1);
	EXPECT(seen.unitinfo == &unitinfo);
	EXPECT(!memcmp(seen.data, "twelve bytes", 12));
	EXPECT_EQ(ct_setopt(c, SYSPROTO_CONTROL, 8, NULL, 0), 0);
	EXPECT_EQ(seen.had_data, 0);
	ct_close(c);
	end_control(ref);
}

static void C12_getsockopt_asks_for_a_size(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_control(0, &id);
	struct ct_client *c = make_client(CT_DGRAM, id);
	int len = 0, error;

	seen.tell_len = 4711;
	error = ct_getopt_null(c, 9, &len);
	if (error == -CT_ENODEV) {
		kt_skip("no user memory");
	} else {
		EXPECT_EQ(error, 0);
		EXPECT_EQ(len, 4711);
		EXPECT_EQ(seen.opt, 9);
		EXPECT_EQ(seen.had_data, 0);
	}
	ct_close(c);
	end_control(ref);
}

static void getsockopt_shows_the_programs_bytes(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_control(0, &id);
	struct ct_client *c = make_client(CT_DGRAM, id);
	char data[] = "question";
	int len = 8, error;

	seen.tell_len = 8;
	error = ct_getopt(c, SYSPROTO_CONTROL, 3, data, &len);
	if (error == -CT_ENODEV) {
		kt_skip("no user memory");
	} else {
		EXPECT_EQ(error, 0);
		EXPECT_EQ(len, 8);
		EXPECT(!memcmp(seen.data, "question", 8));
		EXPECT_STR(data, "xuestion");
		seen.tell_len = 2;			/* no more than the kext says comes back */
		memcpy(data, "question", 8);
		EXPECT_EQ(ct_getopt(c, SYSPROTO_CONTROL, 3, data, &len), 0);
		EXPECT_EQ(len, 2);
		EXPECT_STR(data, "xuestion");
		seen.tell_len = 9;
		len = 8;
		EXPECT_MISUSE(1, CT_FAILS(ct_getopt(c, SYSPROTO_CONTROL, 3, data, &len), EINVAL));
		seen.getopt_result = ENOENT;
		CT_FAILS(ct_getopt(c, SYSPROTO_CONTROL, 3, data, &len), ENOENT);
		len = -1;
		CT_FAILS(ct_getopt_null(c, 3, &len), EINVAL);
		len = 8;
		CT_FAILS(ct_getopt(c, SYSPROTO_CONTROL + 1, 3, data, &len), EINVAL);
	}
	ct_close(c);
	end_control(ref);
}

static void options_that_are_refused(void)
{
	struct kern_ctl_reg reg = reg_of(NAME, 0);
	struct ct_client *c = ct_open(CT_DGRAM);
	kern_ctl_ref ref;
	int len = 0, error;

	reg.ctl_setopt = NULL;
	reg.ctl_getopt = NULL;
	EXPECT_EQ(ctl_register(&reg, &ref), 0);
	CT_FAILS(ct_setopt(c, SYSPROTO_CONTROL, 1, "x", 1), ENOTCONN);
	EXPECT_EQ(ct_connect(c, reg.ctl_id, 0), 0);
	CT_FAILS(ct_setopt(c, SYSPROTO_CONTROL, 1, "x", 1), ENOTSUP);
	CT_FAILS(ct_setopt(c, 0, 1, "x", 1), EINVAL);
	CT_FAILS(ct_setopt(c, SYSPROTO_CONTROL, 1, "x", 2 << 20), EINVAL);
	error = ct_getopt_null(c, 1, &len);
	EXPECT(error == -ENOTSUP || error == -CT_ENODEV);
	ct_close(c);
	end_control(ref);
}

static void unread_bytes_are_told(void)
{
	u_int32_t id;
	kern_ctl_ref ref = make_control(0, &id);
	struct ct_client *c = make_client(CT_DGRAM, id);
	int n;

	EXPECT_EQ(ctl_enqueuedata(ref, 1, "abc", 3, 0), 0);
	EXPECT_EQ(ctl_enqueuedata(ref, 1, "abcd", 4, 0), 0);
	n = ct_unread(c);
	EXPECT(n == 7 || n == -CT_ENODEV);
	ct_close(c);
	end_control(ref);
}

const struct kt_case control_option_cases[] = {
	{ "C11_setsockopt_is_told", C11_setsockopt_is_told },
	{ "C12_getsockopt_asks_for_a_size", C12_getsockopt_asks_for_a_size },
	{ "getsockopt_shows_the_programs_bytes", getsockopt_shows_the_programs_bytes },
	{ "options_that_are_refused", options_that_are_refused },
	{ "unread_bytes_are_told", unread_bytes_are_told },
	{ }
};
