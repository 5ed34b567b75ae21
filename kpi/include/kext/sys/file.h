/* SPDX-License-Identifier: GPL-2.0 */
/* Of files as objects, only sockets are offered. */
#ifndef _SYS_FILE_H
#define _SYS_FILE_H

#include <kpi/socket.h>
#include <sys/appleapiopts.h>
#include <sys/types.h>
#include <sys/fcntl.h>
#include <sys/unistd.h>
#include <sys/queue.h>
#include <sys/cdefs.h>
#include <sys/kernel_types.h>

#define file_socket	kpi_file_socket
#define file_drop	kpi_file_drop

#endif /* _SYS_FILE_H */
