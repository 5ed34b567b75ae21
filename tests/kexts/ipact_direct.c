// SPDX-License-Identifier: GPL-2.0
/* The same where packets are; it must not be told to sleep. */
#include "ipact.c"
