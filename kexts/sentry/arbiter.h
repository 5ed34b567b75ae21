/*
 * What the kext and its daemon agree on: as in the kext arbiter.
 */
#ifndef ARBITER_H
#define ARBITER_H

#define ARBITER_NAME	"org.netkpi.port.arbiter"

/* The kext asks: may this connection come in? */
struct arbiter_question {
	u_int32_t	id;
	u_int32_t	src;		/* network order, as the next three */
	u_int32_t	dst;
	u_int16_t	sport;
	u_int16_t	dport;
};

/* The daemon answers, or the kext decides when its patience is over. */
struct arbiter_answer {
	u_int32_t	id;
	u_int32_t	verdict;
};

#define ARBITER_DENY	0
#define ARBITER_ALLOW	1

#endif
