/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SIGNAL_H
#define _SIGNAL_H

#include <sys/signal.h>

#endif /* _SIGNAL_H */
