/* SPDX-License-Identifier: GPL-2.0 */
/* Protections and kinds of mappings as numbers; there is nothing to map with. */
#ifndef _SYS_MMAN_H
#define _SYS_MMAN_H

#include <sys/appleapiopts.h>
#include <sys/cdefs.h>
#include <sys/types.h>

#define PROT_NONE	0x00
#define PROT_READ	0x01
#define PROT_WRITE	0x02
#define PROT_EXEC	0x04

#define MAP_SHARED	0x0001
#define MAP_PRIVATE	0x0002
#define MAP_FIXED	0x0010
#define MAP_ANON	0x1000

#endif /* _SYS_MMAN_H */
