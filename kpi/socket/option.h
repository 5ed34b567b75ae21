/* SPDX-License-Identifier: GPL-2.0 */
/* Socket options: their tables, and the functions that get and set them. */
#ifndef _KPI_SOCKET_OPTION_H
#define _KPI_SOCKET_OPTION_H

#include <linux/types.h>

struct __socket;

/* An option the layer only remembers. */
struct kpi_stored_option {
	struct kpi_stored_option *next;
	int level;
	int name;
	int value;
};

/* option.c and its parts */
struct kpi_option {
	int level;
	int name;
	int size;		/* the least a caller may set; what is more is cut off, */
	bool variable;		/* unless the value may have any size */
	int error;		/* why it cannot be set or read; -ENOPROTOOPT if 0 */
	int arg;		/* for set() and get() */
	int (*set)(struct __socket *so, const struct kpi_option *opt, const void *val, int len);
	int (*get)(struct __socket *so, const struct kpi_option *opt, void *val);	/* size */
};

/* Rows of the tables, which end with one without name. */
#define KPI_OPTION_SIZED(_level, _name, _size, _set, _get, ...) \
	{ .level = _level, .name = _name, .size = _size, .set = _set, .get = _get, \
	  ##__VA_ARGS__ }

#define KPI_OPTION_MAX	64	/* bytes the largest value has */

extern const struct kpi_option kpi_socket_options[];
extern const struct kpi_option kpi_tcp_options[];
extern const struct kpi_option kpi_udp_options[];
extern const struct kpi_option kpi_ip_options[];
extern const struct kpi_option kpi_ipv6_options[];

int kpi_option_linux(struct __socket *so, int level, int name, const void *val, int len);
int kpi_option_pass(struct __socket *so, const struct kpi_option *opt, const void *val, int len);
int kpi_option_store(struct __socket *so, const struct kpi_option *opt, const void *val, int len);
int kpi_option_stored(struct __socket *so, const struct kpi_option *opt, void *val);

static inline int kpi_option_put(void *val, int value)
{
	*(int *)val = value;
	return sizeof(value);
}
void kpi_option_inherit(struct __socket *so, struct __socket *listener);
void kpi_option_free(struct __socket *so);

#endif /* _KPI_SOCKET_OPTION_H */
