// SPDX-License-Identifier: GPL-2.0
/* What interfaces say of themselves, and their addresses. */

#include <sys/errno.h>
#include <sys/socket.h>
#include <sys/systm.h>
#include <sys/time.h>
#include <net/if.h>
#include <net/if_dl.h>
#include <net/kpi_interface.h>
#include <netinet/in.h>

#include "../test.h"

static const u_int8_t first_address[6] = FT_ADDRESS;

static void names_and_numbers(void)
{
	ifnet_t by_name = NULL, lo = NULL, lo0 = NULL;

	EXPECT_EQ(ft_make("fake7"), 0);
	EXPECT_EQ(ifnet_find_by_name("fake7", &by_name), 0);
	EXPECT_STR(ifnet_name(by_name), "fake");
	EXPECT_EQ(ifnet_unit(by_name), 7);
	EXPECT_EQ(ifnet_family(by_name), IFNET_FAMILY_ETHERNET);
	EXPECT_EQ(ifnet_type(by_name), IFT_ETHER);
	EXPECT_EQ(ifnet_hdrlen(by_name), 14);
	EXPECT_EQ(ifnet_addrlen(by_name), 6);
	EXPECT_EQ(ifnet_mtu(by_name), FT_MTU);
	EXPECT(ifnet_index(by_name) > 0);
	EXPECT(!ifnet_softc(by_name));
	EXPECT(ifnet_flags(by_name) & IFF_UP);
	EXPECT(ifnet_flags(by_name) & IFF_MULTICAST);
	ifnet_release(by_name);
	ft_delete("fake7");

	/* which "fake" and 7 would not print */
	EXPECT_EQ(ft_make("fake07"), 0);
	EXPECT_EQ(ifnet_find_by_name("fake07", &by_name), 0);
	EXPECT_STR(ifnet_name(by_name), "fake07");
	EXPECT_EQ(ifnet_unit(by_name), 0);
	ifnet_release(by_name);
	ft_delete("fake07");

	EXPECT_EQ(ifnet_find_by_name("lo", &lo), 0);
	EXPECT_EQ(ifnet_find_by_name("lo0", &lo0), 0);
	EXPECT(lo == lo0);
	EXPECT_EQ(ifnet_type(lo), IFT_LOOP);
	ifnet_release(lo);
	ifnet_release(lo0);
	EXPECT_EQ(ifnet_find_by_name("no such", &lo), ENXIO);
	EXPECT(!lo);
	EXPECT_EQ(ifnet_find_by_name(NULL, &lo), EINVAL);
}

static void no_interface(void)
{
	struct ifnet_stats_param stats;
	ifaddr_t *list;
	u_int8_t byte;

	EXPECT_EQ(ifnet_reference(NULL), EINVAL);
	EXPECT_EQ(ifnet_release(NULL), EINVAL);
	EXPECT(!ifnet_name(NULL));
	EXPECT_EQ(ifnet_unit(NULL), 0xffffffff);
	EXPECT_EQ(ifnet_index(NULL), 0xffffffff);
	EXPECT_EQ(ifnet_flags(NULL), 0);
	EXPECT_EQ(ifnet_mtu(NULL), 0);
	EXPECT_EQ(ifnet_set_mtu(NULL, 1000), EINVAL);
	EXPECT_EQ(ifnet_set_flags(NULL, IFF_UP, IFF_UP), EINVAL);
	EXPECT_EQ(ifnet_lladdr_copy_bytes(NULL, &byte, 1), EINVAL);
	EXPECT_EQ(ifnet_set_lladdr(NULL, &byte, 1), EINVAL);
	EXPECT_EQ(ifnet_set_addrlen(NULL, 6), EINVAL);
	EXPECT_EQ(ifnet_set_baudrate(NULL, 6), EINVAL);
	EXPECT_EQ(ifnet_baudrate(NULL), 0);
	EXPECT_EQ(ifnet_touch_lastchange(NULL), EINVAL);
	EXPECT_EQ(ifnet_set_promiscuous(NULL, 1), EINVAL);
	EXPECT_EQ(ifnet_stat(NULL, &stats), EINVAL);
	EXPECT_EQ(ifnet_get_address_list(NULL, NULL), EINVAL);
	EXPECT_EQ(ifnet_get_address_list((ifnet_t)&byte, &list), ENXIO);
}

