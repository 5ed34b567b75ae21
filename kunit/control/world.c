// SPDX-License-Identifier: GPL-2.0
#include "../kern/world.c"
