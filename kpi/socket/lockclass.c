// SPDX-License-Identifier: GPL-2.0
/*
 * Lock classes of our own, so that a kext that uses sockets under its locks does
 * not tie those locks to everybody's sockets.
 *
 * A connection lives on after its socket was closed, until the peer is done, and
 * so after the layer was unloaded. Hence classes and names are allocated, once
 * per load, and never freed. Without lockdep there is nothing of all this.
 */

#include <linux/kmemleak.h>
#include <linux/lockdep.h>
#include <linux/slab.h>
#include <net/sock.h>

#include "handle.h"

#ifdef CONFIG_LOCKDEP

static struct lock_classes {
	struct lock_class_key sk;
	struct lock_class_key slock;
	char sk_name[24];
	char slock_name[24];
} *classes[AF_INET6 + 1];	/* by family */

static int make_class(int family, const char *name)
{
	struct lock_classes *class = kzalloc(sizeof(*class), GFP_KERNEL);

	if (!class)
		return -ENOMEM;
	kmemleak_not_leak(class);
	snprintf(class->sk_name, sizeof(class->sk_name), "sk_lock-%s-KPI", name);
	snprintf(class->slock_name, sizeof(class->slock_name), "slock-%s-KPI", name);
	lockdep_register_key(&class->sk);
	lockdep_register_key(&class->slock);
	classes[family] = class;
	return 0;
}

int kpi_so_lock_classes_init(void)
{
	return make_class(AF_UNIX, "AF_UNIX") ?: make_class(AF_INET, "AF_INET") ?:
	       make_class(AF_INET6, "AF_INET6");
}

/* Only for a socket that nobody else knows yet. */
void kpi_so_set_lock_class(struct sock *sk)
{
	struct lock_classes *class = sk->sk_family <= AF_INET6 ? classes[sk->sk_family] : NULL;

	if (!class)
		return;
	sock_lock_init_class_and_name(sk, class->slock_name, &class->slock,
				      class->sk_name, &class->sk);
}

#else

int kpi_so_lock_classes_init(void)
{
	return 0;
}

void kpi_so_set_lock_class(struct sock *sk)
{
}

#endif
