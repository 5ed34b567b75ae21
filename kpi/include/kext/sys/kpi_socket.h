/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SYS_KPI_SOCKET_H
#define _SYS_KPI_SOCKET_H

#include <sys/socket.h>

#define HAS_SOCK_SENDMBUF_CAN_WAIT	1

#define sock_socket			kpi_sock_socket
#define sock_socket_internal		kpi_sock_socket_internal
#define sock_close			kpi_sock_close
#define sock_retain			kpi_sock_retain
#define sock_release			kpi_sock_release
#define sock_shutdown			kpi_sock_shutdown

#define sock_bind			kpi_sock_bind
#define sock_connect			kpi_sock_connect
#define sock_connectwait		kpi_sock_connectwait
#define sock_listen			kpi_sock_listen
#define sock_accept			kpi_sock_accept
#define sock_accept_internal		kpi_sock_accept_internal

#define sock_receive			kpi_sock_receive
#define sock_receivembuf		kpi_sock_receivembuf
#define sock_send			kpi_sock_send
#define sock_sendmbuf			kpi_sock_sendmbuf
#define sock_sendmbuf_can_wait		kpi_sock_sendmbuf_can_wait

#define sock_getsockopt			kpi_sock_getsockopt
#define sock_setsockopt			kpi_sock_setsockopt
#define sock_settclassopt		kpi_sock_settclassopt
#define sock_gettclassopt		kpi_sock_gettclassopt
#define sock_ioctl			kpi_sock_ioctl
#define sock_setpriv			kpi_sock_setpriv
#define sock_nointerrupt		kpi_sock_nointerrupt

#define sock_isconnected		kpi_sock_isconnected
#define sock_isnonblocking		kpi_sock_isnonblocking
#define sock_iskernel			kpi_sock_iskernel
#define sock_gettype			kpi_sock_gettype
#define sock_getlistener		kpi_sock_getlistener

#define sock_getsockname		kpi_sock_getsockname
#define sock_getpeername		kpi_sock_getpeername
#define sock_getaddr			kpi_sock_getaddr
#define sock_freeaddr			kpi_sock_freeaddr

#define socket_defunct			kpi_socket_defunct

#define sock_setupcall			kpi_sock_setupcall
#define sock_setupcalls			kpi_sock_setupcalls
#define sock_catchevents		kpi_sock_catchevents

#endif /* _SYS_KPI_SOCKET_H */
