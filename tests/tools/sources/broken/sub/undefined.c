/* Compiles; what it refers to is nowhere. */
int declared_only(int value);

int
broken_unused(int value)
{
	return declared_only(value);
}
