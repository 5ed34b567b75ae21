// SPDX-License-Identifier: GPL-2.0
/*
 * SO_NKE: a program asks for a filter on its socket. Options of SOL_SOCKET come to us only
 * from sockets that are filtered, so it is one of IP and of IPv6, too, where netfilter
 * gives options away.
 */

#include <linux/netfilter.h>

#include <kpi/socknum.h>

#include "attach.h"
#include "filtered.h"
#include "kind.h"
#include "nke.h"
#include "registry.h"

static int attach(struct socket *sock, struct kpi_sflt *sflt)
{
	struct kpi_sflt_kind *kind = kpi_sflt_kind_of_sock(sock->sk);
	struct kpi_filtered *f;
	int err;

	if (!kind || !kpi_sflt_is_to_be_filtered(kind, sock->sk) || READ_ONCE(sflt->removed))
		return -EINVAL;
	f = kpi_filtered_get_sock(sock);
	if (!f)
		return -ENOMEM;
	err = kpi_sflt_attach_to(f, sflt);
	kpi_filtered_put(f);
	return err;
}

/**
 * kpi_sflt_attach_by_option() - put a filter on a process's socket, as it asks
 * @sock:  the socket
 * @value: a struct so_nke, of which only the handle counts
 * @len:   its size
 *
 * Return: 0; -EINVAL for no such filter or socket; -EEXIST; -EFAULT; -ENOMEM; what
 * sf_attach says, negative.
 */
int kpi_sflt_attach_by_option(struct socket *sock, sockptr_t value, unsigned int len)
{
	struct bsd_so_nke nke;
	struct kpi_sflt *sflt;
	int err;

	if (len < sizeof(nke))
		return -EINVAL;
	if (copy_from_sockptr(&nke, value, sizeof(nke)))
		return -EFAULT;
	sflt = kpi_sflt_get(nke.nke_handle);
	if (!sflt)
		return -EINVAL;
	err = attach(sock, sflt);
	kpi_sflt_put(sflt, false);
	return err;
}

static int set(struct sock *sk, int name, sockptr_t value, unsigned int len)
{
	struct socket *sock = READ_ONCE(sk->sk_socket);

	if (!sock || !kpi_sflt_any())
		return -ENOPROTOOPT;
	return kpi_sflt_attach_by_option(sock, value, len);
}

static struct nf_sockopt_ops options[] = {
	{ .pf = PF_INET, .set_optmin = KPI_SO_NKE, .set_optmax = KPI_SO_NKE + 1, .set = set,
	  .owner = THIS_MODULE },
	{ .pf = PF_INET6, .set_optmin = KPI_SO_NKE, .set_optmax = KPI_SO_NKE + 1, .set = set,
	  .owner = THIS_MODULE },
};

static unsigned int there;	/* so many are registered */

/* Somebody else may have the number; then there is no such option. */
void kpi_nke_init(void)
{
	while (there < ARRAY_SIZE(options) && !nf_register_sockopt(&options[there]))
		there++;
}

void kpi_nke_exit(void)
{
	while (there)
		nf_unregister_sockopt(&options[--there]);
}
