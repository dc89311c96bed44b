/* What scripts write on the console: any line is read or explained. */

#include <stdint.h>
#include <string.h>

#include "bot/console/line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text =
		g_utf8_make_valid((const char *)data, (gssize)size);
	g_auto(console_line) line = { 0 };
	g_autoptr(GError) error = NULL;
	bool well = console_line_parse(text, &line, &error);
	g_assert_true(well == !error);
	if (!well) {
		g_assert_cmpint(line.what, ==, CONSOLE_NOTHING);
		return 0;
	}
	bool speech = line.what >= CONSOLE_SAY && line.what <= CONSOLE_REACT;
	if (speech && line.what != CONSOLE_REDACT) {
		g_assert_nonnull(line.text);
		g_assert_nonnull(strstr(text, line.text));
	}
	if (line.what == CONSOLE_SAY)
		g_assert_nonnull(line.room);
	if (line.what > CONSOLE_SAY && speech)
		g_assert_cmpint(line.number, >, 0);
	g_assert_cmpint(line.number, >=,
			line.what == CONSOLE_AT ? G_MININT64 : 0);
	return 0;
}
