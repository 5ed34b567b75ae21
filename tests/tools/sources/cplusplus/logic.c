#include <sys/kpi_mbuf.h>

void
logic(mbuf_t m)
{
	mbuf_free(m);
	sflt_attach(0, 0, 0);
}