/* Nothing is read from where what is no handle points, be there an interface of the same hash or not. */
static void no_handles(void)
{
	static u_int8_t bytes[8192];
	size_t i;

	memset(bytes, 0x5a, sizeof(bytes));
	for (i = 0; i < sizeof(bytes) / 2; i += 8)
		EXPECT_EQ(ifnet_mtu((ifnet_t)(bytes + i)), 0);
}

static void link_addresses(void)
{
	u_int8_t mac[6], other[6] = { 2, 0, 0, 0, 0, 9 };
	ifnet_t ifp = NULL;
	size_t len = 0;

	EXPECT_EQ(ft_make("fake0"), 0);
	EXPECT_EQ(ifnet_find_by_name("fake0", &ifp), 0);
	EXPECT_EQ(ifnet_lladdr_copy_bytes(ifp, mac, 6), 0);
	EXPECT_EQ(memcmp(mac, first_address, 6), 0);
	EXPECT_EQ(ifnet_lladdr_copy_bytes(ifp, mac, 5), EMSGSIZE);
	EXPECT_EQ(mac[0], 0);
	EXPECT_EQ(ifnet_set_lladdr(ifp, other, 5), EINVAL);
	EXPECT_EQ(ifnet_set_lladdr(ifp, other, 6), EBUSY);	/* this driver wants it down */
	EXPECT_EQ(ft_up("fake0", 0), 0);
	EXPECT_EQ(ifnet_set_lladdr(ifp, other, 6), 0);
	EXPECT_EQ(ifnet_lladdr_copy_bytes(ifp, mac, 6), 0);
	EXPECT_EQ(mac[5], 9);
	EXPECT_EQ(ifnet_llbroadcast_copy_bytes(ifp, mac, 5, &len), EMSGSIZE);
	EXPECT_EQ(len, 6);
	EXPECT_EQ(ifnet_llbroadcast_copy_bytes(ifp, mac, 6, &len), 0);
	EXPECT_EQ(mac[0] & mac[5], 0xff);
	EXPECT_EQ(ifnet_set_addrlen(ifp, 6), 0);
	EXPECT_EQ(ifnet_set_addrlen(ifp, 8), EOPNOTSUPP);
	ifnet_release(ifp);
	ft_delete("fake0");
}

static void changes(void)
{
	struct timeval when = { 0, 0 };
	ifnet_t ifp = NULL;

	EXPECT_EQ(ft_make("fake0"), 0);
	EXPECT_EQ(ifnet_find_by_name("fake0", &ifp), 0);
	EXPECT_EQ(ifnet_set_mtu(ifp, 1000), 0);
	EXPECT_EQ(ifnet_mtu(ifp), 1000);
	EXPECT_EQ(ifnet_set_flags(ifp, 0, IFF_UP), 0);
	EXPECT_EQ(ifnet_flags(ifp) & IFF_UP, 0);
	EXPECT_EQ(ifnet_set_promiscuous(ifp, 1), 0);
	EXPECT_EQ(ifnet_set_promiscuous(ifp, 1), 0);
	EXPECT_EQ(ifnet_set_promiscuous(ifp, 0), 0);
	EXPECT(ifnet_flags(ifp) & IFF_PROMISC);
	EXPECT_EQ(ifnet_set_promiscuous(ifp, 0), 0);
	EXPECT_EQ(ifnet_flags(ifp) & IFF_PROMISC, 0);
	EXPECT_EQ(ifnet_set_metric(ifp, 5), 0);
	EXPECT_EQ(ifnet_metric(ifp), 5);
	EXPECT_EQ(ifnet_touch_lastchange(ifp), 0);
	EXPECT_EQ(ifnet_lastchange(ifp, &when), 0);
	EXPECT(when.tv_sec > 0);
	ifnet_release(ifp);
	ft_delete("fake0");
}

/* A reference does not hold up the device; it answers what was last true. */
static void outlives_its_device(void)
{
	struct ifnet_stats_param stats;
	ifnet_t ifp = NULL, again = NULL;
	u_int8_t mac[6];

	EXPECT_EQ(ft_make("fake0"), 0);
	EXPECT_EQ(ifnet_find_by_name("fake0", &ifp), 0);
	ft_delete("fake0");
	EXPECT_STR(ifnet_name(ifp), "fake");
	EXPECT_EQ(ifnet_mtu(ifp), FT_MTU);
	EXPECT_EQ(ifnet_lladdr_copy_bytes(ifp, mac, 6), 0);
	EXPECT_EQ(memcmp(mac, first_address, 6), 0);
	EXPECT_EQ(ifnet_set_mtu(ifp, 1000), EINVAL);
	EXPECT_EQ(ifnet_set_lladdr(ifp, mac, 6), ENXIO);
	EXPECT_EQ(ifnet_stat(ifp, &stats), EINVAL);
	EXPECT_EQ(ft_make("fake0"), 0);
	EXPECT_EQ(ifnet_find_by_name("fake0", &again), 0);
	EXPECT(again != ifp);
	EXPECT_EQ(ifnet_mtu(ifp), FT_MTU);
	ifnet_release(ifp);
	EXPECT_EQ(ifnet_mtu(ifp), 0);		/* nobody keeps it */
	ifnet_release(again);
	EXPECT_EQ(ifnet_mtu(again), FT_MTU);
	ft_delete("fake0");
	EXPECT_EQ(ifnet_mtu(again), 0);
}

