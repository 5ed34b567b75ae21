// SPDX-License-Identifier: GPL-2.0
#include "../kext_world.c"
