/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Error numbers.
 *
 * An error that Linux has is Linux's number under the macOS name: such errors
 * come from Linux and often end in a Linux program. What only macOS has gets a
 * number of its own, 1000 + macOS's, which Linux uses for nothing. The last
 * group never is an error: macOS uses it between parts of its kernel.
 *
 * kpi/socket/numbers.c proves at compile time that the first group is right.
 */
#ifndef _KPI_ERRNO_H
#define _KPI_ERRNO_H

#define KPI_EPERM		1
#define KPI_ENOENT		2
#define KPI_ESRCH		3
#define KPI_EINTR		4
#define KPI_EIO			5
#define KPI_ENXIO		6
#define KPI_E2BIG		7
#define KPI_ENOEXEC		8
#define KPI_EBADF		9
#define KPI_ECHILD		10
#define KPI_EAGAIN		11
#define KPI_ENOMEM		12
#define KPI_EACCES		13
#define KPI_EFAULT		14
#define KPI_ENOTBLK		15
#define KPI_EBUSY		16
#define KPI_EEXIST		17
#define KPI_EXDEV		18
#define KPI_ENODEV		19
#define KPI_ENOTDIR		20
#define KPI_EISDIR		21
#define KPI_EINVAL		22
#define KPI_ENFILE		23
#define KPI_EMFILE		24
#define KPI_ENOTTY		25
#define KPI_ETXTBSY		26
#define KPI_EFBIG		27
#define KPI_ENOSPC		28
#define KPI_ESPIPE		29
#define KPI_EROFS		30
#define KPI_EMLINK		31
#define KPI_EPIPE		32
#define KPI_EDOM		33
#define KPI_ERANGE		34
#define KPI_EDEADLK		35
#define KPI_ENAMETOOLONG	36
#define KPI_ENOLCK		37
#define KPI_ENOSYS		38
#define KPI_ENOTEMPTY		39
#define KPI_ELOOP		40
#define KPI_ENOMSG		42
#define KPI_EIDRM		43
#define KPI_ENOSTR		60
#define KPI_ENODATA		61
#define KPI_ETIME		62
#define KPI_ENOSR		63
#define KPI_EREMOTE		66
#define KPI_ENOLINK		67
#define KPI_EPROTO		71
#define KPI_EMULTIHOP		72
#define KPI_EBADMSG		74
#define KPI_EOVERFLOW		75
#define KPI_EILSEQ		84
#define KPI_EUSERS		87
#define KPI_ENOTSOCK		88
#define KPI_EDESTADDRREQ	89
#define KPI_EMSGSIZE		90
#define KPI_EPROTOTYPE		91
#define KPI_ENOPROTOOPT		92
#define KPI_EPROTONOSUPPORT	93
#define KPI_ESOCKTNOSUPPORT	94
#define KPI_EOPNOTSUPP		95
#define KPI_EPFNOSUPPORT	96
#define KPI_EAFNOSUPPORT	97
#define KPI_EADDRINUSE		98
#define KPI_EADDRNOTAVAIL	99
#define KPI_ENETDOWN		100
#define KPI_ENETUNREACH		101
#define KPI_ENETRESET		102
#define KPI_ECONNABORTED	103
#define KPI_ECONNRESET		104
#define KPI_ENOBUFS		105
#define KPI_EISCONN		106
#define KPI_ENOTCONN		107
#define KPI_ESHUTDOWN		108
#define KPI_ETOOMANYREFS	109
#define KPI_ETIMEDOUT		110
#define KPI_ECONNREFUSED	111
#define KPI_EHOSTDOWN		112
#define KPI_EHOSTUNREACH	113
#define KPI_EALREADY		114
#define KPI_EINPROGRESS		115
#define KPI_ESTALE		116
#define KPI_EDQUOT		122
#define KPI_ECANCELED		125
#define KPI_EOWNERDEAD		130
#define KPI_ENOTRECOVERABLE	131
#define KPI_EWOULDBLOCK		KPI_EAGAIN
#define KPI_ENOTSUP		KPI_EOPNOTSUPP	/* two numbers on macOS */

/* "Restart the system call": what a sleep that a signal ended returns. */
#define KPI_ERESTART		85

/* Errors that only macOS has. */
#define KPI_EPROCLIM		1067
#define KPI_EBADRPC		1072
#define KPI_ERPCMISMATCH	1073
#define KPI_EPROGUNAVAIL	1074
#define KPI_EPROGMISMATCH	1075
#define KPI_EPROCUNAVAIL	1076
#define KPI_EFTYPE		1079
#define KPI_EAUTH		1080
#define KPI_ENEEDAUTH		1081
#define KPI_EPWROFF		1082
#define KPI_EDEVERR		1083
#define KPI_EBADEXEC		1085
#define KPI_EBADARCH		1086
#define KPI_ESHLIBVERS		1087
#define KPI_EBADMACHO		1088
#define KPI_ENOATTR		1093
#define KPI_ENOPOLICY		1103
#define KPI_EQFULL		1106

/* Answers inside the kernel; -2, -5 and -6 on macOS. */
#define KPI_EJUSTRETURN		1202
#define KPI_ERECYCLE		1205
#define KPI_EREDRIVEOPEN	1206

#define KPI_ELAST		1206

#endif /* _KPI_ERRNO_H */
