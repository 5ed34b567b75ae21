/* Nothing here says which functions start and stop it. */
#include <sys/systm.h>

int port = 5001;
unsigned int rate;
const char *peer = "127.0.0.1";

static void
pump_report(const char *when)
{
	printf("pump %s: %s:%d at %u\n", when, peer, port, rate);
}

int
attach_pump(void *info, void *data)
{
	pump_report("attached");
	return 0;
}

int
detach_pump(void *info, void *data)
{
	pump_report("detached");
	return 0;
}
