/* SPDX-License-Identifier: GPL-2.0 */
extern int lender_rate;

int lender_lend(int amount);
