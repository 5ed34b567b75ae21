/* The program that talks to the kext is another target: not part of it. */
#include <stdio.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	return printf("gauge %d\n", getpid()) < 0;
}
