/* Names its static routines itself; the file is called like the module. */
#include <mach/mach_types.h>
#include <sys/systm.h>
#include <sys/kpi_socket.h>

static kern_return_t begin(kmod_info_t *ki, void *data);
static kern_return_t end(kmod_info_t *ki, void *data);

KMOD_EXPLICIT_DECL(org.example.explicit, "1.0.2", begin, end)

static socket_t so;

static kern_return_t
begin(kmod_info_t *ki, void *data)
{
	return sock_socket(PF_INET6, SOCK_STREAM, 0, NULL, NULL, &so) == 0 ? KERN_SUCCESS : KERN_FAILURE;
}

static kern_return_t
end(kmod_info_t *ki, void *data)
{
	sock_close(so);
	return KERN_SUCCESS;
}
