/* SPDX-License-Identifier: GPL-2.0 */
/* The prefix header: every unit of the kext has it without naming it. */
#include <sys/types.h>
#include <sys/errno.h>
#include <sys/systm.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <libkern/libkern.h>
