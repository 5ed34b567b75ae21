// SPDX-License-Identifier: GPL-2.0
/* A client comes and goes, and the kext is told. */

#include <linux/sched/signal.h>
#include <net/tcp_states.h>

#include "control_priv.h"

/**
 * kpi_ctl_result() - what a callback returned, for the program
 * @error: the kext's
 *
 * Return: 0 or a negative errno; -EIO for numbers that a program does not know.
 */
int kpi_ctl_result(errno_t error)
{
	switch (error) {
	case 0:
	case KPI_EJUSTRETURN:
		return 0;
	case KPI_ERESTART:
		return -ERESTARTSYS;
	default:
		return error > 0 && error < 512 ? -error : -EIO;
	}
}

static void note_process(struct kpi_ctl_client *client)
{
	client->pid = task_tgid_nr(current);
	get_task_comm(client->comm, current);
}

static void set_connected(struct kpi_ctl_client *client, bool on)
{
	struct socket *sock = client->sys.sk.sk_socket;

	WRITE_ONCE(client->sys.sk.sk_state, on ? TCP_ESTABLISHED : TCP_CLOSE);
	if (sock)
		sock->state = on ? SS_CONNECTED : SS_UNCONNECTED;
}

/* Nothing comes any more; the kext hears of it; then others may have the unit. */
static void leave(struct kpi_ctl_client *client)
{
	const struct bsd_kern_ctl_reg *reg = &client->control->reg;

	WRITE_ONCE(client->leaver, current);
	kpi_sys_close(&client->sys);
	if (reg->ctl_disconnect)
		reg->ctl_disconnect(client->control->ref, client->unit, client->unitinfo);
	kpi_ctl_part(client);
	WRITE_ONCE(client->leaver, NULL);
	client->unitinfo = NULL;
}

static int tell_connect(struct kpi_ctl_client *client, struct bsd_sockaddr_ctl *name)
{
	const struct kpi_control *control = client->control;
	errno_t error = control->reg.ctl_connect(control->ref, name, &client->unitinfo);

	if (!error)
		return 0;
	leave(client);
	return kpi_ctl_result(error);
}

static int join(struct kpi_ctl_client *client, struct bsd_sockaddr_ctl *name)
{
	int err;

	if (client->control)
		return -EISCONN;
	err = kpi_ctl_join(client, name);
	if (err)
		return err;

	note_process(client);
	WRITE_ONCE(client->sys.sk.sk_shutdown, 0);
	kpi_sys_open(&client->sys, client->control->reg.ctl_recvsize);
	err = tell_connect(client, name);
	if (client->control)
		set_connected(client, true);
	return err;
}

/**
 * kpi_ctl_connect() - connect a socket to a control
 * @client: the socket
 * @name:   id and unit
 *
 * The kext may send before this returns, and before its ctl_connect() does.
 *
 * Return: 0 or a negative errno: of kpi_ctl_join(), -EISCONN, or the kext's.
 */
int kpi_ctl_connect(struct kpi_ctl_client *client, const struct bsd_sockaddr_ctl *name)
{
	struct bsd_sockaddr_ctl asked = *name;
	int err;

	asked.sc_len = sizeof(asked);
	asked.sc_family = KPI_AF_SYSTEM;
	if (down_write_killable(&client->calls))
		return -EINTR;
	err = join(client, &asked);
	if (client->control && !err)
		client->bsd_names = kpi_ctl_name_is_bsd(name);
	up_write(&client->calls);
	return err;
}

/**
 * kpi_ctl_disconnect() - end a connection, if there is one
 * @client: the socket
 *
 * Waits until no callback of this client runs.
 *
 * Return: 0; -EINTR if the program is killed meanwhile.
 */
int kpi_ctl_disconnect(struct kpi_ctl_client *client)
{
	if (down_write_killable(&client->calls))
		return -EINTR;
	if (client->control) {
		set_connected(client, false);
		leave(client);
		client->sys.sk.sk_state_change(&client->sys.sk);
	}
	up_write(&client->calls);
	return 0;
}

/* The last descriptor is closed, so there is nobody to wait for, killed or not. */
void kpi_ctl_close(struct kpi_ctl_client *client)
{
	down_write(&client->calls);
	if (client->control)
		leave(client);
	up_write(&client->calls);
}

/**
 * kpi_ctl_call_begin() - before a callback of a client
 * @client: the socket
 *
 * Return: 0, and the client stays connected until kpi_ctl_call_end(); -ENOTCONN;
 * -ERESTARTSYS after a signal.
 */
int kpi_ctl_call_begin(struct kpi_ctl_client *client)
{
	if (down_read_interruptible(&client->calls))
		return -ERESTARTSYS;
	if (client->control)
		return 0;
	up_read(&client->calls);
	return -ENOTCONN;
}

void kpi_ctl_call_end(struct kpi_ctl_client *client)
{
	up_read(&client->calls);
}
