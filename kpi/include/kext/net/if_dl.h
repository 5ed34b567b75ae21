/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _NET_IF_DL_H
#define _NET_IF_DL_H

#include <kpi/interface.h>
#include <sys/appleapiopts.h>
#include <sys/types.h>

#define sockaddr_dl	bsd_sockaddr_dl

#define LLADDR(s)		((caddr_t)((s)->sdl_data + (s)->sdl_nlen))
#define CONST_LLADDR(s)		((const u_char *)((s)->sdl_data + (s)->sdl_nlen))

#endif /* _NET_IF_DL_H */
