/* SPDX-License-Identifier: GPL-2.0 */
/* The filters of the bench's kext, as both worlds see them. */
#ifndef _NETKPI_BENCH_FILTER_H
#define _NETKPI_BENCH_FILTER_H

/* Of what the filters have looked at. */
extern unsigned long bench_filter_sum;

/* Add so many filters; 0 or an errno. What was added before is removed by the other. */
int bench_ip_filters_add(unsigned long count);
void bench_ip_filters_remove(void);
int bench_interface_filters_add(unsigned long count);
void bench_interface_filters_remove(void);

#endif /* _NETKPI_BENCH_FILTER_H */
