// SPDX-License-Identifier: GPL-2.0
/* The suites of scenarios. The scenarios are kext code; here KUnit is told of them. */

#include <linux/module.h>

#include <kunit/test.h>

#include "kpi_priv.h"
#include "context.h"
#include "scenarios.h"
#include "test.h"

static const struct shape {
	enum st_shape shape;
	const char *name;
} shapes[] = {
	{ ST_CONNECTED,	"connected" },
	{ ST_ACCEPTED,	"accepted" },
	{ ST_INET6,	"inet6" },
};

static void describe_shape(const struct shape *shape, char *desc)
{
	strscpy(desc, shape->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(shape, shapes, describe_shape);

static const struct shape families[] = {
	{ ST_CONNECTED,	"inet" },
	{ ST_INET6,	"inet6" },
};

KUNIT_ARRAY_PARAM(family, families, describe_shape);

int st_shape(struct kunit *test)
{
	const struct shape *shape = test->param_value;

	return shape ? shape->shape : ST_CONNECTED;
}

#define ONE_CASE(name)		KUNIT_CASE(name),
#define CASE_OF_SHAPES(name)	KUNIT_CASE_PARAM(name, shape_gen_params),

#define CASE_OF_FAMILIES(name)	KUNIT_CASE_PARAM(name, family_gen_params),

#define SCENARIO_SUITE(suffix, list, make_case)				\
	static struct kunit_case suffix##_cases[] = { list(make_case) { } };	\
	static struct kunit_suite suffix##_suite = {			\
		.name = "sock_" #suffix,				\
		.init = st_case_init,					\
		.exit = st_case_exit,					\
		.suite_exit = st_suite_exit,				\
		.test_cases = suffix##_cases,				\
	}

SCENARIO_SUITE(lifetime, LIFETIME_SCENARIOS, ONE_CASE);
SCENARIO_SUITE(connect, CONNECT_SCENARIOS, ONE_CASE);
SCENARIO_SUITE(accept, ACCEPT_SCENARIOS, ONE_CASE);
SCENARIO_SUITE(receive, RECEIVE_SCENARIOS, CASE_OF_SHAPES);
SCENARIO_SUITE(dgram, DGRAM_SCENARIOS, ONE_CASE);
SCENARIO_SUITE(send, SEND_SCENARIOS, CASE_OF_SHAPES);
SCENARIO_SUITE(upcall, UPCALL_SCENARIOS, ONE_CASE);
SCENARIO_SUITE(option, OPTION_SCENARIOS, ONE_CASE);
SCENARIO_SUITE(unix, UNIX_SCENARIOS, ONE_CASE);
SCENARIO_SUITE(inet6, INET6_SCENARIOS, ONE_CASE);
SCENARIO_SUITE(scale, SCALE_SCENARIOS, ONE_CASE);
SCENARIO_SUITE(pages, PAGES_SCENARIOS, ONE_CASE);
SCENARIO_SUITE(packet, PACKET_SCENARIOS, CASE_OF_FAMILIES);
SCENARIO_SUITE(memory, MEMORY_SCENARIOS, ONE_CASE);
SCENARIO_SUITE(race, RACE_SCENARIOS, ONE_CASE);
SCENARIO_SUITE(file, FILE_SCENARIOS, ONE_CASE);
SCENARIO_SUITE(trust, TRUST_SCENARIOS, ONE_CASE);
SCENARIO_SUITE(privilege, PRIVILEGE_SCENARIOS, ONE_CASE);

kunit_test_suites(&lifetime_suite, &connect_suite, &accept_suite, &receive_suite,
		  &dgram_suite, &send_suite, &upcall_suite, &option_suite, &unix_suite,
		  &inet6_suite, &scale_suite, &pages_suite, &packet_suite, &memory_suite,
		  &race_suite, &file_suite, &trust_suite, &privilege_suite, &st_object_suite,
		  &st_life_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("scenarios of the socket KPI");
KPI_IMPORT();
