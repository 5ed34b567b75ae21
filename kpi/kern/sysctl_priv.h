/* SPDX-License-Identifier: GPL-2.0 */
/* Between sysctl.c, the files, sysctl_text.c, their text, and sysctl_value.c, the handlers. */
#ifndef _KPI_SYSCTL_PRIV_H
#define _KPI_SYSCTL_PRIV_H

#include <linux/completion.h>

#include <kpi/errno.h>
#include <kpi/sysctl.h>

#include "../kpi_priv.h"

#define VALUE_ROOM	4096		/* the largest value a file shows or takes */

/* A request whose value comes from text or becomes text. */
struct text_request {
	struct bsd_sysctl_req req;
	bool is_number;
	s64 number;			/* what was written, if it is a number */
	char value[];			/* what was read, or bytes that were written */
};

static inline unsigned int kpi_oid_type(const struct bsd_sysctl_oid *oid)
{
	return oid->oid_kind & CTLTYPE;
}

static inline bool kpi_oid_is_number(const struct bsd_sysctl_oid *oid)
{
	return kpi_oid_type(oid) == CTLTYPE_INT || kpi_oid_type(oid) == CTLTYPE_QUAD;
}

int kpi_text_request_out(struct bsd_sysctl_req *req, const void *data, size_t len);
int kpi_text_request_in(struct bsd_sysctl_req *req, void *data, size_t len);
int kpi_text_parse(struct text_request *text, const struct bsd_sysctl_oid *oid, const char *input);
int kpi_text_show(const struct bsd_sysctl_oid *oid, const void *value, size_t len,
		  char *out, size_t size);

struct bsd_sysctl_oid *kpi_sysctl_find(const char *name, void **handle);
void kpi_sysctl_put(void *handle);

#endif /* _KPI_SYSCTL_PRIV_H */
