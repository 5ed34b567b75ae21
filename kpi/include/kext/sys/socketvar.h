/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SYS_SOCKETVAR_H
#define _SYS_SOCKETVAR_H

#include <sys/kpi_socket.h>

#endif /* _SYS_SOCKETVAR_H */
