#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/kpi_mbuf.h>
#include <netinet/tcp_var.h>

static const int nfs_error_of[ELAST + 1] = {
	[EPERM] = 1,
	[ENOENT] = 2,
};

static struct mbuf by_value;

int
looks(struct mbuf *m, struct socket *so, int error, int count)
{
	int table[4];
	double ratio = 0.5;
	size_t len = sizeof(struct mbuf) + m->m_len + so->so_rcv.sb_cc;

	if (error < 0 || error == -1 || count < 0)
		return nfs_error_of[error];
	switch (error) {
	case ENOTSUP:
		switch (count) {
		case EOPNOTSUPP:
			break;
		}
		return table[count];
	}
	switch (error) {
	case ENOTSUP:
	case EOPNOTSUPP:
		return 1;
	}
	__asm__ volatile ("mfence");
	run(^{ count ^ 1; });
	return (count ^ (error)) + 0x1E5 + 1e3;
}
