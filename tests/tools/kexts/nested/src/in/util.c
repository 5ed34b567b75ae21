#include <sys/systm.h>
#include <sys/malloc.h>
#include <relay/relay.h>

#include "limits_of_in.h"

struct relay_queue relay_waiting;

static int waiting;

static int
check(mbuf_t m)
{
	return m != NULL && waiting < RELAY_LIMIT;
}

void
relay_in_init(void)
{
	STAILQ_INIT(&relay_waiting);
}

errno_t
relay_in(mbuf_t m)
{
	struct relay_packet *packet;

	if (!check(m))
		return ENOBUFS;
	MALLOC(packet, struct relay_packet *, sizeof(*packet), M_TEMP, M_WAITOK | M_ZERO);
	packet->m = m;
	STAILQ_INSERT_TAIL(&relay_waiting, packet, link);
	waiting++;
	return 0;
}
