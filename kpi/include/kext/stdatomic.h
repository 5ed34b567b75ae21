/* SPDX-License-Identifier: GPL-2.0 */
/* C11's atomic operations, as the compiler makes them. */
#ifndef __KPI_STDATOMIC_H
#define __KPI_STDATOMIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
	memory_order_relaxed = __ATOMIC_RELAXED,
	memory_order_consume = __ATOMIC_CONSUME,
	memory_order_acquire = __ATOMIC_ACQUIRE,
	memory_order_release = __ATOMIC_RELEASE,
	memory_order_acq_rel = __ATOMIC_ACQ_REL,
	memory_order_seq_cst = __ATOMIC_SEQ_CST
} memory_order;

typedef _Atomic _Bool atomic_bool;
typedef _Atomic char atomic_char;
typedef _Atomic signed char atomic_schar;
typedef _Atomic unsigned char atomic_uchar;
typedef _Atomic short atomic_short;
typedef _Atomic unsigned short atomic_ushort;
typedef _Atomic int atomic_int;
typedef _Atomic unsigned int atomic_uint;
typedef _Atomic long atomic_long;
typedef _Atomic unsigned long atomic_ulong;
typedef _Atomic long long atomic_llong;
typedef _Atomic unsigned long long atomic_ullong;
typedef _Atomic size_t atomic_size_t;
typedef _Atomic ptrdiff_t atomic_ptrdiff_t;
typedef _Atomic intptr_t atomic_intptr_t;
typedef _Atomic uintptr_t atomic_uintptr_t;
typedef _Atomic intmax_t atomic_intmax_t;
typedef _Atomic uintmax_t atomic_uintmax_t;

#define ATOMIC_BOOL_LOCK_FREE		__GCC_ATOMIC_BOOL_LOCK_FREE
#define ATOMIC_CHAR_LOCK_FREE		__GCC_ATOMIC_CHAR_LOCK_FREE
#define ATOMIC_SHORT_LOCK_FREE		__GCC_ATOMIC_SHORT_LOCK_FREE
#define ATOMIC_INT_LOCK_FREE		__GCC_ATOMIC_INT_LOCK_FREE
#define ATOMIC_LONG_LOCK_FREE		__GCC_ATOMIC_LONG_LOCK_FREE
#define ATOMIC_LLONG_LOCK_FREE		__GCC_ATOMIC_LLONG_LOCK_FREE
#define ATOMIC_POINTER_LOCK_FREE	__GCC_ATOMIC_POINTER_LOCK_FREE

#define ATOMIC_VAR_INIT(value)		(value)
#define atomic_init(obj, value)		atomic_store_explicit(obj, value, memory_order_relaxed)
#define atomic_is_lock_free(obj)	__atomic_is_lock_free(sizeof(*(obj)), (void *)(obj))
#define atomic_thread_fence(mo)		__atomic_thread_fence(mo)
#define atomic_signal_fence(mo)		__atomic_signal_fence(mo)
#define kill_dependency(value)		(value)

#define atomic_load_explicit(obj, mo)		__atomic_load_n(obj, mo)
#define atomic_store_explicit(obj, value, mo)	__atomic_store_n(obj, value, mo)
#define atomic_exchange_explicit(obj, value, mo)	__atomic_exchange_n(obj, value, mo)
#define atomic_compare_exchange_strong_explicit(obj, expected, value, success, failure) \
	__atomic_compare_exchange_n(obj, expected, value, 0, success, failure)
#define atomic_compare_exchange_weak_explicit(obj, expected, value, success, failure) \
	__atomic_compare_exchange_n(obj, expected, value, 1, success, failure)
#define atomic_fetch_add_explicit(obj, value, mo)	__atomic_fetch_add(obj, value, mo)
#define atomic_fetch_sub_explicit(obj, value, mo)	__atomic_fetch_sub(obj, value, mo)
#define atomic_fetch_or_explicit(obj, value, mo)	__atomic_fetch_or(obj, value, mo)
#define atomic_fetch_xor_explicit(obj, value, mo)	__atomic_fetch_xor(obj, value, mo)
#define atomic_fetch_and_explicit(obj, value, mo)	__atomic_fetch_and(obj, value, mo)

#define atomic_load(obj)		atomic_load_explicit(obj, memory_order_seq_cst)
#define atomic_store(obj, value)	atomic_store_explicit(obj, value, memory_order_seq_cst)
#define atomic_exchange(obj, value)	atomic_exchange_explicit(obj, value, memory_order_seq_cst)
#define atomic_compare_exchange_strong(obj, expected, value)			\
	atomic_compare_exchange_strong_explicit(obj, expected, value,		\
						memory_order_seq_cst, memory_order_seq_cst)
#define atomic_compare_exchange_weak(obj, expected, value)			\
	atomic_compare_exchange_weak_explicit(obj, expected, value,		\
					      memory_order_seq_cst, memory_order_seq_cst)
#define atomic_fetch_add(obj, value)	atomic_fetch_add_explicit(obj, value, memory_order_seq_cst)
#define atomic_fetch_sub(obj, value)	atomic_fetch_sub_explicit(obj, value, memory_order_seq_cst)
#define atomic_fetch_or(obj, value)	atomic_fetch_or_explicit(obj, value, memory_order_seq_cst)
#define atomic_fetch_xor(obj, value)	atomic_fetch_xor_explicit(obj, value, memory_order_seq_cst)
#define atomic_fetch_and(obj, value)	atomic_fetch_and_explicit(obj, value, memory_order_seq_cst)

typedef struct {
	unsigned char value;
} atomic_flag;

#define ATOMIC_FLAG_INIT		{ 0 }
#define atomic_flag_test_and_set_explicit(flag, mo)	__atomic_test_and_set(&(flag)->value, mo)
#define atomic_flag_test_and_set(flag)	atomic_flag_test_and_set_explicit(flag, memory_order_seq_cst)
#define atomic_flag_clear_explicit(flag, mo)	__atomic_clear(&(flag)->value, mo)
#define atomic_flag_clear(flag)		atomic_flag_clear_explicit(flag, memory_order_seq_cst)

#endif /* __KPI_STDATOMIC_H */
