/* SPDX-License-Identifier: GPL-2.0 */
/* Data on its way through the filters of a socket. */
#ifndef _KPI_SFLT_DATA_H
#define _KPI_SFLT_DATA_H

#include <linux/sizes.h>
#include <linux/uio.h>

#include <kpi/mbuf.h>
#include <kpi/socketfilter.h>

struct bsd_sockaddr;
struct kpi_filtered;
struct msghdr;
struct socket;

/* Of a stream the filters see so much at once, at most. */
#define KPI_SFLT_CHUNK	SZ_64K

struct kpi_sflt_vec {
	struct kvec *vec;
	struct kvec few[8];
};

/* data.c */
int kpi_sflt_show(struct kpi_filtered *f, bool out, const struct bsd_sockaddr *name, mbuf_t *data,
		  mbuf_t *control, sflt_data_flag_t flags);
int kpi_sflt_vec(struct kpi_sflt_vec *v, mbuf_t data, struct iov_iter *iter);
void kpi_sflt_vec_free(struct kpi_sflt_vec *v);
mbuf_t kpi_sflt_packet(size_t len);
mbuf_t kpi_sflt_copy_in(struct iov_iter *from, size_t len, int *err);

/* out.c */
int kpi_sflt_sendmsg(struct socket *sock, struct msghdr *msg, size_t size);
int kpi_sflt_send_chain(struct kpi_filtered *f, const struct bsd_sockaddr *to, mbuf_t data,
			mbuf_t control, sflt_data_flag_t flags);

/* in.c */
int kpi_sflt_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags);
int kpi_sflt_inq(struct kpi_filtered *f);
int kpi_sflt_ioctl(struct kpi_filtered *f, unsigned int request, int __user *place);

#endif /* _KPI_SFLT_DATA_H */
