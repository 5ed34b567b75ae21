/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Spelling helpers that declarations in kext sources use. What only tells a
 * compiler or a static checker something, and nothing on Linux, is empty.
 */
#ifndef _SYS_CDEFS_H
#define _SYS_CDEFS_H

#ifndef __has_feature
#define __has_feature(x)	0
#endif
#ifndef __has_extension
#define __has_extension(x)	__has_feature(x)
#endif
#ifndef __has_include
#define __has_include(x)	0
#endif
#ifndef __has_attribute
#define __has_attribute(x)	0
#endif
#ifndef __has_builtin
#define __has_builtin(x)	0
#endif

#define __BEGIN_DECLS
#define __END_DECLS
#define __P(protos)		protos
#define __CONCAT(x, y)		x ## y
#define __STRING(x)		#x
#define __offsetof(type, field)	__builtin_offsetof(type, field)

/* No K header declares a function noreturn: objtool would not know it. */
#define __dead2
#define __dead
#define __abortlike
#define __pure2			__attribute__((__const__))
#define __pure
#define __unused		__attribute__((__unused__))
#define __used			__attribute__((__used__))
#define __cold			__attribute__((__cold__))
#define __deprecated		__attribute__((__deprecated__))
#define __deprecated_msg(msg)	__attribute__((__deprecated__(msg)))
#define __kpi_deprecated(msg)
#define __unavailable
#define __exported
#define __exported_push
#define __exported_pop
#define __result_use_check	__attribute__((__warn_unused_result__))
#define __printflike(fmt, args)	__attribute__((__format__(__printf__, fmt, args)))
#define __scanflike(fmt, args)	__attribute__((__format__(__scanf__, fmt, args)))
#define __printf0like(fmt, args)
#define __private_extern__	extern __attribute__((__visibility__("hidden")))
#define __header_inline		static inline __attribute__((__unused__))
#define __header_always_inline	static inline __attribute__((__unused__, __always_inline__))
#define __not_tail_called
#define __disable_tail_calls
#define __enum_closed
#define __enum_open
#define __enum_options
#define __probable(x)		__builtin_expect(!!(x), 1)
#define __improbable(x)		__builtin_expect(!!(x), 0)
#define __CAST_AWAY_QUALIFIER(variable, qualifier, type)	((type)(long)(variable))

#define __IDSTRING(name, string)	static const char name[] __attribute__((__unused__)) = string
#define __RCSID(s)
#define __SCCSID(s)
#define __COPYRIGHT(s)
#define __FBSDID(s)

/* Bounds annotations. */
#define __counted_by(n)
#define __counted_by_or_null(n)
#define __sized_by(n)
#define __sized_by_or_null(n)
#define __ended_by(p)
#define __single
#define __indexable
#define __bidi_indexable
#define __unsafe_indexable
#define __null_terminated
#define __terminated_by(x)
#define __unsafe_forge_single(type, p)			((type)(p))
#define __unsafe_forge_bidi_indexable(type, p, n)	((type)(p))
#define __unsafe_forge_null_terminated(type, p)		((type)(p))
#define __ptrcheck_abi_assume_single()
#define __ptrcheck_abi_assume_unsafe_indexable()

/* Nullability. */
#define _Nonnull
#define _Nullable
#define _Null_unspecified
#define __nonnull
#define __nullable
#define __null_unspecified
#define __ASSUME_PTR_ABI_SINGLE_BEGIN
#define __ASSUME_PTR_ABI_SINGLE_END

#define __DARWIN_ALIAS(sym)
#define __DARWIN_ALIAS_C(sym)
#define __DARWIN_UNIX03		1
#define __DARWIN_64_BIT_INO_T	1

#endif /* _SYS_CDEFS_H */
