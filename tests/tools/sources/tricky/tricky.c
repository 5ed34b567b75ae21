/* sock_socket(1); in a comment */
// sock_bind(2); \
   sock_listen(3); still in it
#include <sys/systm.h>	/* sock_close(4); */
#include <sys/kpi_socket.h>
#include <netinet/in.h>

#if 0
It's text with an apostrophe; sock_shutdown(5);
#if 1
sock_accept(6);
#endif
#elif defined(__linux__) || !KERNEL
sock_getsockname(7);
#else
static const char *text = "sock_getpeername(8); /* no comment", letter = '"';
#endif

#ifdef __cplusplus
extern "C" {
#endif

#ifdef TRICKY_DEBUG
#define TRICKY_LOG(...) printf(__VA_ARGS__)
#else
#define TRICKY_LOG(...)
#endif

/* Declared again, as old code does: no call. */
extern errno_t sock_nointerrupt(socket_t so, int on);

typedef errno_t sock_shape(socket_t so);

struct tricky {
	errno_t (*sock_ioctl)(socket_t so, int);
	sock_shape *shape;
};

#define TRICKY_FREE(so, with)	\
	do {			\
		with(so);	\
		sock_close(so);	\
	} while (0)

static socket_t
tricky_helper(so)
	socket_t so;
{
	return so;
}

int
tricky(struct tricky *t, socket_t so, sock_shape callback)
{
	errno_t (*later)(socket_t so) = sock_isconnected ? 0 : 0;
	int error;

#ifdef TRICKY_A
	if (t) {
#else
	if (so) {
#endif
		error = t->sock_ioctl(so, 1);
	}
	error = (t->shape)(so) + callback(so) + later(tricky_helper(so));
	TRICKY_LOG("%s", text);
	TRICKY_FREE(so, tricky_helper);
	return error + sock_retain
		(so), sizeof(so);
}

#ifdef __cplusplus
}
#endif
