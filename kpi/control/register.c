// SPDX-License-Identifier: GPL-2.0
/* The table of kernel controls: who is registered, under which id, with which clients. */

#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "control_priv.h"
#include "event_priv.h"

/* A reference is the number in this table; numbers come round after two thousand million. */
static DEFINE_XARRAY_FLAGS(table, XA_FLAGS_ALLOC1);
static u32 next_number;

static DEFINE_MUTEX(controls_lock);
static LIST_HEAD(controls);		/* oldest first; W: controls_lock */

static struct kpi_control *find_name(const char *name)
{
	struct kpi_control *control;

	lockdep_assert_held(&controls_lock);

	list_for_each_entry(control, &controls, node)
		if (!strcmp(control->reg.ctl_name, name))
			return control;
	return NULL;
}

static struct kpi_control *find_id(u32 id, u32 unit)
{
	struct kpi_control *control;

	lockdep_assert_held(&controls_lock);

	list_for_each_entry(control, &controls, node)
		if (control->reg.ctl_id == id &&
		    (!kpi_ctl_is_static(control) || control->reg.ctl_unit == unit))
			return control;
	return NULL;
}

static bool id_is_used(u32 id)
{
	struct kpi_control *control;

	list_for_each_entry(control, &controls, node)
		if (control->reg.ctl_id == id)
			return true;
	return false;
}

/* One above the largest; after the last number, the first gap. */
static u32 new_id(void)
{
	struct kpi_control *control;
	u32 id = 0;

	list_for_each_entry(control, &controls, node)
		id = max(id, control->reg.ctl_id);
	if (id != U32_MAX)
		return id + 1;
	for (id = 1; id_is_used(id); id++)
		;
	return id;
}

/* A dynamic control goes by its name, a static one by its numbers. */
static int give_id(struct kpi_control *control)
{
	struct bsd_kern_ctl_reg *reg = &control->reg;

	if (kpi_ctl_is_static(control))
		return find_id(reg->ctl_id, reg->ctl_unit) ? -EEXIST : 0;
	if (find_name(reg->ctl_name))
		return -EEXIST;
	reg->ctl_id = new_id();
	return 0;
}

static int take_number(struct kpi_control *control)
{
	u32 number;
	int err;

	/* reserved, but not yet found under it */
	err = xa_alloc_cyclic(&table, &number, NULL, XA_LIMIT(1, INT_MAX), &next_number,
			      GFP_KERNEL);
	if (err < 0)
		return err;
	control->ref = (kern_ctl_ref)(uintptr_t)number;
	return 0;
}

static void write_back(const struct kpi_control *control, struct bsd_kern_ctl_reg *reg,
		       kern_ctl_ref *ref)
{
	reg->ctl_id = control->reg.ctl_id;
	reg->ctl_sendsize = control->reg.ctl_sendsize;
	reg->ctl_recvsize = control->reg.ctl_recvsize;
	*ref = control->ref;
}

/* The kext knows its reference before a client can come. */
static int publish(struct kpi_control *control, struct bsd_kern_ctl_reg *reg, kern_ctl_ref *ref)
{
	int err;

	lockdep_assert_held(&controls_lock);

	err = give_id(control);
	if (!err)
		err = take_number(control);
	if (err)
		return err;

	write_back(control, reg, ref);
	kpi_kext_charge(control->kext, KPI_HELD_CONTROL, 1);
	list_add_tail(&control->node, &controls);
	xa_store(&table, (uintptr_t)control->ref, control, GFP_KERNEL);	/* reserved: cannot fail */
	return 0;
}

static bool is_proper(const struct bsd_kern_ctl_reg *reg)
{
	size_t len = strnlen(reg->ctl_name, MAX_KCTL_NAME);

	return reg->ctl_connect && len && len < MAX_KCTL_NAME;
}

static struct kpi_control *control_alloc(const struct bsd_kern_ctl_reg *reg,
					 struct kpi_kext *kext)
{
	struct kpi_control *control = kzalloc(sizeof(*control), GFP_KERNEL);

	if (!control)
		return NULL;
	control->reg = *reg;
	control->reg.ctl_sendsize = reg->ctl_sendsize ?: KPI_CTL_SENDSIZE;
	control->reg.ctl_recvsize = reg->ctl_recvsize ?: KPI_CTL_RECVSIZE;
	control->kext = kext;
	xa_init_flags(&control->clients, XA_FLAGS_ALLOC1);
	refcount_set(&control->refs, 1);
	ratelimit_state_init(&control->naming, 5 * HZ, 3);
	ratelimit_set_flags(&control->naming, RATELIMIT_MSG_ON_RELEASE);
	return control;
}

