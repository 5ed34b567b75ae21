/* Found as <relay/relay.h>, from wherever it is included. */
#ifndef RELAY_RELAY_H
#define RELAY_RELAY_H

#include <sys/kpi_mbuf.h>
#include <sys/queue.h>

struct relay_packet {
	STAILQ_ENTRY(relay_packet) link;
	mbuf_t m;
};

STAILQ_HEAD(relay_queue, relay_packet);

void relay_in_init(void);
errno_t relay_in(mbuf_t m);
void relay_in_drain(void);
mbuf_t relay_out(struct relay_queue *queue);

extern struct relay_queue relay_waiting;

#endif
