/*
 * What the kext and its program agree on.
 */
#ifndef VAULT_H
#define VAULT_H

#define VAULT_NAME	"org.netkpi.port.vault"

/* Options of the control. */
#define VAULT_EMPTY	1	/* set: forget what was put in */
#define VAULT_STATUS	2	/* get: struct vault_status */
#define VAULT_PLAY	3	/* set: send all of it back */

struct vault_status {
	u_int64_t	bytes;
	u_int32_t	crc;		/* of all bytes, as zlib has it */
	u_int32_t	limit;		/* what the vault holds at most */
};

#endif
