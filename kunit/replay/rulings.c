// SPDX-License-Identifier: GPL-2.0
/*
 * Where the recorded answers look like accidents of the original (quirks.txt)
 * or where it went down (panics.txt): what we do, and why.
 *
 * Each case of quirks.txt stands here, be it only to say that we do the same.
 * Of panics.txt only those cases stand here whose way to the last call differs,
 * or whose last call is of use; for the others an errno or a counted misuse and
 * a sane chain are enough.
 */

#include <linux/string.h>

#include "vector.h"

#define CUT	"a length or offset beyond 32 bits is out of range, not another number"
#define BEHIND	"a checksum field behind the end of the packet is a misuse: nothing changes"
#define LARGER	"what does not fit a plain mbuf goes to a cluster"
#define COPIED	"the checksum is stored, in an mbuf of its own where others share the bytes"
#define FRESH	"contents of fresh clusters are anything, not zeros"
#define EMPTY_16K	"0:0:16384:1:1:811c9dc5"
#define FULL_16K	"16384:0:0:1:1:?"
#define TYPE	"an mbuf that is of type free from the start is refused"

const struct vector_ruling vector_rulings[] = {
	{ "quirks.copym-int-cut", "copym 0 0 4294967306 w 1", "= EINVAL", CUT },
	{ "quirks.copym-int-cut", "copym 0 4294967306 10 w 2", "= EINVAL", CUT },
	{ "quirks.split-int-cut", "split 0 4294967336 w 1", "= ENOMEM", CUT },
	{ "quirks.prepend-int-cut", "prepend 0 4294967306 w -", "= ENOMEM\n@0 -", CUT },
	{ "quirks.pullup-int-cut", "pullup 0 4294967336", "= ENOMEM\n@0 -", CUT },

	{ "quirks.in6-pseudo-overflow", "inet6_cksum 0 17 40 65518", "= 0 sum=3675",
	  "the sum is right whatever the length" },

	{ "quirks.finalize-truncated-10", "outbound_finalize 0 inet 0", "= void", BEHIND },
	{ "quirks.finalize-truncated-10", "pkthdr_len 0", "= 30", BEHIND },
	{ "quirks.finalize-truncated-0", "outbound_finalize 0 inet 0", "= void", BEHIND },
	{ "quirks.finalize-truncated-0", "pkthdr_len 0", "= 20", BEHIND },
	{ "quirks.finalize-truncated-in-chain", "outbound_finalize 0 inet 0", "= void", BEHIND },
	{ "quirks.finalize-truncated-in-chain", "pkthdr_len 0", "= 35", BEHIND },
	{ "quirks.finalize-truncated-far", "outbound_finalize 0 inet 0", "= void", BEHIND },
	{ "quirks.finalize-truncated-far", "pkthdr_len 0", "= 300", BEHIND },
	{ "quirks.finalize-truncated-cluster", "outbound_finalize 0 inet 1900", "= void", BEHIND },
	{ "quirks.finalize-truncated-cluster", "pkthdr_len 0", "= 2000", BEHIND },
	{ "quirks.finalize-truncated-v6", "outbound_finalize 0 inet6 0", "= void", BEHIND },
	{ "quirks.finalize-truncated-v6", "pkthdr_len 0", "= 50", BEHIND },
	{ "quirks.finalize-truncated-shared", "outbound_finalize 0 inet 0", "= void", BEHIND },
	{ "quirks.finalize-truncated-shared", "pkthdr_len 0", "= 30", BEHIND },
	{ "quirks.finalize-truncated-nonempty-last", "outbound_finalize 0 inet 600", "= void",
	  BEHIND },
	{ "quirks.finalize-truncated-nonempty-last", "pkthdr_len 0", "= 705", BEHIND },
	{ "quirks.finalize-truncated-nomem", NULL, NULL, "nothing changes there either" },
	{ "quirks.finalize-truncated-full", "outbound_finalize 0 inet 0", "= void", BEHIND },
	{ "quirks.finalize-truncated-full", "pkthdr_len 0", "= 308", BEHIND },
	{ "quirks.finalize-truncated-empty-last", "outbound_finalize 0 inet 600", "= void",
	  BEHIND },
	{ "quirks.finalize-truncated-empty-last", "pkthdr_len 0", "= 700", BEHIND },
	{ "quirks.finalize-truncated-far-full", "outbound_finalize 0 inet 1900", "= void",
	  BEHIND },
	{ "quirks.finalize-truncated-far-full", "pkthdr_len 0", "= 2048", BEHIND },

	{ "quirks.mclget-twice", "mclget 0 w 1",
	  "= 0\n! free b0 100\n@0 1 0:0:2048:1:3:811c9dc5:0",
	  "the storage that is replaced is released" },
	{ "quirks.getcluster-twice", NULL, NULL,
	  "the old cluster is released, which does not show" },
	{ "quirks.attach-loses-chain", "attachcluster 0 w 1 b0 100 1",
	  "= 0\n@0 2 0:0:100:1:3:811c9dc5:0 10:0:278:1:0:5266e038",
	  "the mbuf and its chain stay" },

	{ "quirks.type-free", "get 1 w 0", "= EINVAL", TYPE },
	{ "quirks.type-free", "setnext 0 0 1 -", "= 0", TYPE },
	{ "quirks.type-free", "settype 1 0 1", "= EINVAL", TYPE },
	{ "panics.free-type-free", "get 0 w 0", "= EINVAL", TYPE },
	{ "panics.freem_list-type-free", "get 0 w 0", "= EINVAL", TYPE },
	{ "panics.freem_list-type-free", "freem_list 0", "= 0", TYPE },

	{ "panics.prepend-289", "prepend 0 289 w -",
	  "= 0 same=0\n@0 2 289:?:?:1:3:?:389 100:0:188:1:0:f07de219", LARGER },
	{ "panics.prepend-289-nohdr", "prepend 0 289 w -",
	  "= 0 same=0\n@0 2 289:?:?:1:1:? 100:0:188:1:0:f07de219", LARGER },
	{ "panics.finalize-shared-at-end", "outbound_finalize 0 inet 0",
	  "= void\n@0 4 20:0:268:1:2:6e5eb989:120 16:0:0:1:1r:1a3e1ff5 2:0:286:1:0:fd0e645d 82:0:206:1:0:6fd289dc", COPIED },
	{ "panics.finalize-shared-across", "outbound_finalize 0 inet 0",
	  "= void\n@0 4 20:0:268:1:2:6e5eb989:120 16:0:0:1:1r:1a3e1ff5 1:0:287:1:0:570b4b35 83:0:1965:1:1:68495126", COPIED },
	{ "panics.finalize-too-long", "setlen 0 0 16384",
	  "= void\n@0 5 16384:0:0:1:3:?:0 " EMPTY_16K " " EMPTY_16K " " EMPTY_16K " " EMPTY_16K,
	  FRESH },
	{ "panics.finalize-too-long", "setlen 0 1 16384",
	  "= void\n@0 5 16384:0:0:1:3:?:0 " FULL_16K " " EMPTY_16K " " EMPTY_16K " " EMPTY_16K,
	  FRESH },
	{ "panics.finalize-too-long", "setlen 0 2 16384",
	  "= void\n@0 5 16384:0:0:1:3:?:0 " FULL_16K " " FULL_16K " " EMPTY_16K " " EMPTY_16K,
	  FRESH },
	{ "panics.finalize-too-long", "setlen 0 3 16384",
	  "= void\n@0 5 16384:0:0:1:3:?:0 " FULL_16K " " FULL_16K " " FULL_16K " " EMPTY_16K,
	  FRESH },
	{ "panics.finalize-too-long", "setlen 0 4 2048",
	  "= void\n@0 5 16384:0:0:1:3:?:0 " FULL_16K " " FULL_16K " " FULL_16K
	  " 2048:0:14336:1:1:?", FRESH },

	{ }
};

bool vector_is_ruled(const char *case_name)
{
	const struct vector_ruling *ruling;

	for (ruling = vector_rulings; ruling->case_name; ruling++)
		if (!strcmp(ruling->case_name, case_name))
			return true;
	return false;
}

/* Our answer to a call, if it is not the recorded one. */
const struct vector_ruling *vector_ruling_find(const char *case_name, const char *call)
{
	const struct vector_ruling *ruling;

	for (ruling = vector_rulings; ruling->case_name; ruling++)
		if (ruling->call && !strcmp(ruling->case_name, case_name) &&
		    !strcmp(ruling->call, call))
			return ruling;
	return NULL;
}
