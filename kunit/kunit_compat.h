/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What KUnit lacks on the older kernels, under the names it has on newer ones.
 * Kbuild looks into the headers and says what is there.
 */
#ifndef _KUNIT_COMPAT_H
#define _KUNIT_COMPAT_H

#include <kunit/resource.h>
#include <kunit/test.h>

#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

/* Where a made-up module has its text; mod->mem[] came in 6.4, drop the rest when 6.1 goes. */
static inline void kunit_module_text(struct module *module, void *text, unsigned int size)
{
#ifdef KPI_HAVE_MODULE_MEMORY
	module->mem[MOD_TEXT].base = text;
	module->mem[MOD_TEXT].size = size;
#else
	module->core_layout.base = text;
	module->core_layout.text_size = size;
#endif
}

/* Deferred actions came in 6.5; drop this when 6.1 goes. */
#ifndef KUNIT_HAVE_ACTION
typedef void (kunit_action_t)(void *);

struct kunit_compat_action {
	kunit_action_t *action;
	void *ctx;
};

static inline int kunit_compat_action_init(struct kunit_resource *res, void *context)
{
	res->data = kmemdup(context, sizeof(struct kunit_compat_action), GFP_KERNEL);
	return res->data ? 0 : -ENOMEM;
}

static inline void kunit_compat_action_run(struct kunit_resource *res)
{
	struct kunit_compat_action *deferred = res->data;

	deferred->action(deferred->ctx);
	kfree(deferred);
}

static inline int kunit_add_action(struct kunit *test, kunit_action_t *action, void *ctx)
{
	struct kunit_compat_action deferred = { .action = action, .ctx = ctx };

	return kunit_alloc_resource(test, kunit_compat_action_init, kunit_compat_action_run,
				    GFP_KERNEL, &deferred) ? 0 : -ENOMEM;
}

static inline int kunit_add_action_or_reset(struct kunit *test, kunit_action_t *action,
					    void *ctx)
{
	int err = kunit_add_action(test, action, ctx);

	if (err)
		action(ctx);
	return err;
}
#endif /* KUNIT_HAVE_ACTION */

/* 6.3; drop this when 6.1 goes. */
#ifndef KUNIT_EXPECT_MEMEQ_MSG
#define KUNIT_EXPECT_MEMEQ_MSG(test, left, right, size, fmt, ...)	\
	KUNIT_EXPECT_EQ_MSG(test, 0, memcmp(left, right, size), fmt, ##__VA_ARGS__)
#endif

/* 6.11; drop this when 6.1 goes. */
#ifndef KUNIT_ARRAY_PARAM_DESC
#define KUNIT_ARRAY_PARAM_DESC(name, array, desc_member)			\
	static void name##_describe(typeof(&(array)[0]) entry, char *desc)	\
	{									\
		strscpy(desc, entry->desc_member, KUNIT_PARAM_DESC_SIZE);	\
	}									\
	KUNIT_ARRAY_PARAM(name, array, name##_describe)
#endif

/* Generators are told the test since 6.18; drop this when 6.12 goes. */
#ifdef KUNIT_HAVE_GENERATOR_TEST
#define KUNIT_PARAM_GENERATOR(name) \
	const void *name(struct kunit *test, const void *prev, char *desc)
#else
#define KUNIT_PARAM_GENERATOR(name)	const void *name(const void *prev, char *desc)
#endif

#endif /* _KUNIT_COMPAT_H */
