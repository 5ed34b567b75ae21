#include "Reading.h"

int
reading_scaled(int scale)
{
	return imax(scale, 1) * 10;
}
