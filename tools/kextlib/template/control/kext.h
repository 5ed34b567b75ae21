/* What @NAME@ and its programs agree on. */
#ifndef @NAME@_H
#define @NAME@_H

#define @NAME@_CONTROL	"org.example.@NAME@"

#define @NAME@_LIMIT	1	/* option, u_int32_t: no message may be longer */

#endif