/* What happens to an interface is a change of it. */
static void last_change(void)
{
	struct timeval before, change;
	ifnet_t ifp = NULL;
	int up = 1;

	EXPECT_EQ(ft_make("fake0"), 0);
	EXPECT_EQ(ifnet_find_by_name("fake0", &ifp), 0);
	EXPECT_EQ(ifnet_lastchange(ifp, &before), 0);
	SETTLES((up = !up, !ft_up("fake0", up)) && !ifnet_lastchange(ifp, &change) &&
		change.tv_sec > before.tv_sec);
	ifnet_release(ifp);
	ft_delete("fake0");
}

static void lists(void)
{
	ifnet_t *list = NULL, ifp = NULL;
	u_int32_t n = 0, i, ours = 0;

	EXPECT_EQ(ft_make("fake0"), 0);
	EXPECT_EQ(ifnet_list_get(IFNET_FAMILY_ETHERNET, &list, &n), 0);
	for (i = 0; i < n; i++) {
		EXPECT_EQ(ifnet_family(list[i]), IFNET_FAMILY_ETHERNET);
		ours += !kt_strcmp(ifnet_name(list[i]), "fake");
	}
	EXPECT(!list[n]);
	EXPECT_EQ(ours, 1);
	ifnet_list_free(list);
	EXPECT_EQ(ifnet_list_get(IFNET_FAMILY_FIREWIRE, &list, &n), ENXIO);
	EXPECT(!list && !n);
	EXPECT_EQ(ifnet_list_get(IFNET_FAMILY_ANY, NULL, &n), EINVAL);
	ifnet_list_free(NULL);
	EXPECT_EQ(ifnet_find_by_name("fake0", &ifp), 0);
	ifnet_release(ifp);
	ft_delete("fake0");
	EXPECT_EQ(ifnet_mtu(ifp), 0);		/* nobody keeps it */
}

/* The loopback's: the link's first, 127.0.0.1/8, ::1/128. */
static void N9_addresses(void)
{
	union {
		struct sockaddr sa;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
		struct sockaddr_dl dl;
		u_int8_t bytes[64];
	} name;
	ifaddr_t *list = NULL;
	ifnet_t lo = NULL;

	EXPECT_EQ(ifnet_find_by_name("lo", &lo), 0);
	EXPECT_EQ(ifnet_get_address_list(lo, &list), 0);
	EXPECT_EQ(ifaddr_address_family(list[0]), AF_LINK);
	EXPECT(ifaddr_ifnet(list[0]) == lo);
	EXPECT_EQ(ifaddr_address(list[0], &name.sa, sizeof(name)), 0);
	EXPECT_EQ(name.dl.sdl_index, ifnet_index(lo));
	EXPECT_EQ(name.dl.sdl_nlen, 2);
	EXPECT_EQ(name.dl.sdl_data[0], 'l');
	EXPECT_EQ(name.dl.sdl_alen, 6);
	EXPECT_EQ(ifaddr_netmask(list[0], &name.sa, sizeof(name)), ENOTSUP);
	ifnet_free_address_list(list);

	EXPECT_EQ(ifnet_get_address_list_family(lo, &list, AF_INET), 0);
	EXPECT_EQ(ifaddr_address(list[0], &name.sa, sizeof(name)), 0);
	EXPECT_EQ(name.in.sin_len, 16);
	EXPECT_EQ(name.in.sin_addr.s_addr, htonl(INADDR_LOOPBACK));
	EXPECT_EQ(ifaddr_netmask(list[0], &name.sa, sizeof(name)), 0);
	EXPECT_EQ(name.in.sin_addr.s_addr, htonl(0xff000000));
	EXPECT_EQ(ifaddr_address(list[0], &name.sa, 4), EMSGSIZE);
	EXPECT_EQ(ifaddr_address(list[0], NULL, 4), EINVAL);
	EXPECT(!list[1]);
	ifnet_free_address_list(list);

	EXPECT_EQ(ifnet_get_address_list_family(lo, &list, AF_INET6), 0);
	EXPECT_EQ(ifaddr_address(list[0], &name.sa, sizeof(name)), 0);
	EXPECT_EQ(name.in6.sin6_addr.s6_addr[15], 1);
	EXPECT_EQ(ifaddr_netmask(list[0], &name.sa, sizeof(name)), 0);
	EXPECT_EQ(name.in6.sin6_addr.s6_addr[15], 0xff);
	ifnet_free_address_list(list);
	ifnet_free_address_list(NULL);
	ifnet_release(lo);
}