static void control_put(struct kpi_control *control)
{
	if (refcount_dec_and_test(&control->refs))
		kfree_rcu(control, rcu);
}

/* Who waits for a control by its event asks for its name then. */
static void announce(const struct kpi_control *control, u32 code)
{
	struct bsd_ctl_event_data data = {
		.ctl_id = control->reg.ctl_id,
		.ctl_unit = control->reg.ctl_unit,
	};

	kpi_event_tell(KEV_SYSTEM_CLASS, KEV_CTL_SUBCLASS, code, &data, sizeof(data));
}

static int control_register(struct bsd_kern_ctl_reg *reg, kern_ctl_ref *ref,
			    struct kpi_kext *kext)
{
	struct kpi_control *control;
	int err;

	if (!reg || !ref || !is_proper(reg))
		return -EINVAL;
	control = control_alloc(reg, kext);
	if (!control)
		return -ENOMEM;

	mutex_lock(&controls_lock);
	err = publish(control, reg, ref);
	if (!err)
		announce(control, KEV_CTL_REGISTERED);
	mutex_unlock(&controls_lock);
	if (err)
		control_put(control);
	return err;
}

/**
 * kpi_ctl_register() - offer a kernel control to programs
 * @userkctl: what it is called and does, borrowed; ctl_id is written back for a dynamic
 *            control, ctl_sendsize and ctl_recvsize if they were 0
 * @kctlref:  where the reference goes; it is there before the first client comes
 *
 * A control without CTL_FLAG_REG_ID_UNIT gets an id, which programs ask for by its
 * name; one with it has the id and unit that it says, and one client at a time.
 *
 * Callbacks run in the client's thread, with no lock of anybody's, and may sleep.
 * The kext is not unloaded before the control is deregistered.
 *
 * macOS difference: CTL_FLAG_PRIVILEGED asks for CAP_NET_ADMIN, not for user 0; no
 * more than 8 MiB count of ctl_sendsize and ctl_recvsize.
 *
 * Context: Process context.
 * Return: 0; EINVAL without ctl_connect or a proper name; EEXIST if the name, or the
 * static id and unit, is taken; ENOMEM.
 */
errno_t kpi_ctl_register(struct bsd_kern_ctl_reg *userkctl, kern_ctl_ref *kctlref)
{
	struct kpi_kext *kext = kpi_kext_caller();

	kpi_might_sleep();
	if (!kext && userkctl)
		kext = kpi_kext_of(userkctl->ctl_connect);
	return kpi_errno(control_register(userkctl, kctlref, kext));
}
KPI_EXPORT(kpi_ctl_register);

/**
 * kpi_ctl_by_ref() - the control behind a reference
 * @ref: what a kext passed
 *
 * Return: the control, valid under rcu_read_lock() or controls_lock, or NULL.
 */
struct kpi_control *kpi_ctl_by_ref(kern_ctl_ref ref)
{
	return xa_load(&table, (uintptr_t)ref);
}

/* The same for one of its clients; under rcu_read_lock(). */
struct kpi_ctl_client *kpi_ctl_find_client(kern_ctl_ref ref, u32 unit)
{
	struct kpi_control *control = kpi_ctl_by_ref(ref);

	return control ? xa_load(&control->clients, unit) : NULL;
}

/* A client that this very thread disconnects, from inside ctl_disconnect(), does not count. */
static struct kpi_ctl_client *staying_client(struct kpi_control *control)
{
	struct kpi_ctl_client *client;
	unsigned long unit;

	lockdep_assert_held(&controls_lock);

	xa_for_each(&control->clients, unit, client)
		if (READ_ONCE(client->leaver) != current)
			return client;
	return NULL;
}

/* Whoever unloads a kext may ask many times a second. */
static void name_client(struct kpi_control *control, const struct kpi_ctl_client *client)
{
	if (!__ratelimit(&control->naming))
		return;
	pr_info("netkpi: %s: control %s stays: unit %u is in use by %s, process %d\n",
		kpi_kext_name(control->kext), control->reg.ctl_name, client->unit, client->comm,
		client->pid);
}

static int withdraw(kern_ctl_ref ref, struct kpi_control **found)
{
	struct kpi_control *control = kpi_ctl_by_ref(ref);
	struct kpi_ctl_client *client;

	lockdep_assert_held(&controls_lock);

	if (!control)
		return -EINVAL;
	client = staying_client(control);
	if (client) {
		name_client(control, client);
		return -EBUSY;
	}
	xa_erase(&table, (uintptr_t)ref);
	list_del(&control->node);
	*found = control;
	return 0;
}

