/*
 * Labels under headings:
 *
 *	## GIL
 *	**Brief:** one thread at a time.	entry.brief
 *	**Question:** Why does it hurt?		entry.questions
 *	**Answer:**
 *	- because …				entry.answer
 *
 * A question after an answered question begins another entry of that title.
 */
#include <string.h>

#include "kb/dialects/dialect.h"
#include "kb/dialects/label.h"
#include "kb/remark.h"

/* A label's text, or the text before the first one. */
struct segment {
	struct label label;
	struct slice slice;
};

struct reader {
	const struct outline *outline;
	struct note *note;
	const struct dialect_section *section;
	GArray *segments;    /* struct segment, of the section */
	guint last_question; /* its place in segments, or 0 */
	struct entry *entry; /* being made; the note's */
	size_t from;	     /* where the entry begins */
	char *shared;	     /* the brief before a section's first question */
	bool seen[LABEL_KINDS];
	GString *texts[LABEL_KINDS];
	GPtrArray *lists[LABEL_KINDS];
};

/*
 * Labels stand at the start of a line of plain text. A line that begins at
 * the margin and goes lazily on with a list is meant as one, too.
 */
static bool can_hold_label(const struct outline *outline, size_t no)
{
	size_t len;
	unsigned kind = outline->kinds[no];
	if (kind &
	    (LINE_CODE | LINE_HEADING | LINE_OTHER | LINE_RULE | LINE_ITEM))
		return false;
	const char *line = lines_at(outline->lines, no, &len);
	if (kind & LINE_LIST)
		return len > 0 && *line != ' ' && *line != '\t';
	return kind & LINE_PARAGRAPH;
}

static bool find_label(const struct outline *outline, size_t no, bool plain,
		       struct label *label)
{
	size_t len;
	const char *line = lines_at(outline->lines, no, &len);
	return can_hold_label(outline, no) && label_read(line, len, label) &&
	       (plain || !label->plain);
}

/* Plain labels count only in a note that has no others. */
static bool is_plain(const struct outline *outline)
{
	struct label label;
	for (size_t no = outline->from; no <= outline->lines->count; no++)
		if (find_label(outline, no, false, &label))
			return false;
	return true;
}

/*
 * A question or answer label at the start of a block, or further down in one
 * that starts with a label itself, as "**Кратко:** …\n**Вопрос:** …" does.
 */
static bool speaks(const struct outline *outline)
{
	bool plain = is_plain(outline);
	bool labelled = false;
	for (size_t no = outline->from; no <= outline->lines->count; no++) {
		struct label label;
		bool found = find_label(outline, no, plain, &label);
		if (outline->kinds[no] & LINE_START)
			labelled = found;
		if (found && labelled &&
		    (label.kind == LABEL_QUESTION ||
		     label.kind == LABEL_ANSWER))
			return true;
	}
	return false;
}

static void complain(struct reader *reader, size_t line,
		     enum remark_level level, const char *text,
		     const char *name)
{
	struct note *note = reader->note;
	g_ptr_array_add(note->remarks, remark_new(note->file, (int)line, level,
						  "%s: %s", name, text));
}

static void add_text(struct reader *reader, enum label_kind kind, char *text)
{
	if (!text)
		return;
	GString **texts = &reader->texts[kind];
	if (!*texts)
		*texts = g_string_new(NULL);
	if ((*texts)->len > 0)
		g_string_append(*texts, "\n\n");
	g_string_append(*texts, text);
	g_free(text);
}

static void add_slice(struct reader *reader, enum label_kind kind,
		      struct slice slice)
{
	if (slice_has_text(reader->outline, slice))
		add_text(reader, kind, slice_text(reader->outline, slice));
}

/* A brief or list holds no code: from the first block with code on, body. */
static struct slice cut_code(struct reader *reader, struct slice slice)
{
	const uint8_t *kinds = reader->outline->kinds;
	size_t code = slice.from;
	while (code < slice.to && !(kinds[code] & LINE_CODE))
		code++;
	if (code == slice.to)
		return slice;
	while (code > slice.from + 1 && !(kinds[code] & LINE_START))
		code--;
	struct slice rest = { .from = code, .to = slice.to };
	add_slice(reader, LABEL_NONE, rest);
	slice.to = code;
	return slice;
}

