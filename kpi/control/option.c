// SPDX-License-Identifier: GPL-2.0
/* setsockopt, getsockopt and ioctl of a client. */

#include <linux/compat.h>
#include <linux/mm.h>
#include <linux/sockios.h>
#include <linux/sockptr.h>
#include <linux/termios.h>
#include <linux/uaccess.h>

#include "control_priv.h"

/* More than that is nobody's option. */
#define OPTION_MAX		(1 << 20)

/**
 * kpi_ctl_set_option() - ctl_setopt() of a client's control
 * @client: the socket
 * @name:   the option
 * @value:  its bytes; NULL for none
 * @len:    how many
 *
 * Return: 0 or a negative errno.
 */
int kpi_ctl_set_option(struct kpi_ctl_client *client, int name, void *value, size_t len)
{
	const struct kpi_control *control;
	int err = kpi_ctl_call_begin(client);

	if (err)
		return err;
	control = client->control;
	if (control->reg.ctl_setopt)
		err = kpi_ctl_result(control->reg.ctl_setopt(control->ref, client->unit,
							     client->unitinfo, name, value, len));
	else
		err = -EOPNOTSUPP;
	kpi_ctl_call_end(client);
	return err;
}

static int ask_option(const struct kpi_ctl_client *client, int name, void *value, size_t *len)
{
	const struct kpi_control *control = client->control;
	size_t room = *len;
	errno_t error;

	if (!control->reg.ctl_getopt)
		return -EOPNOTSUPP;
	error = control->reg.ctl_getopt(control->ref, client->unit, client->unitinfo, name,
					value, len);
	if (error)
		return kpi_ctl_result(error);
	if (value && *len > room) {
		kpi_misuse_from((unsigned long)control->reg.ctl_getopt,
				"ctl_getopt tells a longer value than there was room for");
		return -EINVAL;
	}
	return 0;
}

/**
 * kpi_ctl_get_option() - ctl_getopt() of a client's control
 * @client: the socket
 * @name:   the option
 * @value:  where its bytes go; what is there the kext sees; NULL if only the size is wanted
 * @len:    in: room there; out: the value's size
 *
 * Return: 0 or a negative errno.
 */
int kpi_ctl_get_option(struct kpi_ctl_client *client, int name, void *value, size_t *len)
{
	int err = kpi_ctl_call_begin(client);

	if (err)
		return err;
	err = ask_option(client, name, value, len);
	kpi_ctl_call_end(client);
	return err;
}

int kpi_ctl_setsockopt(struct socket *sock, int level, int name, sockptr_t value,
		       unsigned int len)
{
	void *bytes = NULL;
	int err;

	if (level != KPI_SYSPROTO_CONTROL || len > OPTION_MAX)
		return -EINVAL;
	if (len) {
		bytes = kvmalloc(len, GFP_KERNEL_ACCOUNT);
		if (!bytes)
			return -ENOMEM;
		if (copy_from_sockptr(bytes, value, len)) {
			kvfree(bytes);
			return -EFAULT;
		}
	}
	err = kpi_ctl_set_option(kpi_ctl_client_of(sock->sk), name, bytes, len);
	kvfree(bytes);
	return err;
}

/* The program's buffer, with what is in it. */
static void *option_buffer(const void __user *value, size_t len)
{
	void *bytes = kvmalloc(len, GFP_KERNEL_ACCOUNT);

	if (!bytes)
		return ERR_PTR(-ENOMEM);
	if (copy_from_user(bytes, value, len)) {
		kvfree(bytes);
		return ERR_PTR(-EFAULT);
	}
	return bytes;
}

static int option_out(char __user *value, int __user *lenp, const void *bytes, size_t len)
{
	if (len > INT_MAX || put_user((int)len, lenp))
		return -EFAULT;
	return bytes && copy_to_user(value, bytes, len) ? -EFAULT : 0;
}

int kpi_ctl_getsockopt(struct socket *sock, int level, int name, char __user *value,
		       int __user *lenp)
{
	void *bytes = NULL;
	size_t size;
	int len, err;

	if (get_user(len, lenp))
		return -EFAULT;
	if (level != KPI_SYSPROTO_CONTROL || len < 0 || len > OPTION_MAX)
		return -EINVAL;
	if (value && len)
		bytes = option_buffer(value, len);
	if (IS_ERR(bytes))
		return PTR_ERR(bytes);

	size = len;
	err = kpi_ctl_get_option(kpi_ctl_client_of(sock->sk), name, bytes, &size);
	if (!err)
		err = option_out(value, lenp, bytes, size);
	kvfree(bytes);
	return err;
}

static int ioctl_info(struct bsd_ctl_info __user *to)
{
	struct bsd_ctl_info info;
	int err;

	if (copy_from_user(&info, to, sizeof(info)))
		return -EFAULT;
	err = kpi_ctl_info(&info);
	if (err)
		return err;
	return put_user(info.ctl_id, &to->ctl_id);
}

int kpi_ctl_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg)
{
	struct kpi_ctl_client *client = kpi_ctl_client_of(sock->sk);
	void __user *to = (void __user *)arg;

	switch (cmd) {
	case CTLIOCGCOUNT:
	case CTLIOCGCOUNT_LINUX:
		return put_user(kpi_ctl_count(), (int __user *)to);
	case CTLIOCGINFO:
		return ioctl_info(to);
	case SIOCINQ:
		return put_user((int)READ_ONCE(client->sys.queue.bytes), (int __user *)to);
	case SIOCOUTQ:
		return put_user(0, (int __user *)to);
	default:
		return -ENOIOCTLCMD;
	}
}
