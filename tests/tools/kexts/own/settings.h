#define QUIET 0
