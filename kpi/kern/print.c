// SPDX-License-Identifier: GPL-2.0
/* printf, log and panic: messages of kexts in the kernel log. */

#include <linux/bug.h>
#include <linux/kern_levels.h>
#include <linux/moduleparam.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <kpi/print.h>

#include "kern_priv.h"

#define SHORT_MESSAGE	160
#define PRINT_RADIX	16		/* the base of %r in messages ... */
#define STRING_RADIX	10		/* ... and in strings */

bool kpi_panic_is_bug;
module_param_named(panic_is_bug, kpi_panic_is_bug, bool, 0644);
MODULE_PARM_DESC(panic_is_bug, "panic() of a kext kills its thread, not the machine");

/* Who has written part of a line, if that was the last message. */
static struct task_struct *unfinished_by;

/* One line, or the rest of one; its newline has been cut off. */
static void print_line(int level, const char *name, const char *text, int len, bool ends)
{
	const char *newline = ends ? "\n" : "";

	if (cmpxchg(&unfinished_by, current, NULL) == current)
		printk(KERN_CONT "%.*s%s", len, text, newline);
	else
		printk("%c%c%s: %.*s%s", KERN_SOH_ASCII, '0' + level, name, len, text, newline);
	if (!ends)
		WRITE_ONCE(unfinished_by, current);
}

static void print_text(int level, unsigned long caller, const char *text)
{
	const char *name = kpi_kext_name(kpi_kext_at(caller));
	const char *end;

	for (; *text; text = end + 1) {
		end = strchr(text, '\n');
		if (!end) {
			print_line(level, name, text, strlen(text), false);
			return;
		}
		print_line(level, name, text, end - text, true);
	}
}

/* Formats into a small buffer, or one from the heap; cuts the text without memory. */
static int print_message(int level, unsigned long caller, const char *fmt, va_list args)
{
	char small[SHORT_MESSAGE];
	int len = kpi_format(small, sizeof(small), PRINT_RADIX, fmt, args);
	char *large;

	if (len < sizeof(small)) {
		print_text(level, caller, small);
		return len;
	}

	large = kmalloc(len + 1, GFP_ATOMIC | __GFP_NOWARN);
	if (large)
		kpi_format(large, len + 1, PRINT_RADIX, fmt, args);
	print_text(level, caller, large ?: small);
	kfree(large);
	return len;
}

/* For the variadic calls: forwards their arguments. */
#define print_args(level, fmt)						\
({									\
	va_list __args;							\
	int __len;							\
									\
	va_start(__args, fmt);						\
	__len = print_message(level, _RET_IP_, fmt, __args);		\
	va_end(__args);							\
	__len;								\
})

/**
 * kpi_printf() - write to the kernel log
 * @fmt: the format
 *
 * The kext's name stands in front of each line. A text without a newline is
 * continued by the next message of the same thread.
 *
 * macOS difference: the kext's name; pointers are hashed.
 *
 * Context: Any.
 * Return: the length of the text.
 */
int kpi_printf(const char *fmt, ...)
{
	return print_args(LOGLEVEL_INFO, fmt);
}
KPI_EXPORT(kpi_printf);

/**
 * kpi_vprintf() - write to the kernel log
 * @fmt: the format
 * @ap:  its values
 *
 * macOS difference: as kpi_printf().
 *
 * Context: Any.
 * Return: the length of the text.
 */
int kpi_vprintf(const char *fmt, va_list ap)
{
	return print_message(LOGLEVEL_INFO, _RET_IP_, fmt, ap);
}
KPI_EXPORT(kpi_vprintf);

/**
 * kpi_kprintf() - write to the kernel log, for debugging
 * @fmt: the format
 *
 * macOS difference: the kernel log at debug level, not a serial line.
 *
 * Context: Any.
 */
void kpi_kprintf(const char *fmt, ...)
{
	print_args(LOGLEVEL_DEBUG, fmt);
}
KPI_EXPORT(kpi_kprintf);

