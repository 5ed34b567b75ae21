/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Socket filters: functions that see what a program, or another kext, does with a
 * socket, and what it sends and receives, and may change or refuse it.
 */
#ifndef _KPI_SOCKETFILTER_H
#define _KPI_SOCKETFILTER_H

#include <kpi/types.h>

typedef u_int32_t sflt_flags;
typedef u_int32_t sflt_handle;
typedef u_int32_t sflt_event_t;
typedef u_int32_t sflt_data_flag_t;
typedef u_int8_t sockopt_dir;

struct bsd_sockaddr;
struct __sockopt;

#define SFLT_GLOBAL			0x01
#define SFLT_PROG			0x02
#define SFLT_EXTENDED			0x04
#define SFLT_EXTENDED_REGISTRY		0x08

#define sock_evt_connecting		1
#define sock_evt_connected		2
#define sock_evt_disconnecting		3
#define sock_evt_disconnected		4
#define sock_evt_flush_read		5
#define sock_evt_shutdown		6
#define sock_evt_cantrecvmore		7
#define sock_evt_cantsendmore		8
#define sock_evt_closing		9
#define sock_evt_bound			10

#define sock_data_filt_flag_oob		1
#define sock_data_filt_flag_record	2

#define sockopt_get			1
#define sockopt_set			2

typedef void (*sf_unregistered_func)(sflt_handle handle);
typedef errno_t (*sf_attach_func)(void **cookie, socket_t so);
typedef void (*sf_detach_func)(void *cookie, socket_t so);
typedef void (*sf_notify_func)(void *cookie, socket_t so, sflt_event_t event, void *param);
typedef int (*sf_getpeername_func)(void *cookie, socket_t so, struct bsd_sockaddr **sa);
typedef int (*sf_getsockname_func)(void *cookie, socket_t so, struct bsd_sockaddr **sa);
typedef errno_t (*sf_data_in_func)(void *cookie, socket_t so, const struct bsd_sockaddr *from,
				   mbuf_t *data, mbuf_t *control, sflt_data_flag_t flags);
typedef errno_t (*sf_data_out_func)(void *cookie, socket_t so, const struct bsd_sockaddr *to,
				    mbuf_t *data, mbuf_t *control, sflt_data_flag_t flags);
typedef errno_t (*sf_connect_in_func)(void *cookie, socket_t so,
				      const struct bsd_sockaddr *from);
typedef errno_t (*sf_connect_out_func)(void *cookie, socket_t so,
				       const struct bsd_sockaddr *to);
typedef errno_t (*sf_bind_func)(void *cookie, socket_t so, const struct bsd_sockaddr *to);
typedef errno_t (*sf_setoption_func)(void *cookie, socket_t so, struct __sockopt *opt);
typedef errno_t (*sf_getoption_func)(void *cookie, socket_t so, struct __sockopt *opt);
typedef errno_t (*sf_listen_func)(void *cookie, socket_t so);
typedef errno_t (*sf_ioctl_func)(void *cookie, socket_t so, unsigned long request,
				 const char *argp);
typedef errno_t (*sf_accept_func)(void *cookie, socket_t so_listen, socket_t so,
				  const struct bsd_sockaddr *local,
				  const struct bsd_sockaddr *remote);

struct bsd_sflt_filter {
	sflt_handle sf_handle;
	int sf_flags;
	char *sf_name;
	sf_unregistered_func sf_unregistered;
	sf_attach_func sf_attach;
	sf_detach_func sf_detach;
	sf_notify_func sf_notify;
	sf_getpeername_func sf_getpeername;
	sf_getsockname_func sf_getsockname;
	sf_data_in_func sf_data_in;
	sf_data_out_func sf_data_out;
	sf_connect_in_func sf_connect_in;
	sf_connect_out_func sf_connect_out;
	sf_bind_func sf_bind;
	sf_setoption_func sf_setoption;
	sf_getoption_func sf_getoption;
	sf_listen_func sf_listen;
	sf_ioctl_func sf_ioctl;
	struct bsd_sflt_filter_ext {
		unsigned int sf_ext_len;
		sf_accept_func sf_ext_accept;
		void *sf_ext_rsvd[5];
	} sf_ext;
};

_Static_assert(sizeof(struct bsd_sflt_filter) == 192, "sflt_filter layout");

errno_t kpi_sflt_register(const struct bsd_sflt_filter *filter, int domain, int type,
			  int protocol);
errno_t kpi_sflt_unregister(sflt_handle handle);
errno_t kpi_sflt_attach(socket_t so, sflt_handle handle);
errno_t kpi_sflt_detach(socket_t so, sflt_handle handle);

errno_t kpi_sock_inject_data_in(socket_t so, const struct bsd_sockaddr *from, mbuf_t data,
				mbuf_t control, sflt_data_flag_t flags);
errno_t kpi_sock_inject_data_out(socket_t so, const struct bsd_sockaddr *to, mbuf_t data,
				 mbuf_t control, sflt_data_flag_t flags);

sockopt_dir kpi_sockopt_direction(struct __sockopt *sopt);
int kpi_sockopt_level(struct __sockopt *sopt);
int kpi_sockopt_name(struct __sockopt *sopt);
size_t kpi_sockopt_valsize(struct __sockopt *sopt);
errno_t kpi_sockopt_copyin(struct __sockopt *sopt, void *data, size_t len);
errno_t kpi_sockopt_copyout(struct __sockopt *sopt, void *data, size_t len);

struct bsd_so_nke {
	unsigned int nke_handle;
	unsigned int nke_where;
	int nke_flags;
	u_int32_t reserved[4];
};

_Static_assert(sizeof(struct bsd_so_nke) == 28, "so_nke layout");

#endif /* _KPI_SOCKETFILTER_H */
