/* The answer to a /sync, whatever it says, goes into the store or is refused:
 * twice the same, as a first one and as one that follows. */

#include <stdint.h>
#include <string.h>

#include "bot/matrix/take.h"
#include "tests/fuzz/matrix.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take(struct matrix *matrix, const struct delta *delta,
		 const char *since)
{
	g_autoptr(GError) error = NULL;
	g_auto(taken) taken = { 0 };
	taken_init(&taken);
	if (!take_delta(matrix, delta, since, 2000000, &taken, &error))
		g_error("%s", error->message);
	g_autoptr(GPtrArray) tasks = matrix_tasks(matrix->host.db, NULL);
	g_autoptr(GPtrArray) gaps = matrix_gaps(matrix->host.db, NULL);
	g_assert_true(tasks && gaps);
	g_assert_true(since || gaps->len == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct matrix *matrix = fuzz_matrix();
	g_auto(delta) delta = { 0 };
	if (!delta_read((const char *)data, size, &delta, NULL))
		return 0;
	g_assert_true(sqlite_begin(matrix->host.db, NULL));
	take(matrix, &delta, NULL);
	take(matrix, &delta, "s0");
	take(matrix, &delta, "s1");
	sqlite_rollback(matrix->host.db);
	return 0;
}
