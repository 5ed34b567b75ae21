#include <sys/kpi_mbuf.h>

void
logic(mbuf_t m)
{
	mbuf_free(m);
	kauth_listen_scope(0, 0, 0);
}