/* What names things takes one block; the text after it is the section's. */
static struct slice cut_block(struct reader *reader, struct slice slice)
{
	const struct outline *outline = reader->outline;
	size_t no = slice.from;
	struct slice first = { .from = no, .to = no + 1, .skip = slice.skip };
	if (!slice_has_text(outline, first))
		for (no++; no < slice.to && lines_blank(outline->lines, no);)
			no++;
	for (no++; no < slice.to && !(outline->kinds[no] & LINE_START);)
		no++;
	struct slice rest = { .from = MIN(no, slice.to), .to = slice.to };
	add_slice(reader, LABEL_NONE, rest);
	slice.to = rest.from;
	return slice;
}

/* A list's items, or what the separators in a text keep apart. */
static GPtrArray *split(struct reader *reader, struct slice slice,
			const char *separators)
{
	GPtrArray *items = slice_list(reader->outline, slice);
	if (items)
		return items;
	items = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *text = slice_text(reader->outline, slice);
	g_auto(GStrv) parts = g_strsplit_set(text ? text : "", separators, -1);
	for (char **part = parts; *part; part++)
		if (*g_strstrip(*part))
			g_ptr_array_add(items, g_strdup(*part));
	return items;
}

static void add_list(struct reader *reader, enum label_kind kind,
		     struct slice slice)
{
	g_autoptr(GPtrArray) items = NULL;
	if (kind == LABEL_QUESTION)
		items = slice_list(reader->outline, slice);
	else
		items = split(reader, cut_block(reader, slice),
			      kind == LABEL_WRONG ? ";\n" : ",;\n");
	if (!items) {
		items = g_ptr_array_new_with_free_func(g_free);
		char *text = slice_text(reader->outline, slice);
		if (text)
			g_ptr_array_add(items, text);
	}
	GPtrArray **list = &reader->lists[kind];
	if (!*list)
		*list = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_extend_and_steal(*list, g_steal_pointer(&items));
}

static void begin_entry(struct reader *reader, size_t from)
{
	reader->entry = dialect_entry(reader->note, reader->outline,
				      reader->section->section);
	reader->from = from;
	memset(reader->seen, 0, sizeof(reader->seen));
}

static void take_list(struct reader *reader, enum label_kind kind, char ***into)
{
	GPtrArray *list = g_steal_pointer(&reader->lists[kind]);
	if (!list)
		return;
	g_ptr_array_set_free_func(list, NULL);
	g_ptr_array_add(list, NULL);
	g_strfreev(*into);
	*into = (char **)g_ptr_array_free(list, FALSE);
}

static void take_text(struct reader *reader, enum label_kind kind, char **into)
{
	GString *text = g_steal_pointer(&reader->texts[kind]);
	if (text)
		*into = g_string_free(text, FALSE);
}

/* A question without an answer can be looked up but never asked. */
static void remark_missing(struct reader *reader)
{
	const struct entry *entry = reader->entry;
	const char *missing = NULL;
	if (!*entry->questions && !entry->answer)
		missing = "no question and no answer: looked up, never asked";
	else if (!*entry->questions)
		missing = "an answer without a question";
	else if (!entry->answer)
		missing = "a question without an answer";
	if (missing && !reader->section->intro)
		complain(reader, entry->line, REMARK_INFO, missing,
			 entry->title);
}

static void end_entry(struct reader *reader, size_t to)
{
	struct entry *entry = reader->entry;
	take_text(reader, LABEL_NONE, &entry->body);
	take_text(reader, LABEL_BRIEF, &entry->brief);
	take_text(reader, LABEL_ANSWER, &entry->answer);
	take_text(reader, LABEL_EXAMPLE, &entry->example);
	take_text(reader, LABEL_HINT, &entry->hint);
	take_list(reader, LABEL_QUESTION, &entry->questions);
	take_list(reader, LABEL_KEYWORDS, &entry->keywords);
	take_list(reader, LABEL_ALIASES, &entry->aliases);
	take_list(reader, LABEL_WRONG, &entry->wrong);
	if (!entry->brief)
		entry->brief = g_strdup(reader->shared);
	struct slice slice = { .from = reader->from, .to = to };
	slice_take(reader->outline, slice, entry);
	remark_missing(reader);
}

