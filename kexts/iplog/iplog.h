/*
 * What the kext and its daemon agree on.
 */
#ifndef IPLOG_H
#define IPLOG_H

#define IPLOG_NAME	"org.netkpi.port.iplog"

/* Options of the control. */
#define IPLOG_PROTOCOL	1	/* set: only this one is logged; 0: all */
#define IPLOG_COUNTS	2	/* get: struct iplog_counts */

struct iplog_entry {
	u_int64_t	when;		/* microseconds since 1970 */
	u_int32_t	src;		/* network order */
	u_int32_t	dst;
	u_int16_t	len;
	u_int8_t	protocol;
	u_int8_t	out;		/* 1: this host sends it */
	u_int32_t	lost;		/* entries that this daemon did not get before */
};

struct iplog_counts {
	u_int32_t	seen;
	u_int32_t	sent;
	u_int32_t	dropped;
	u_int32_t	readers;
};

#endif
