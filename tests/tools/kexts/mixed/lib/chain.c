#include <sys/systm.h>
#include <sys/kpi_mbuf.h>
#include <whois.h>

static void append(whois_query_t, mbuf_t);

void
whois_append(whois_query_t query, mbuf_t m)
{
	append(query, m);
}

static void
append(whois_query_t query, mbuf_t m)
{
	if (query->wq_head == NULL)
		query->wq_head = m;
	else
		mbuf_setnext(query->wq_tail, m);
	while (mbuf_next(m) != NULL)
		m = mbuf_next(m);
	query->wq_tail = m;
}

/* The first line of what has come; its length, or -1 if there is none yet. */
int
whois_line(whois_query_t query, char *buf, size_t len)
{
	size_t	have = 0, i;
	mbuf_t	m;
	char	*data;

	for (m = query->wq_head; m != NULL; m = mbuf_next(m)) {
		data = mbuf_data(m);
		for (i = 0; i < mbuf_len(m); i++) {
			if (data[i] == '\n' || have + 1 >= len) {
				buf[have] = '\0';
				return (int)have;
			}
			buf[have++] = data[i];
		}
	}
	return -1;
}
