/* A kext that sends a datagram every second; here: what its files share. */
#ifndef BEACON_H
#define BEACON_H

#include <sys/types.h>
#include <sys/socket.h>

errno_t beacon_open(void);
void beacon_close(void);
errno_t beacon_send(const char *text);

extern int beacon_sent;

#endif