static const struct segment *segment_at(const struct reader *reader, guint i)
{
	return &g_array_index(reader->segments, struct segment, i);
}

/* True if the label at place i cannot belong to the entry being made. */
static bool begins_entry(const struct reader *reader, guint i)
{
	enum label_kind kind = segment_at(reader, i)->label.kind;
	if (!reader->seen[LABEL_QUESTION] || !reader->seen[LABEL_ANSWER])
		return false;
	return kind == LABEL_QUESTION ||
	       (kind == LABEL_BRIEF && i < reader->last_question);
}

static void read_segment(struct reader *reader, guint i)
{
	const struct segment *segment = segment_at(reader, i);
	enum label_kind kind = segment->label.kind;
	struct slice slice = segment->slice;
	if (kind != LABEL_NONE && !slice_has_text(reader->outline, slice))
		complain(reader, slice.from, REMARK_WARNING,
			 "this label has no text", segment->label.name);
	else if (reader->seen[kind] && kind != LABEL_QUESTION)
		complain(reader, slice.from, REMARK_WARNING,
			 "a label that stands twice; its texts are joined",
			 segment->label.name);
	reader->seen[kind] = true;
	if (kind == LABEL_BRIEF || kind >= LABEL_KEYWORDS)
		slice = cut_code(reader, slice);
	if (kind == LABEL_QUESTION || kind >= LABEL_KEYWORDS)
		add_list(reader, kind, slice);
	else
		add_slice(reader, kind, slice);
	if (kind == LABEL_QUESTION && !reader->shared &&
	    reader->texts[LABEL_BRIEF])
		reader->shared = g_strdup(reader->texts[LABEL_BRIEF]->str);
}

static void find_segments(struct reader *reader, bool plain)
{
	struct slice whole = reader->section->slice;
	struct segment segment = { .slice = whole };
	g_array_set_size(reader->segments, 0);
	reader->last_question = 0;
	for (size_t no = whole.from; no < whole.to; no++) {
		struct label label;
		if (!find_label(reader->outline, no, plain, &label))
			continue;
		segment.slice.to = no;
		g_array_append_val(reader->segments, segment);
		segment = (struct segment){
			.label = label,
			.slice = { no, whole.to, label.value },
		};
		if (label.kind == LABEL_QUESTION)
			reader->last_question = reader->segments->len;
	}
	segment.slice.to = whole.to;
	g_array_append_val(reader->segments, segment);
}

static void read_section(struct reader *reader, bool plain)
{
	const struct dialect_section *section = reader->section;
	find_segments(reader, plain);
	begin_entry(reader, section->section->line);
	for (guint i = 0; i < reader->segments->len; i++) {
		if (begins_entry(reader, i)) {
			size_t line = segment_at(reader, i)->slice.from;
			end_entry(reader, line);
			begin_entry(reader, line);
		}
		read_segment(reader, i);
	}
	end_entry(reader, section->slice.to);
	g_clear_pointer(&reader->shared, g_free);
}

static void read_note(const struct outline *outline, unsigned level,
		      struct note *note)
{
	g_autoptr(GArray) sections =
		dialect_sections(outline, level ? level : 6);
	g_autoptr(GArray) segments =
		g_array_new(FALSE, FALSE, sizeof(struct segment));
	struct reader reader = {
		.outline = outline,
		.note = note,
		.segments = segments,
	};
	bool plain = is_plain(outline);
	for (guint i = 0; i < sections->len; i++) {
		reader.section =
			&g_array_index(sections, struct dialect_section, i);
		read_section(&reader, plain);
	}
}

const struct dialect dialect_labels = {
	.name = "labels",
	.speaks = speaks,
	.read = read_note,
};
