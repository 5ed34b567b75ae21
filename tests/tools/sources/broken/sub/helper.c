int kfree(void *address, int size);	/* another one of Linux's exports */

int
broken_helper(int value)
{
	lck_mtx_t *lock = 0;

	kfree(lock, value);
	mystery(3);
	return value
}