static void found_by_address(void)
{
	struct sockaddr_in in = { .sin_len = sizeof(in), .sin_family = AF_INET };
	ifnet_t lo = NULL;
	ifaddr_t found;

	EXPECT_EQ(ifnet_find_by_name("lo", &lo), 0);
	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 5);
	EXPECT(!ifaddr_withaddr((struct sockaddr *)&in));
	found = ifaddr_withnet((struct sockaddr *)&in);
	EXPECT(found && ifaddr_ifnet(found) == lo);
	ifaddr_release(found);
	found = ifaddr_findbestforaddr((struct sockaddr *)&in, lo);
	EXPECT(found != NULL);
	EXPECT_EQ(ifaddr_reference(found), 0);
	ifaddr_release(found);
	ifaddr_release(found);
	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	found = ifaddr_withaddr((struct sockaddr *)&in);
	EXPECT(found && ifaddr_ifnet(found) == lo);
	ifaddr_release(found);
	in.sin_addr.s_addr = htonl(0xc0000263);
	EXPECT(!ifaddr_withnet((struct sockaddr *)&in));
	EXPECT(!ifaddr_withnet(NULL));
	EXPECT_EQ(ifaddr_release(NULL), EINVAL);
	EXPECT_EQ(ifaddr_address_family(NULL), 0);
	EXPECT(!ifaddr_ifnet(NULL));
	ifnet_release(lo);
}

/* Whether an interface listens to a link address. */
static int listens(ifnet_t ifp, const u_int8_t *address)
{
	struct sockaddr_dl dl;
	ifmultiaddr_t *list = NULL, *ifma;
	int found = 0;

	EXPECT_EQ(ifnet_get_multicast_list(ifp, &list), 0);
	for (ifma = list; ifma && *ifma; ifma++) {
		EXPECT(ifmaddr_ifnet(*ifma) == ifp);
		EXPECT_EQ(ifmaddr_address(*ifma, (struct sockaddr *)&dl, sizeof(dl)), 0);
		EXPECT_EQ(dl.sdl_family, AF_LINK);
		EXPECT_EQ(dl.sdl_alen, 6);
		found += !memcmp(LLADDR(&dl), address, 6);
		EXPECT_EQ(ifnet_remove_multicast(*ifma), EINVAL);
	}
	ifnet_free_multicast_list(list);
	return found;
}

static const u_int8_t group_mac[] = { 1, 0, 0x5e, 1, 2, 3 };	/* of 224.129.2.3 */

static struct sockaddr_in inet(u_int32_t addr)
{
	return (struct sockaddr_in){ .sin_len = sizeof(struct sockaddr_in), .sin_family = AF_INET,
				     .sin_addr.s_addr = htonl(addr) };
}

