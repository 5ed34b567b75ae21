// SPDX-License-Identifier: GPL-2.0
/* Controls come and go: names, ids, references. */

#include <string.h>

#include "fixture.h"

static void C1_register_refuses(void)
{
	struct kern_ctl_reg reg = reg_of(NAME, 0);
	kern_ctl_ref ref;

	reg.ctl_connect = NULL;
	EXPECT_EQ(ctl_register(&reg, &ref), EINVAL);
	reg = reg_of("", 0);
	EXPECT_EQ(ctl_register(&reg, &ref), EINVAL);
	memset(reg.ctl_name, 'x', sizeof(reg.ctl_name));
	EXPECT_EQ(ctl_register(&reg, &ref), EINVAL);
	EXPECT_EQ(ctl_register(NULL, &ref), EINVAL);
	reg = reg_of(NAME, 0);
	EXPECT_EQ(ctl_register(&reg, NULL), EINVAL);
	EXPECT_EQ(kt_held(KT_CONTROLS), 0);
}

static void C2_a_name_is_registered_once(void)
{
	struct kern_ctl_reg reg = reg_of("com.example.a", 0), again = reg;
	kern_ctl_ref ref = NULL, other = NULL;

	EXPECT_EQ(ctl_register(&reg, &ref), 0);
	EXPECT(reg.ctl_id >= 1);
	EXPECT_EQ(reg.ctl_sendsize, 2048);
	EXPECT_EQ(reg.ctl_recvsize, 8192);
	EXPECT_EQ(ctl_register(&again, &other), EEXIST);
	EXPECT_EQ(again.ctl_id, 0);
	EXPECT_EQ(again.ctl_sendsize, 0);
	EXPECT_EQ(ctl_deregister(ref), 0);
	EXPECT_EQ(ctl_register(&again, &other), 0);
	EXPECT(other != ref);
	EXPECT_EQ(ctl_deregister(other), 0);
}

static void C3_a_name_tells_the_id(void)
{
	struct ct_client *c = ct_open(CT_DGRAM);
	char longest[97];
	u_int32_t id, found;
	kern_ctl_ref ref = make_control(0, &id);
	int error;

	error = ct_info(c, "org.example.nobody", &found);
	if (error == -CT_ENODEV) {
		kt_skip("no user memory");
	} else {
		EXPECT_EQ(error, -ENOENT);
		EXPECT_EQ(ct_info(c, NAME, &found), 0);
		EXPECT_EQ(found, id);
		EXPECT_EQ(ct_info(c, "", &found), -EINVAL);
		memset(longest, 'x', 96);
		longest[96] = '\0';
		EXPECT_EQ(ct_info(c, longest, &found), -EINVAL);
		EXPECT_EQ(ct_count(c), 1);
	}
	ct_close(c);
	end_control(ref);
}

static void ids_follow_the_largest(void)
{
	struct kern_ctl_reg a = reg_of("a", 0), b = reg_of("b", 0), c = reg_of("c", 0);
	kern_ctl_ref ra, rb, rc;

	EXPECT_EQ(ctl_register(&a, &ra), 0);
	EXPECT_EQ(ctl_register(&b, &rb), 0);
	EXPECT_EQ(b.ctl_id, a.ctl_id + 1);
	EXPECT_EQ(ctl_deregister(ra), 0);
	EXPECT_EQ(ctl_register(&c, &rc), 0);
	EXPECT_EQ(c.ctl_id, b.ctl_id + 1);
	EXPECT_EQ(ctl_deregister(rb), 0);
	EXPECT_EQ(ctl_deregister(rc), 0);
}

static void after_the_last_id_comes_the_first_gap(void)
{
	struct kern_ctl_reg last = reg_of("last", CTL_FLAG_REG_ID_UNIT), first = reg_of("first", 0);
	kern_ctl_ref a, b;

	last.ctl_id = 0xffffffff;
	EXPECT_EQ(ctl_register(&last, &a), 0);
	EXPECT_EQ(ctl_register(&first, &b), 0);
	EXPECT_EQ(first.ctl_id, 1);
	EXPECT_EQ(ctl_deregister(b), 0);
	EXPECT_EQ(ctl_deregister(a), 0);
}

static void static_ids_go_by_id_and_unit(void)
{
	struct kern_ctl_reg reg = reg_of(NAME, CTL_FLAG_REG_ID_UNIT);
	kern_ctl_ref a, b, c;

	reg.ctl_id = 77;
	reg.ctl_unit = 1;
	EXPECT_EQ(ctl_register(&reg, &a), 0);
	EXPECT_EQ(ctl_register(&reg, &c), EEXIST);
	reg.ctl_unit = 2;			/* the same name is nobody's business */
	EXPECT_EQ(ctl_register(&reg, &b), 0);
	EXPECT_EQ(reg.ctl_id, 77);
	EXPECT_EQ(reg.ctl_unit, 2);
	EXPECT_EQ(ctl_deregister(a), 0);
	EXPECT_EQ(ctl_deregister(b), 0);
}

static void wrong_references(void)
{
	u_int32_t id, n;
	size_t space;
	kern_ctl_ref ref = make_control(0, &id);

	end_control(ref);
	EXPECT_MISUSE(1, EXPECT_EQ(ctl_deregister(ref), EINVAL));
	EXPECT_MISUSE(1, EXPECT_EQ(ctl_deregister(NULL), EINVAL));
	EXPECT_MISUSE(1, EXPECT_EQ(ctl_deregister(&id), EINVAL));
	EXPECT_EQ(ctl_enqueuedata(ref, 1, "x", 1, 0), EINVAL);
	EXPECT_EQ(ctl_getenqueuespace(ref, 1, &space), EINVAL);
	EXPECT_EQ(ctl_getenqueuereadable(&id, 1, &n), EINVAL);
}

static void a_reference_is_not_given_again(void)
{
	u_int32_t id;
	kern_ctl_ref first = make_control(0, &id), ref;
	int i;

	end_control(first);
	for (i = 0; i < 100; i++) {
		ref = make_control(0, &id);
		EXPECT(ref != first);
		EXPECT_EQ(id, 1);
		end_control(ref);
	}
}

static void no_memory_to_register(void)
{
	struct kern_ctl_reg reg = reg_of(NAME, 0);
	kern_ctl_ref ref = NULL;
	int n, error = ENOMEM;

	for (n = 1; error == ENOMEM && n < 20; n++) {
		if (!kt_fail_allocation(n))
			return kt_skip("no failing allocations");
		error = ctl_register(&reg, &ref);
		kt_fail_allocation(0);
	}
	EXPECT_EQ(error, 0);
	EXPECT(n > 2);
	EXPECT_EQ(ctl_deregister(ref), 0);
}

const struct kt_case control_register_cases[] = {
	{ "C1_register_refuses", C1_register_refuses },
	{ "C2_a_name_is_registered_once", C2_a_name_is_registered_once },
	{ "C3_a_name_tells_the_id", C3_a_name_tells_the_id },
	{ "ids_follow_the_largest", ids_follow_the_largest },
	{ "after_the_last_id_comes_the_first_gap", after_the_last_id_comes_the_first_gap },
	{ "static_ids_go_by_id_and_unit", static_ids_go_by_id_and_unit },
	{ "wrong_references", wrong_references },
	{ "a_reference_is_not_given_again", a_reference_is_not_given_again },
	{ "no_memory_to_register", no_memory_to_register },
	{ }
};
