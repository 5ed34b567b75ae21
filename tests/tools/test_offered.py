# SPDX-License-Identifier: GPL-2.0
"""What the headers offer, and that the layer keeps what they promise."""
import re
import unittest

from helpers import folder_of, what_is_offered
from kextlib import offered

MK = "KEXT_WORLD := -DKERNEL=1 -U__KERNEL__\n"


class Reading(unittest.TestCase):
    def offers(self, kext, shared=""):
        files = {"glue/kext.mk": MK, "include/kpi/s.h": shared, "include/kext/sys/k.h": kext}
        return offered.Offered(folder_of(self, files)).names

    def test_declarations(self):
        names = self.offers("typedef struct x *x_t; enum { A = 1, B }; extern int object, other[3];\n"
                            "int function(int (*callback)(int)); static inline int in_line(void) { int no; return 0; }\n"
                            "struct tag { int member; }; int (*pointer)(void); #error\n".replace("#error", ""))
        for name in ("x_t", "x", "A", "B", "object", "other", "function", "in_line", "tag", "pointer"):
            self.assertIn(name, names)
        for name in ("callback", "no", "member"):
            self.assertNotIn(name, names)

    def test_map_needs_its_function(self):
        names = self.offers("#include <kpi/s.h>\n#define there kpi_there\n#define missing kpi_missing\n",
                            "int kpi_there(void);\nint kpi_hidden(void);\nenum { SHARED };\n")
        self.assertEqual(names["there"].header, "sys/k.h")
        self.assertNotIn("missing", names)
        self.assertNotIn("kpi_hidden", names)
        self.assertEqual(names["SHARED"].header, "sys/k.h")

    def test_macro_that_is_gone(self):
        self.assertNotIn("gone", self.offers("#define gone 1\n#undef gone\n"))

    def test_functions_made_by_a_macro(self):
        names = self.offers("#define MAKE(bits) static inline int read ## bits(void) { return 0; }\nMAKE(16)\nMAKE(32)\n")
        self.assertIn("read16", names)
        self.assertIn("read32", names)


class Ours(unittest.TestCase):
    def test_what_kexts_use_most(self):
        used = {"sock_socket", "mbuf_freem", "lck_mtx_lock", "msleep", "OSMalloc", "printf", "TAILQ_INSERT_TAIL",
                "OSAddAtomic", "htons", "kernel_thread_start", "MSG_DONTWAIT", "bsd_timeout", "errno_t", "EWOULDBLOCK"}
        self.assertEqual(used - what_is_offered().names.keys(), set())

    def test_the_header_to_include(self):
        for name, header in (("sock_close", "sys/kpi_socket.h"), ("kern_return_t", "mach/kern_return.h"),
                             ("uuid_t", "uuid/uuid.h"), ("SET", "sys/buf.h"), ("INT_MAX", "machine/limits.h"), ("printf", "libkern/libkern.h"),
                             ("thread_call_t", "kern/thread_call.h"), ("sockaddr_in", "netinet/in.h"),
                             ("lck_mtx_t", "kern/locks.h"), ("kmod_start_func_t", "mach/kmod.h")):
            self.assertEqual(what_is_offered().names[name].header, header, name)

    def test_every_prototype_is_kept(self):
        """A function that the shared headers declare is exported by a file of the layer."""
        exported = set()
        for path in offered.KPI.rglob("*.c"):
            exported.update(re.findall(r"\bKPI_EXPORT\((\w+)\)", path.read_text()))
        promised = set()
        for name, header in what_is_offered()._shared.items():
            if name.startswith("kpi/"):
                promised.update(n for n in functions_of(header) if n.startswith("kpi_"))
        self.assertEqual(sorted(promised - exported), [])

    def test_what_is_offered_is_not_said_to_be_missing(self):
        ours = what_is_offered()
        known = {name.strip("<>") for name in offered.known_elsewhere()}
        self.assertEqual(known & (ours.names.keys() | ours.headers), set())

    def test_known_names_have_an_area(self):
        for known in offered.known_elsewhere().values():
            self.assertTrue(known.advice, known.name)


def functions_of(header):
    """Functions with a prototype; not those defined inline, nor types and objects."""
    for statement in offered.statements(header):
        words = [token.text for token in statement if token.depth == 0]
        label = re.search(r"\) \w+ \( (\w+) \) ;$", " ".join(words))	# its name for the linker
        if label:
            yield label[1]
        elif words and words[0] not in ("typedef", "static", "inline") and "(" in words and words[-1] == ";":
            yield from offered.declarators(statement)
