/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TARGETCONDITIONALS_H
#define _TARGETCONDITIONALS_H

#define TARGET_OS_MAC			1
#define TARGET_OS_OSX			1
#define TARGET_OS_IPHONE		0
#define TARGET_OS_IOS			0
#define TARGET_OS_TV			0
#define TARGET_OS_WATCH			0
#define TARGET_OS_BRIDGE		0
#define TARGET_OS_SIMULATOR		0
#define TARGET_OS_EMBEDDED		0
#define TARGET_OS_WIN32			0
#define TARGET_OS_UNIX			0
#define TARGET_OS_LINUX			0
#define TARGET_IPHONE_SIMULATOR		0
#define TARGET_RT_64_BIT		1

#ifdef __x86_64__
#define TARGET_CPU_X86_64		1
#else
#define TARGET_CPU_X86_64		0
#endif
#ifdef __aarch64__
#define TARGET_CPU_ARM64		1
#else
#define TARGET_CPU_ARM64		0
#endif
#define TARGET_CPU_X86			0
#define TARGET_CPU_ARM			0
#define TARGET_CPU_PPC			0
#define TARGET_CPU_PPC64		0

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define TARGET_RT_LITTLE_ENDIAN		1
#define TARGET_RT_BIG_ENDIAN		0
#else
#define TARGET_RT_LITTLE_ENDIAN		0
#define TARGET_RT_BIG_ENDIAN		1
#endif

#endif /* _TARGETCONDITIONALS_H */
