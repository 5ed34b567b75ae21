// SPDX-License-Identifier: GPL-2.0
/*
 * sysctl nodes of kexts as files under /proc/sys/kext.
 *
 * What a kext registers is put on a list; each value gets a table of one file
 * under the names of its parents. A file shows and takes text: what the kext's
 * handler gives and wants is converted by the node's type.
 */

#include <linux/ctype.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/string_helpers.h>
#include <linux/sysctl.h>

#include <kpi/print.h>
#include <kpi/proc.h>
#include <kpi/string.h>

#include "kern_priv.h"
#include "sysctl_priv.h"

#define PATH_ROOM	256

struct node {
	struct list_head list;		/* W: nodes_lock */
	struct bsd_sysctl_oid *oid;
	struct kpi_kext *kext;
	struct ctl_table_header *header;
	struct ctl_table table[2];
	refcount_t users;		/* the list's, and sysctlbyname() calls */
	struct completion unused;
};

static LIST_HEAD(nodes);
static DEFINE_MUTEX(nodes_lock);

#define ROOT(name)							\
	struct bsd_sysctl_oid_list kpi_sysctl_ ## name ## _children;	\
	KPI_EXPORT(kpi_sysctl_ ## name ## _children)

ROOT(_kern);
ROOT(_vm);
ROOT(_vfs);
ROOT(_net);
ROOT(_debug);
ROOT(_hw);
ROOT(_machdep);
ROOT(_user);
ROOT(_net_inet);
ROOT(_net_inet_ip);
ROOT(_net_inet_tcp);
ROOT(_net_inet_udp);

static const struct root {
	const struct bsd_sysctl_oid_list *children;
	const char *path;
} roots[] = {
	{ &kpi_sysctl__kern_children,		"kern" },
	{ &kpi_sysctl__vm_children,		"vm" },
	{ &kpi_sysctl__vfs_children,		"vfs" },
	{ &kpi_sysctl__net_children,		"net" },
	{ &kpi_sysctl__debug_children,		"debug" },
	{ &kpi_sysctl__hw_children,		"hw" },
	{ &kpi_sysctl__machdep_children,	"machdep" },
	{ &kpi_sysctl__user_children,		"user" },
	{ &kpi_sysctl__net_inet_children,	"net/inet" },
	{ &kpi_sysctl__net_inet_ip_children,	"net/inet/ip" },
	{ &kpi_sysctl__net_inet_tcp_children,	"net/inet/tcp" },
	{ &kpi_sysctl__net_inet_udp_children,	"net/inet/udp" },
};

/* A kext's error on its way to user space; numbers that Linux lacks are EIO. */
static int user_error(int error)
{
	if (error == KPI_ERESTART)
		return -ERESTARTSYS;
	return error >= 0 && error < 1000 ? -error : -EIO;
}

/* The folder of the nodes in a list: "net/foo"; -ENOENT if the parent is not known. */
static int folder_of(const struct bsd_sysctl_oid_list *children, char *path, size_t size)
{
	struct node *node;
	int i, len;

	lockdep_assert_held(&nodes_lock);

	for (i = 0; i < ARRAY_SIZE(roots); i++)
		if (roots[i].children == children)
			return strscpy(path, roots[i].path, size);

	list_for_each_entry(node, &nodes, list) {
		if (kpi_oid_type(node->oid) != CTLTYPE_NODE || node->oid->oid_arg1 != children)
			continue;
		len = folder_of(node->oid->oid_parent, path, size);
		if (len < 0)
			return len;
		len += scnprintf(path + len, size - len, "/%s", node->oid->oid_name);
		return len < size - 1 ? len : -ENAMETOOLONG;
	}
	return -ENOENT;
}

static int call_handler(struct bsd_sysctl_oid *oid, struct bsd_sysctl_req *req)
{
	if (!oid->oid_handler)
		return EINVAL;
	return oid->oid_handler(oid, oid->oid_arg1, oid->oid_arg2, req);
}

static int read_text(struct node *node, struct text_request *text, char *buffer, size_t *lenp,
		     loff_t *ppos)
{
	size_t size = 2 * VALUE_ROOM + 2;
	char *shown;
	int err, len;

	/* as Linux does it: a number is read at once, and its handler asked once */
	if (*ppos && kpi_oid_is_number(node->oid)) {
		*lenp = 0;
		return 0;
	}

	text->req.oldptr = (uintptr_t)text->value;
	text->req.oldlen = VALUE_ROOM;
	err = user_error(call_handler(node->oid, &text->req));
	if (err)
		return err;

	shown = kmalloc(size, GFP_KERNEL);
	if (!shown)
		return -ENOMEM;
	len = kpi_text_show(node->oid, text->value, text->req.oldidx, shown, size);
	if (len >= 0) {
		*lenp = *ppos < len ? min_t(size_t, *lenp, len - *ppos) : 0;
		memcpy(buffer, shown + *ppos, *lenp);
		*ppos += *lenp;
	}
	kfree(shown);
	return min(len, 0);
}

static int write_text(struct node *node, struct text_request *text, char *buffer, size_t *lenp,
		      loff_t *ppos)
{
	char *input;
	int err;

	if (*ppos || *lenp > VALUE_ROOM)
		return -EINVAL;
	input = kmemdup_nul(buffer, *lenp, GFP_KERNEL);
	if (!input)
		return -ENOMEM;

	text->req.newptr = (uintptr_t)text->value;
	err = kpi_text_parse(text, node->oid, strim(input));
	if (!err)
		err = user_error(call_handler(node->oid, &text->req));
	if (!err)
		*ppos += *lenp;
	kfree(input);
	return err;
}

static int node_file(kpi_ctl_table *table, int write, void *buffer, size_t *lenp, loff_t *ppos)
{
	struct node *node = table->data;
	struct text_request *text;
	int err;

	text = kzalloc(sizeof(*text) + VALUE_ROOM, GFP_KERNEL);
	if (!text)
		return -ENOMEM;

	text->req.p = kpi_current_proc();
	text->req.oldfunc = kpi_text_request_out;
	text->req.newfunc = kpi_text_request_in;
	err = write ? write_text(node, text, buffer, lenp, ppos) :
		      read_text(node, text, buffer, lenp, ppos);
	kfree(text);
	return err;
}

static umode_t mode_of(const struct bsd_sysctl_oid *oid)
{
	umode_t mode = oid->oid_kind & CTLFLAG_RD ? 0444 : 0;

	if (oid->oid_kind & CTLFLAG_WR)
		mode |= oid->oid_kind & CTLFLAG_ANYBODY ? 0222 : 0200;
	return mode;
}

static int node_make_file(struct node *node, const char *folder)
{
	char path[PATH_ROOM + 8];

	snprintf(path, sizeof(path), "kext/%s", folder);
	node->table[0] = (struct ctl_table){
		.procname = node->oid->oid_name,
		.data = node,
		.mode = mode_of(node->oid),
		.proc_handler = node_file,
	};
	node->header = kpi_compat_register_sysctl(path, node->table);
	return node->header ? 0 : -ENOMEM;
}

static struct node *node_find(const struct bsd_sysctl_oid *oid)
{
	struct node *node;

	lockdep_assert_held(&nodes_lock);

	list_for_each_entry(node, &nodes, list)
		if (node->oid == oid)
			return node;
	return NULL;
}

static void node_put(struct node *node)
{
	if (refcount_dec_and_test(&node->users))
		complete(&node->unused);
}

static int node_add(struct bsd_sysctl_oid *oid, struct kpi_kext *kext)
{
	char folder[PATH_ROOM];
	struct node *node;
	int err;

	lockdep_assert_held(&nodes_lock);

	if (node_find(oid))
		return -EEXIST;
	err = folder_of(oid->oid_parent, folder, sizeof(folder));
	if (err < 0)
		return err;

	node = kzalloc(sizeof(*node), GFP_KERNEL);
	if (!node)
		return -ENOMEM;
	node->oid = oid;
	node->kext = kext;
	refcount_set(&node->users, 1);
	init_completion(&node->unused);

	err = kpi_oid_type(oid) == CTLTYPE_NODE ? 0 : node_make_file(node, folder);
	if (err) {
		kfree(node);
		return err;
	}
	list_add_tail(&node->list, &nodes);
	kpi_kext_charge(kext, KPI_HELD_SYSCTL, 1);
	return 0;
}

/**
 * kpi_sysctl_register_oid() - register a sysctl node or value
 * @oidp: the object a SYSCTL_ macro has made; it stays in use
 *
 * Parents are registered before their children.
 *
 * macOS difference: the value is the file /proc/sys/kext/PATH; a value whose
 * parent is not registered is reported and has no file.
 *
 * Context: Process context; may sleep.
 */
void kpi_sysctl_register_oid(struct bsd_sysctl_oid *oidp)
{
	int err;

	kpi_might_sleep();
	mutex_lock(&nodes_lock);
	err = node_add(oidp, kpi_kext_caller());
	mutex_unlock(&nodes_lock);

	if (err == -ENOENT)
		kpi_misuse("registers a sysctl node whose parent is not registered");
	else if (err == -EEXIST)
		kpi_misuse("registers a sysctl node twice");
	else if (err)
		pr_err("netkpi: no sysctl file for %s: %d\n", oidp->oid_name, err);
}
KPI_EXPORT(kpi_sysctl_register_oid);

/**
 * kpi_sysctl_unregister_oid() - unregister a sysctl node or value
 * @oidp: the object
 *
 * When the call returns its handler is not running and will not be called.
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep. Not from the object's own handler.
 */
void kpi_sysctl_unregister_oid(struct bsd_sysctl_oid *oidp)
{
	struct node *node;

	kpi_might_sleep();
	mutex_lock(&nodes_lock);
	node = node_find(oidp);
	if (node)
		list_del(&node->list);
	mutex_unlock(&nodes_lock);
	if (!node)
		return;

	if (node->header)
		unregister_sysctl_table(node->header);
	node_put(node);
	wait_for_completion(&node->unused);
	kpi_kext_charge(node->kext, KPI_HELD_SYSCTL, -1);
	kfree(node);
}
KPI_EXPORT(kpi_sysctl_unregister_oid);

/* Finds "net.foo.bar"; the caller puts the node. */
struct bsd_sysctl_oid *kpi_sysctl_find(const char *name, void **handle)
{
	char path[PATH_ROOM], wanted[PATH_ROOM];
	struct node *node;
	int len;

	strscpy(wanted, name, sizeof(wanted));
	strreplace(wanted, '.', '/');

	mutex_lock(&nodes_lock);
	list_for_each_entry(node, &nodes, list) {
		len = folder_of(node->oid->oid_parent, path, sizeof(path));
		if (len < 0)
			continue;
		scnprintf(path + len, sizeof(path) - len, "/%s", node->oid->oid_name);
		if (strcmp(path, wanted) || kpi_oid_type(node->oid) == CTLTYPE_NODE)
			continue;
		refcount_inc(&node->users);
		mutex_unlock(&nodes_lock);
		*handle = node;
		return node->oid;
	}
	mutex_unlock(&nodes_lock);
	return NULL;
}

void kpi_sysctl_put(void *handle)
{
	node_put(handle);
}

/* What kexts left behind; their objects are gone. */
void kpi_sysctl_exit(void)
{
	struct node *node, *next;

	list_for_each_entry_safe(node, next, &nodes, list) {
		if (node->header)
			unregister_sysctl_table(node->header);
		kfree(node);
	}
}
