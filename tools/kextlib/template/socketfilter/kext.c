/*
 * @NAME@: lets no program connect to one TCP port, and counts what they send to others.
 *
 * A kext as one writes it for macOS; nothing in here is Linux's. What it prints
 * stands in the log behind its name.
 */
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socketfilter.h>
#include <sys/proc.h>
#include <netinet/in.h>
#include <libkern/OSAtomic.h>
#include <mach/mach_types.h>

#define HANDLE	0x646f6f72	/* four letters of your own */

int closed = 23;	/* these are module parameters: see Kbuild */
int refused;
long bytes;

static boolean_t filter_is_there;

/* For each new socket; what is stored in cookie the other functions get. */
static errno_t
attach(void **cookie, socket_t so)
{
	*cookie = NULL;
	return 0;
}

static void
detach(void *cookie, socket_t so)
{
}

/* The last call: from now on the code may go. */
static void
unregistered(sflt_handle handle)
{
	filter_is_there = FALSE;
}

/* Called in the program's thread, which may sleep; what it returns connect() says. */
static errno_t
connect_out(void *cookie, socket_t so, const struct sockaddr *to)
{
	char program[32];

	if (ntohs(((const struct sockaddr_in *)to)->sin_port) != closed)
		return 0;
	proc_selfname(program, sizeof(program));
	printf("@NAME@: %s may not\n", program);
	OSIncrementAtomic(&refused);
	return EPERM;
}

static errno_t
data_out(void *cookie, socket_t so, const struct sockaddr *to, mbuf_t *data, mbuf_t *control,
    sflt_data_flag_t flags)
{
	OSAddAtomic64(mbuf_pkthdr_len(*data), (SInt64 *)&bytes);
	return 0;
}

static struct sflt_filter filter = {
	.sf_handle = HANDLE,
	.sf_flags = SFLT_GLOBAL,
	.sf_name = "org.example.@NAME@",
	.sf_unregistered = unregistered,
	.sf_attach = attach,
	.sf_detach = detach,
	.sf_data_out = data_out,
	.sf_connect_out = connect_out,
};

kern_return_t
@NAME@_start(kmod_info_t *ki, void *data)
{
	filter_is_there = TRUE;
	if (sflt_register(&filter, PF_INET, SOCK_STREAM, IPPROTO_TCP) != 0)
		return KERN_FAILURE;
	printf("@NAME@: keeps port %d closed\n", closed);
	return KERN_SUCCESS;
}

kern_return_t
@NAME@_stop(kmod_info_t *ki, void *data)
{
	sflt_unregister(HANDLE);
	if (filter_is_there)
		return KERN_FAILURE;	/* ask again, until no socket has it */
	printf("@NAME@: %d refused, %ld bytes\n", refused, bytes);
	return KERN_SUCCESS;
}
