#include "kb/dialects/dialect.h"

struct entry *dialect_entry(struct note *note, const struct outline *outline,
			    const struct section *section)
{
	struct entry *entry = entry_new();
	size_t line = section->line;
	bool titled = section->title && *section->title;
	entry->title = g_strdup(titled ? section->title : note->title);
	entry->block_id = g_strdup(section->block_id);
	/* The intro has no heading: it starts where its text does. */
	while (section->level == 0 && line + 1 < section->to &&
	       lines_blank(outline->lines, line))
		line++;
	entry->line = (int)line;
	g_ptr_array_add(note->entries, entry);
	return entry;
}

/* The place of the note's only level-1 heading, its title; 0: none. */
static size_t title_section(const struct outline *outline)
{
	size_t title = 0;
	for (size_t i = 1; i < outline->len; i++) {
		if (outline->sections[i].level != 1)
			continue;
		if (title > 0)
			return 0;
		title = i;
	}
	return title;
}

GArray *dialect_sections(const struct outline *outline, unsigned level)
{
	GArray *found =
		g_array_new(FALSE, FALSE, sizeof(struct dialect_section));
	size_t title = title_section(outline);
	for (size_t i = 0, next; i < outline->len; i = next) {
		const struct section *section = &outline->sections[i];
		struct slice slice = { .from = section->from };
		next = outline_next(outline, i, level, &slice.to);
		if (!slice_has_text(outline, slice) ||
		    slice_is_contents(outline, slice))
			continue;
		struct dialect_section one = {
			.section = section,
			.slice = slice,
			.intro = i == 0 || (i == title && i == 1),
		};
		g_array_append_val(found, one);
	}
	/* A note of one section has nothing to be the title of. */
	if (found->len == 1 && title > 0) {
		struct dialect_section *one =
			&g_array_index(found, struct dialect_section, 0);
		one->intro = one->section->level == 0;
	}
	return found;
}
