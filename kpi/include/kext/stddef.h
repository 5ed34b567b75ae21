/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _STDDEF_H
#define _STDDEF_H

#include <kpi/types.h>

typedef __WCHAR_TYPE__ wchar_t;

#ifndef offsetof
#define offsetof(type, member)	__builtin_offsetof(type, member)
#endif

#endif /* _STDDEF_H */
