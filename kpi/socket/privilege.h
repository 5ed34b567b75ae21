/* SPDX-License-Identifier: GPL-2.0 */
/* Whose rights a call has: those of whoever made the socket. */
#ifndef _KPI_SOCKET_PRIVILEGE_H
#define _KPI_SOCKET_PRIVILEGE_H

struct cred;
struct __socket;

const struct cred *kpi_so_cred_begin(struct __socket *so);
void kpi_so_cred_end(const struct cred *old);
void kpi_so_set_cred(struct __socket *so, const struct cred *cred);
void kpi_so_inherit_cred(struct __socket *so, struct __socket *listener);

#endif /* _KPI_SOCKET_PRIVILEGE_H */