/* One that is joined twice, and one by its address of the link; this is still joined at the end. */
static ifmultiaddr_t groups_that_are_joined(ifnet_t ifp, struct sockaddr_in *in)
{
	struct sockaddr_dl dl = { .sdl_len = sizeof(dl), .sdl_family = AF_LINK, .sdl_alen = 6,
				  .sdl_data = { 1, 0, 0x5e, 1, 2, 4 } };
	static const u_int8_t of_dl[] = { 1, 0, 0x5e, 1, 2, 4 };
	ifmultiaddr_t first = NULL, second = NULL, third = NULL;
	struct sockaddr_in got;

	EXPECT_EQ(ifnet_add_multicast(ifp, (struct sockaddr *)in, &first), 0);
	EXPECT_EQ(ifnet_add_multicast(ifp, (struct sockaddr *)in, &second), 0);
	EXPECT_EQ(ifnet_add_multicast(ifp, (struct sockaddr *)&dl, &third), 0);
	EXPECT_EQ(listens(ifp, group_mac), 1);
	EXPECT_EQ(listens(ifp, of_dl), 1);
	EXPECT_EQ(ifmaddr_address(first, (struct sockaddr *)&got, 4), EMSGSIZE);
	EXPECT_EQ(ifmaddr_address(first, (struct sockaddr *)&got, sizeof(got)), 0);
	EXPECT_EQ(memcmp(&got, in, sizeof(*in)), 0);
	EXPECT_EQ(ifmaddr_lladdress(first, (struct sockaddr *)&dl, sizeof(dl)), 0);
	EXPECT_EQ(memcmp(LLADDR(&dl), group_mac, 6), 0);
	EXPECT_EQ(ifmaddr_reference(first), 0);
	EXPECT_EQ(ifnet_remove_multicast(first), 0);
	EXPECT_EQ(ifnet_remove_multicast(first), EINVAL);
	EXPECT_EQ(ifmaddr_release(first), 0);
	EXPECT_EQ(listens(ifp, group_mac), 1);
	EXPECT_EQ(ifnet_remove_multicast(second), 0);
	EXPECT_EQ(listens(ifp, group_mac), 0);
	return third;
}

static void groups_resolved(ifnet_t ifp, struct sockaddr_in *in)
{
	struct sockaddr_in single = inet(0x0a000001);
	struct sockaddr_dl dl = {};
	struct sockaddr *to = (struct sockaddr *)&dl;

	EXPECT_EQ(ifnet_resolve_multicast(ifp, (struct sockaddr *)&single, to, sizeof(dl)),
		  EADDRNOTAVAIL);
	EXPECT_EQ(ifnet_resolve_multicast(ifp, (struct sockaddr *)in, to, 8), EMSGSIZE);
	EXPECT_EQ(ifnet_resolve_multicast(ifp, (struct sockaddr *)in, to, sizeof(dl)), 0);
	EXPECT_EQ(memcmp(LLADDR(&dl), group_mac, 6), 0);
}

static void groups_refused(ifnet_t ifp, struct sockaddr_in *in)
{
	struct sockaddr_in single = inet(0x0a000001), odd = inet(0xe0810203);
	ifmultiaddr_t group = NULL;

	odd.sin_family = AF_UNIX;
	EXPECT_EQ(ifnet_add_multicast(ifp, NULL, &group), EINVAL);
	EXPECT_EQ(ifnet_add_multicast(ifp, (struct sockaddr *)in, NULL), EINVAL);
	EXPECT_EQ(ifnet_add_multicast(NULL, (struct sockaddr *)in, &group), EINVAL);
	EXPECT_EQ(ifnet_add_multicast(ifp, (struct sockaddr *)&single, &group), EADDRNOTAVAIL);
	EXPECT_EQ(ifnet_add_multicast(ifp, (struct sockaddr *)&odd, &group), EAFNOSUPPORT);
	EXPECT_EQ(ifnet_remove_multicast(NULL), EINVAL);
	EXPECT_EQ(ifmaddr_release(NULL), EINVAL);
	EXPECT(!ifmaddr_ifnet(NULL));
	ifnet_free_multicast_list(NULL);
}

static void groups(void)
{
	struct sockaddr_in in = inet(0xe0810203);
	ifmultiaddr_t left, group = NULL;
	ifnet_t ifp = NULL;

	EXPECT_EQ(ft_make("fake7"), 0);
	EXPECT_EQ(ifnet_find_by_name("fake7", &ifp), 0);
	groups_refused(ifp, &in);
	left = groups_that_are_joined(ifp, &in);
	groups_resolved(ifp, &in);
	ft_delete("fake7");		/* with one that was added */
	EXPECT_EQ(ifnet_add_multicast(ifp, (struct sockaddr *)&in, &group), ENXIO);
	EXPECT_EQ(ifnet_remove_multicast(left), 0);
	ifnet_release(ifp);
}

const struct kt_case filter_ifnet_cases[] = {
	{ "names_and_numbers", names_and_numbers },
	{ "no_interface", no_interface },
	{ "no_handles", no_handles },
	{ "last_change", last_change },
	{ "link_addresses", link_addresses },
	{ "changes", changes },
	{ "outlives_its_device", outlives_its_device },
	{ "lists", lists },
	{ "N9_addresses", N9_addresses },
	{ "found_by_address", found_by_address },
	{ "groups", groups },
	{ }
};
