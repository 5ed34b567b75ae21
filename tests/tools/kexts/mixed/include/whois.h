#ifndef _WHOIS_H_
#define _WHOIS_H_

#include <sys/param.h>
#include <sys/queue.h>
#include <sys/socketvar.h>
#include <kern/thread_call.h>

#ifdef __APPLE__
#include <sys/mbuf.h>
#else
#include <linux/skbuff.h>	/* of another system; not reached */
#endif

typedef enum whois_state {
	WHOIS_CONNECTING,
	WHOIS_ASKED,
	WHOIS_DONE
} whois_state_t;

typedef struct whois_query {
	TAILQ_ENTRY(whois_query) wq_link;
	socket_t		wq_so;
	whois_state_t		wq_state;
	char			wq_name[MAXHOSTNAMELEN];
	mbuf_t			wq_head;	/* what has come so far */
	mbuf_t			wq_tail;
	struct timespec		wq_started;
	errno_t			wq_error;
} *whois_query_t;

TAILQ_HEAD(whois_list, whois_query);

extern struct whois_list whois_queries;
extern lck_mtx_t *whois_mutex;

extern errno_t	whois_ask(const char *name, u_int32_t server, whois_query_t *queryp);
extern void	whois_forget(whois_query_t query);
extern void	whois_append(whois_query_t query, mbuf_t m);
extern int	whois_line(whois_query_t query, char *buf, size_t len);

#endif /* _WHOIS_H_ */
