/* SPDX-License-Identifier: GPL-2.0 */
/* The bench itself as a kext: what it registers when it starts. Both worlds. */
#ifndef _NETKPI_BENCH_SELF_H
#define _NETKPI_BENCH_SELF_H

struct bench;

/* Loads it; @add is its start routine, given b->pieces or 1: 0 or an errno. */
int self_load(struct bench *b, int (*add)(unsigned long count));
int self_load_direct(struct bench *b, int (*add)(unsigned long count));
void self_unload(struct bench *b);		/* if it is loaded */

/* Of what the filters have looked at. */
extern unsigned long bench_filter_sum;

/* What may be added; all of it is removed when the bench is unloaded. */
int bench_ip_filters_add(unsigned long count);
int bench_ip_keeper_add(unsigned long unused);
int bench_interface_filters_add(unsigned long count);
int bench_data_filter_add(unsigned long unused);
int bench_connect_filter_add(unsigned long unused);
int bench_tcp_filter_add(unsigned long unused);
void bench_ip_filters_remove(void);
void bench_interface_filters_remove(void);
void bench_socket_filters_remove(void);

/* Packets that the keeper keeps as long as it is told so; all of them go on, or are freed. */
void bench_keep(int keep);
int bench_kept_go_on(void);
void bench_kept_free(void);

#endif /* _NETKPI_BENCH_SELF_H */
