/* SPDX-License-Identifier: GPL-2.0 */
/* What came in on a port, for sysctl to show. */
#ifndef STATS_H
#define STATS_H

#include <sys/types.h>
#include <sys/errno.h>
#include <sys/param.h>
#include <sys/systm.h>

#define STATS_SIZES	12		/* up to 32 bytes, up to 64, ... up to 65536 */

struct stats {
	u_int64_t	bytes;
	int		packets;
	int		refused;	/* longer than the limit */
	int		sizes[STATS_SIZES];
	char		last[64];	/* sender of the last one */
};

extern int	stats_limit;		/* bytes a datagram may have; set by sysctl */

void	stats_get(struct stats *copy);
void	stats_reset(void);

void	stats_register(void);
void	stats_unregister(void);

#endif