/**
 * kpi_log() - write to the kernel log at a level
 * @level: LOG_EMERG to LOG_DEBUG; a facility is ignored
 * @fmt:   the format
 *
 * macOS difference: as kpi_printf().
 *
 * Context: Any.
 */
void kpi_log(int level, const char *fmt, ...)
{
	print_args(level & 7, fmt);
}
KPI_EXPORT(kpi_log);

/**
 * kpi_os_log() - what the os_log() macros call
 * @level: LOG_EMERG to LOG_DEBUG
 * @fmt:   the format; qualifiers like {public} are dropped
 *
 * macOS difference: each call is a line of the kernel log.
 *
 * Context: Any.
 */
void kpi_os_log(int level, const char *fmt, ...)
{
	print_args(level & 7, fmt);
	if (cmpxchg(&unfinished_by, current, NULL) == current)
		printk(KERN_CONT "\n");
}
KPI_EXPORT(kpi_os_log);

/**
 * kpi_IOLog() - write to the kernel log
 * @fmt: the format
 *
 * macOS difference: as kpi_printf().
 *
 * Context: Any.
 */
void kpi_IOLog(const char *fmt, ...)
{
	print_args(LOGLEVEL_INFO, fmt);
}
KPI_EXPORT(kpi_IOLog);

/**
 * kpi_IOLogv() - write to the kernel log
 * @fmt: the format
 * @ap:  its values
 *
 * macOS difference: as kpi_printf().
 *
 * Context: Any.
 */
void kpi_IOLogv(const char *fmt, va_list ap)
{
	print_message(LOGLEVEL_INFO, _RET_IP_, fmt, ap);
}
KPI_EXPORT(kpi_IOLogv);

/**
 * kpi_snprintf() - write text into a buffer
 * @buf:  the buffer; may be NULL if @size is 0
 * @size: its size
 * @fmt:  the format
 *
 * macOS difference: pointers are hashed.
 *
 * Context: Any.
 * Return: the length of the whole text, also of what did not fit.
 */
int kpi_snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = kpi_format(buf, size, STRING_RADIX, fmt, args);
	va_end(args);
	return len;
}
KPI_EXPORT(kpi_snprintf);

/**
 * kpi_vsnprintf() - write text into a buffer
 * @buf:  the buffer; may be NULL if @size is 0
 * @size: its size
 * @fmt:  the format
 * @ap:   its values
 *
 * macOS difference: pointers are hashed.
 *
 * Context: Any.
 * Return: the length of the whole text, also of what did not fit.
 */
int kpi_vsnprintf(char *buf, size_t size, const char *fmt, va_list ap)
{
	return kpi_format(buf, size, STRING_RADIX, fmt, ap);
}
KPI_EXPORT(kpi_vsnprintf);

static int written(int len, size_t size)
{
	return !size ? 0 : min_t(size_t, len, size - 1);
}

/**
 * kpi_scnprintf() - write text into a buffer
 * @buf:  the buffer
 * @size: its size
 * @fmt:  the format
 *
 * macOS difference: pointers are hashed.
 *
 * Context: Any.
 * Return: the length of what is in the buffer.
 */
int kpi_scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = kpi_format(buf, size, STRING_RADIX, fmt, args);
	va_end(args);
	return written(len, size);
}
KPI_EXPORT(kpi_scnprintf);

/**
 * kpi_vscnprintf() - write text into a buffer
 * @buf:  the buffer
 * @size: its size
 * @fmt:  the format
 * @ap:   its values
 *
 * macOS difference: pointers are hashed.
 *
 * Context: Any.
 * Return: the length of what is in the buffer.
 */
int kpi_vscnprintf(char *buf, size_t size, const char *fmt, va_list ap)
{
	return written(kpi_format(buf, size, STRING_RADIX, fmt, ap), size);
}
KPI_EXPORT(kpi_vscnprintf);

