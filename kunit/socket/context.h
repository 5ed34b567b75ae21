/* SPDX-License-Identifier: GPL-2.0 */
/* Linux world: what the socket suites themselves need of the scenarios' ground. */
#ifndef _KUNIT_SOCKET_CONTEXT_H
#define _KUNIT_SOCKET_CONTEXT_H

struct kunit;
struct kunit_suite;

/* init, exit and suite_exit of every suite of scenarios */
int st_case_init(struct kunit *test);
void st_case_exit(struct kunit *test);
void st_suite_exit(struct kunit_suite *suite);

extern struct kunit_suite st_object_suite, st_life_suite;

#endif /* _KUNIT_SOCKET_CONTEXT_H */
