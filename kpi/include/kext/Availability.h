/* SPDX-License-Identifier: GPL-2.0 */
/* Which macOS release brought or dropped a declaration: of no consequence here. */
#ifndef _AVAILABILITY_H
#define _AVAILABILITY_H

#define __MAC_10_0	1000
#define __MAC_10_1	1010
#define __MAC_10_2	1020
#define __MAC_10_3	1030
#define __MAC_10_4	1040
#define __MAC_10_5	1050
#define __MAC_10_6	1060
#define __MAC_10_7	1070
#define __MAC_10_8	1080
#define __MAC_10_9	1090
#define __MAC_10_10	101000
#define __MAC_10_11	101100
#define __MAC_10_12	101200
#define __MAC_10_13	101300
#define __MAC_10_14	101400
#define __MAC_10_15	101500
#define __MAC_11_0	110000
#define __MAC_12_0	120000
#define __MAC_13_0	130000
#define __MAC_14_0	140000
#define __MAC_15_0	150000
#define __MAC_NA	9999

#ifndef __MAC_OS_X_VERSION_MIN_REQUIRED
#define __MAC_OS_X_VERSION_MIN_REQUIRED	__MAC_10_15
#endif
#ifndef __MAC_OS_X_VERSION_MAX_ALLOWED
#define __MAC_OS_X_VERSION_MAX_ALLOWED	__MAC_15_0
#endif

#define __API_AVAILABLE(...)
#define __API_UNAVAILABLE(...)
#define __API_DEPRECATED(...)
#define __API_DEPRECATED_WITH_REPLACEMENT(...)
#define API_AVAILABLE(...)
#define API_UNAVAILABLE(...)
#define API_DEPRECATED(...)
#define API_DEPRECATED_WITH_REPLACEMENT(...)
#define __OSX_AVAILABLE(...)
#define __OSX_DEPRECATED(...)
#define __OSX_AVAILABLE_STARTING(...)
#define __OSX_AVAILABLE_BUT_DEPRECATED(...)
#define __OSX_AVAILABLE_BUT_DEPRECATED_MSG(...)
#define __IOS_AVAILABLE(...)
#define __IOS_PROHIBITED
#define __TVOS_PROHIBITED
#define __WATCHOS_PROHIBITED
#define __SPI_AVAILABLE(...)
#define SPI_AVAILABLE(...)
#define __swift_unavailable(...)

#endif /* _AVAILABILITY_H */
