#include "bot/store/person.h"

#include <string.h>

#include "bot/store/ledger.h"
#include "tests/bot/store/store.h"

static int64_t meet(struct sqlite *db, const char *address, const char *name)
{
	int64_t person;
	WELL(person_number(db, "matrix", address, name, &person, &trouble));
	return person;
}

/* How the person is called in the room 1, where it has an answer. */
static int64_t play(struct sqlite *db, const char *address, const char *name)
{
	static int64_t cause = 0;
	const struct ledger_row row = {
		.room = 1,
		.person = meet(db, address, name),
		.topic = "",
		.cause = ++cause,
		.kind = "answer",
		.reason = "",
		.local_date = "2025-01-01",
	};
	WELL(ledger_write(db, &row, false, &trouble));
	return row.person;
}

/* The name of the one person that is meant; NULL: not one. */
static char *find(struct sqlite *db, int64_t asks, const char *typed,
		  guint *found)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) all = person_called(db, 1, asks, typed, &error);
	g_assert_no_error(error);
	*found = all->len;
	return all->len == 1
		       ? g_strdup(((struct person_found *)all->pdata[0])->name)
		       : NULL;
}

static void names_are_one_line(void)
{
	static const struct {
		const char *told, *kept;
	} rows[] = {
		{ "Eve\n\n✅ bob +1000 — all", "Eve ✅ bob +1000 — all" },
		{ "a\u2028b\u2029c\xc2\x85"
		  "d\ve\tf\r\ng",
		  "a b c d e f g" },
		{ "\u202egpj.exe\u202c", "gpj.exe" },
		{ "\u2066x\u2069\u200b\ufeff\a", "x" },
		{ "  Ann  Lee ", "Ann Lee" },
		/* Three people, one emoji. */
		{ "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧" },
		{ "\u202e\n", "@eve:example.org" },
		{ "", "@eve:example.org" },
	};
	g_autoptr(sqlite) db = open_store();
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		guint found;
		int64_t eve = meet(db, "@eve:example.org", rows[i].told);
		g_autofree char *kept =
			find(db, eve, "@eve:example.org", &found);
		g_assert_cmpstr(kept, ==, rows[i].kept);
	}
	guint found;
	g_autofree char *endless = g_strnfill(3000, 'w');
	int64_t eve = meet(db, "@eve:example.org", endless);
	g_autofree char *kept = find(db, eve, "@eve:example.org", &found);
	g_assert_cmpint(g_utf8_strlen(kept, -1), ==, 61);
	g_assert_true(g_str_has_suffix(kept, "w…"));
}

static void somebody_is_found_by_address_then_exactly(void)
{
	g_autoptr(sqlite) db = open_store();
	guint found;
	int64_t bob = play(db, "@bob:example.org", "bob");
	play(db, "@b-ob:example.org", "b-ob");
	play(db, "@ann1:example.org", "Ann");
	play(db, "@ann2:example.org", "Ann");
	g_autofree char *exact = find(db, bob, "b-ob", &found);
	g_assert_cmpstr(exact, ==, "b-ob");
	g_autofree char *other = find(db, bob, "bob", &found);
	g_assert_cmpstr(other, ==, "bob");
	g_autofree char *loud = find(db, bob, "BOB", &found);
	g_assert_cmpstr(loud, ==, "bob");
	g_autofree char *nearly = find(db, bob, "b ob", &found);
	g_assert_null(nearly); /* bob or b-ob */
	g_assert_cmpuint(found, ==, 2);
	g_autofree char *which = find(db, bob, "Ann", &found);
	g_assert_null(which);
	g_assert_cmpuint(found, ==, 2);
	g_autofree char *address = find(db, bob, "@ann2:example.org", &found);
	g_assert_cmpstr(address, ==, "Ann");
	g_autofree char *nobody = find(db, bob, "carol", &found);
	g_assert_cmpuint(found, ==, 0);
	g_assert_null(nobody);
	/* Who asks needs no points. */
	int64_t carol = meet(db, "@carol:example.org", "carol");
	g_autofree char *self = find(db, carol, "Carol", &found);
	g_assert_cmpstr(self, ==, "carol");
}

static bool is(struct sqlite *db, int64_t person, const char *called)
{
	bool is = false;
	WELL(person_is(db, person, called, &is, &trouble));
	return is;
}

static void a_rename_changes_no_address(void)
{
	g_autoptr(sqlite) db = open_store();
	int64_t alice = meet(db, "@alice:example.org", "Alice Smith");
	g_assert_true(is(db, alice, "alice"));
	g_assert_true(is(db, alice, "@alice:example.org"));
	g_assert_true(is(db, alice, "alice smith"));
	g_assert_false(is(db, alice, "@alice:example.com"));
	g_assert_false(is(db, alice, "a-lice"));
	meet(db, "@alice:example.org", "Somebody");
	g_assert_true(is(db, alice, "Alice"));
	g_assert_false(is(db, alice, "Alice Smith"));
}

static void equal_names_are_told_apart(void)
{
	g_autoptr(sqlite) db = open_store();
	const int64_t people[] = {
		meet(db, "@alice:a.example", "Ann"),
		meet(db, "@bob:a.example", "Ann"),
		meet(db, "@bob:b.example", "Ann"),
		meet(db, "@eve:a.example", "Eve"),
		meet(db, "@eve:a.example", "Eve"),
	};
	static const char *const expected[] = {
		"Ann (alice)",
		"Ann (bob) (@bob:a.example)",
		"Ann (bob) (@bob:b.example)",
		"Eve",
		"Eve",
	};
	char *names[G_N_ELEMENTS(people)];
	g_autoptr(GArray) named =
		g_array_new(false, false, sizeof(struct person_named));
	for (size_t i = 0; i < G_N_ELEMENTS(people); i++) {
		const struct person_named one = { people[i], &names[i] };
		names[i] = g_strdup(i < 3 ? "Ann" : "Eve");
		g_array_append_val(named, one);
	}
	WELL(person_tell_apart(db, named, &trouble));
	for (size_t i = 0; i < G_N_ELEMENTS(people); i++) {
		g_assert_cmpstr(names[i], ==, expected[i]);
		g_free(names[i]);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/person/" #name, name)
	TEST(names_are_one_line);
	TEST(somebody_is_found_by_address_then_exactly);
	TEST(a_rename_changes_no_address);
	TEST(equal_names_are_told_apart);
	return g_test_run();
}
