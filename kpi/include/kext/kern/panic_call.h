/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERN_PANIC_CALL_H
#define _KERN_PANIC_CALL_H

#include <kpi/print.h>
#include <sys/cdefs.h>

/*
 * panic() does not return. It is a macro that never ends, because objtool
 * cannot know that a function of another module does not return; the function
 * is there for (panic)(...) and for taking its address.
 */
extern void panic(const char *fmt, ...) __asm__("kpi_panic");
extern void panic_plain(const char *fmt, ...) __asm__("kpi_panic");

#define panic(...)			\
do {					\
	kpi_panic(__VA_ARGS__);		\
	for (;;)			\
		__asm__ volatile ("");	\
} while (0)
#define panic_plain(...)	panic(__VA_ARGS__)

#endif /* _KERN_PANIC_CALL_H */
