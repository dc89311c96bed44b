/* Loads the libraries that znatok is linked with, and waits. */

#include <stdio.h>
#include <unistd.h>

int main(void)
{
	puts("loaded");
	fflush(stdout);
	pause();
	return 0;
}
