/* SPDX-License-Identifier: GPL-2.0 */
/* The release of Darwin that the layer follows. */
#ifndef _LIBKERN_VERSION_H
#define _LIBKERN_VERSION_H

#define VERSION_MAJOR		24
#define VERSION_MINOR		0
#define VERSION_VARIANT		""
#define VERSION_STAGE		0x80
#define VERSION_PRERELEASE_LEVEL	0
#define OSTYPE			"Darwin"
#define OSRELEASE		"24.0.0"

static const int version_major __attribute__((__unused__)) = VERSION_MAJOR;
static const int version_minor __attribute__((__unused__)) = VERSION_MINOR;
static const char ostype[] __attribute__((__unused__)) = OSTYPE;
static const char osrelease[] __attribute__((__unused__)) = OSRELEASE;

#endif /* _LIBKERN_VERSION_H */
