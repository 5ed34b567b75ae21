#include <sys/systm.h>
#include <sys/malloc.h>
#include "../../include/relay/relay.h"

static int
check(struct relay_queue *queue)
{
	return !STAILQ_EMPTY(queue);
}

mbuf_t
relay_out(struct relay_queue *queue)
{
	struct relay_packet *packet;
	mbuf_t m;

	if (!check(queue))
		return NULL;
	packet = STAILQ_FIRST(queue);
	STAILQ_REMOVE_HEAD(queue, link);
	m = packet->m;
	FREE(packet, M_TEMP);
	return m;
}
