/* Named by its Info.plist; old style: K&R definitions, multichar constants, #import. */
#import <sys/systm.h>
#import <sys/sysctl.h>
#import <kern/clock.h>
#import <mach/mach_types.h>

enum { kMagic = 'tick' };

static int timekeeper_seconds;

SYSCTL_DECL(_net_timekeeper);
SYSCTL_NODE(_net, OID_AUTO, timekeeper, CTLFLAG_RW, 0, "time keeper");
SYSCTL_INT(_net_timekeeper, OID_AUTO, seconds, CTLFLAG_RW, &timekeeper_seconds, 0, "seconds kept");

static void keep();

static void
keep(seconds)
	int seconds;
{
	uint64_t deadline;

	clock_interval_to_deadline(seconds, NSEC_PER_SEC, &deadline);
	timekeeper_seconds = seconds;
	printf("timekeeper: %c, until %llu\n", (char)kMagic, deadline);
}

kern_return_t
Timekeeper_start(ki, data)
	kmod_info_t *ki;
	void *data;
{
	sysctl_register_oid(&sysctl__net_timekeeper);
	sysctl_register_oid(&sysctl__net_timekeeper_seconds);
	keep(3);
	return KERN_SUCCESS;
}

kern_return_t
Timekeeper_stop(ki, data)
	kmod_info_t *ki;
	void *data;
{
	sysctl_unregister_oid(&sysctl__net_timekeeper_seconds);
	sysctl_unregister_oid(&sysctl__net_timekeeper);
	return KERN_SUCCESS;
}
