 .globl _fast
