/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIBKERN_CRYPTO_RAND_H
#define _LIBKERN_CRYPTO_RAND_H

#include <kpi/string.h>
#include <sys/types.h>

#define random_buf	kpi_random_buf

#endif /* _LIBKERN_CRYPTO_RAND_H */
