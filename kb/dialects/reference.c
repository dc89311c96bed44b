/*
 * Headings and texts without questions: each section is an entry, its text
 * the answer to "what is …?".
 */
#include "kb/dialects/dialect.h"

static bool speaks(const struct outline *outline)
{
	(void)outline;
	return true;
}

static void read_note(const struct outline *outline, unsigned level,
		      struct note *note)
{
	g_autoptr(GArray) sections =
		dialect_sections(outline, level ? level : 6);
	for (guint i = 0; i < sections->len; i++) {
		const struct dialect_section *section =
			&g_array_index(sections, struct dialect_section, i);
		struct entry *entry =
			dialect_entry(note, outline, section->section);
		struct slice whole = section->slice;
		entry->answer = slice_text(outline, whole);
		whole.from = section->section->line;
		slice_take(outline, whole, entry);
	}
}

const struct dialect dialect_reference = {
	.name = "reference",
	.speaks = speaks,
	.read = read_note,
};
