/*
 * The main() of a fuzzer where it is not linked with libFuzzer: runs it once
 * on each file, so that every input that was ever interesting is a test.
 *
 * usage: NAME FILE…     prints TAP
 */

#include <glib.h>
#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
	printf("1..%d\n", argc - 1);
	for (int i = 1; i < argc; i++) {
		g_autofree char *text = NULL;
		gsize len;
		g_autoptr(GError) error = NULL;
		if (!g_file_get_contents(argv[i], &text, &len, &error))
			g_error("%s", error->message);
		/* A copy of just that size, for the sanitizers to guard. */
		g_autofree uint8_t *data = g_memdup2(text, len ? len : 1);
		LLVMFuzzerTestOneInput(data, len);
		printf("ok %d - %s\n", i, argv[i]);
		fflush(stdout);
	}
	return 0;
}