/**
 * kpi_ctl_deregister() - withdraw a kernel control
 * @kctlref: from kpi_ctl_register(); consumed on success
 *
 * While a client is connected nothing happens, and the first one is named in the log.
 *
 * macOS difference: allowed in ctl_disconnect() of the last client, as macOS's header
 * says; macOS answers EBUSY.
 *
 * Context: Process context.
 * Return: 0; EINVAL for a reference that is not valid, or not any more; EBUSY.
 */
errno_t kpi_ctl_deregister(kern_ctl_ref kctlref)
{
	struct kpi_control *control;
	struct kpi_kext *kext;
	int err;

	kpi_might_sleep();
	mutex_lock(&controls_lock);
	err = withdraw(kctlref, &control);
	mutex_unlock(&controls_lock);
	if (err == -EINVAL)
		kpi_misuse("not a kernel control, or one deregistered before");
	if (err)
		return kpi_errno(err);

	announce(control, KEV_CTL_DEREGISTERED);
	kext = control->kext;
	control_put(control);
	kpi_kext_charge(kext, KPI_HELD_CONTROL, -1);
	return 0;
}
KPI_EXPORT(kpi_ctl_deregister);

/* The lowest number that is free, unless the control or the client has chosen one. */
static int take_unit(struct kpi_control *control, struct kpi_ctl_client *client, u32 wanted)
{
	int err;

	if (wanted || kpi_ctl_is_static(control)) {
		client->unit = wanted;
		err = xa_insert(&control->clients, wanted, client, GFP_KERNEL);
	} else {
		err = xa_alloc(&control->clients, &client->unit, client, XA_LIMIT(1, U16_MAX),
			       GFP_KERNEL);
	}
	return err == -ENOMEM ? err : err ? -EBUSY : 0;
}

static int may_join(const struct kpi_control *control, const struct kpi_ctl_client *client)
{
	if (!control)
		return -ENOENT;
	if (client->sys.sk.sk_type != kpi_ctl_type(control))
		return -EPROTOTYPE;
	if (control->reg.ctl_flags & CTL_FLAG_PRIVILEGED && !capable(CAP_NET_ADMIN))
		return -EPERM;
	return 0;
}

/**
 * kpi_ctl_join() - make a socket the client of a control
 * @client: the socket, its calls written
 * @name:   id and unit that are asked for; the unit that it has got
 *
 * From here on the kext reaches the client by its unit, and cannot be unloaded.
 *
 * Return: 0; -ENOENT, -EPROTOTYPE, -EPERM, -EBUSY, -ENOMEM.
 */
int kpi_ctl_join(struct kpi_ctl_client *client, struct bsd_sockaddr_ctl *name)
{
	struct kpi_control *control;
	int err;

	mutex_lock(&controls_lock);
	control = find_id(name->sc_id, name->sc_unit);
	err = may_join(control, client);
	if (!err)
		err = take_unit(control, client, name->sc_unit);
	if (!err) {
		refcount_inc(&control->refs);
		kpi_kext_charge(control->kext, KPI_HELD_CLIENT, 1);
		client->control = control;
		name->sc_unit = client->unit;
	}
	mutex_unlock(&controls_lock);
	return err;
}

/**
 * kpi_ctl_part() - undo kpi_ctl_join()
 * @client: the socket, its calls written
 */
void kpi_ctl_part(struct kpi_ctl_client *client)
{
	struct kpi_control *control = client->control;
	struct kpi_kext *kext = control->kext;

	mutex_lock(&controls_lock);
	xa_erase(&control->clients, client->unit);
	mutex_unlock(&controls_lock);

	client->control = NULL;
	control_put(control);
	kpi_kext_charge(kext, KPI_HELD_CLIENT, -1);
}

/**
 * kpi_ctl_info() - CTLIOCGINFO
 * @info: in: the name; out: the id
 *
 * Return: 0; -EINVAL for what is no name; -ENOENT if there is no such control.
 */
int kpi_ctl_info(struct bsd_ctl_info *info)
{
	size_t len = strnlen(info->ctl_name, MAX_KCTL_NAME);
	struct kpi_control *control;

	if (!len || len == MAX_KCTL_NAME)
		return -EINVAL;

	mutex_lock(&controls_lock);
	control = find_name(info->ctl_name);
	if (control)
		info->ctl_id = control->reg.ctl_id;
	mutex_unlock(&controls_lock);
	return control ? 0 : -ENOENT;
}

/* CTLIOCGCOUNT */
int kpi_ctl_count(void)
{
	struct kpi_control *control;
	int n = 0;

	mutex_lock(&controls_lock);
	list_for_each_entry(control, &controls, node)
		n++;
	mutex_unlock(&controls_lock);
	return n;
}