/**
 * kpi_sprintf() - write text into a buffer of any size
 * @buf: the buffer, large enough
 * @fmt: the format
 *
 * macOS difference: pointers are hashed.
 *
 * Context: Any.
 * Return: the length of the text.
 */
int kpi_sprintf(char *buf, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = kpi_format(buf, INT_MAX, STRING_RADIX, fmt, args);
	va_end(args);
	return len;
}
KPI_EXPORT(kpi_sprintf);

/**
 * kpi_vsprintf() - write text into a buffer of any size
 * @buf: the buffer, large enough
 * @fmt: the format
 * @ap:  its values
 *
 * macOS difference: pointers are hashed.
 *
 * Context: Any.
 * Return: the length of the text.
 */
int kpi_vsprintf(char *buf, const char *fmt, va_list ap)
{
	return kpi_format(buf, INT_MAX, STRING_RADIX, fmt, ap);
}
KPI_EXPORT(kpi_vsprintf);

/**
 * kpi_sscanf() - read values from text
 * @buf: the text
 * @fmt: the format
 *
 * macOS difference: none known; Linux's sscanf() reads.
 *
 * Context: Any.
 * Return: the number of values read.
 */
int kpi_sscanf(const char *buf, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsscanf(buf, fmt, args);
	va_end(args);
	return n;
}
KPI_EXPORT(kpi_sscanf);

/**
 * kpi_vsscanf() - read values from text
 * @buf: the text
 * @fmt: the format
 * @ap:  where the values go
 *
 * macOS difference: none known; Linux's vsscanf() reads.
 *
 * Context: Any.
 * Return: the number of values read.
 */
int kpi_vsscanf(const char *buf, const char *fmt, va_list ap)
{
	return vsscanf(buf, fmt, ap);
}
KPI_EXPORT(kpi_vsscanf);

/**
 * kpi_panic() - stop the machine
 * @fmt: the reason
 *
 * With the parameter panic_is_bug of the layer only the calling thread ends.
 *
 * macOS difference: none, with the parameter off.
 *
 * Context: Any. Does not return.
 */
void kpi_panic(const char *fmt, ...)
{
	const char *name = kpi_kext_name(kpi_kext_caller());
	char reason[256];
	va_list args;

	va_start(args, fmt);
	kpi_format(reason, sizeof(reason), PRINT_RADIX, fmt, args);
	va_end(args);

	if (!kpi_panic_is_bug)
		panic("kext panic: %s: %s", name, reason);
	pr_emerg("kext panic: %s: %s\n", name, reason);
	BUG();
}
KPI_EXPORT(kpi_panic);

/**
 * kpi_Debugger() - print a message and a backtrace
 * @message: the message
 *
 * macOS difference: no debugger is entered.
 *
 * Context: Any.
 */
void kpi_Debugger(const char *message)
{
	pr_err("%s: Debugger: %s\n", kpi_kext_name(kpi_kext_caller()), message);
	dump_stack();
}
KPI_EXPORT(kpi_Debugger);

/**
 * kpi_OSReportWithBacktrace() - print a message and a backtrace
 * @fmt: the format
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_OSReportWithBacktrace(const char *fmt, ...)
{
	print_args(LOGLEVEL_ERR, fmt);
	dump_stack();
}
KPI_EXPORT(kpi_OSReportWithBacktrace);

/**
 * kpi_assert_failed() - what assert() calls
 * @file:       where
 * @line:       where
 * @expression: what is not true
 *
 * macOS difference: a warning, not a panic.
 *
 * Context: Any.
 */
void kpi_assert_failed(const char *file, int line, const char *expression)
{
	pr_err("%s: %s:%d: assertion failed: %s\n",
	       kpi_kext_name(kpi_kext_caller()), file, line, expression);
	kpi_misuse("a failed assertion");
}
KPI_EXPORT(kpi_assert_failed);
