#include "kb/front_matter.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "kb/remark.h"
#include "kb/yaml_tree.h"

enum { FRONT_MATTER_MOST = 256 * 1024 }; /* bytes: what a person may write */

struct reading {
	struct front_matter *matter;
	const char *file;
	GPtrArray *remarks;
	const char *key; /* being read */
};

static void complain(struct reading *reading, size_t line,
		     enum remark_level level, const char *text)
{
	g_ptr_array_add(reading->remarks, remark_new(reading->file, (int)line,
						     level, "%s", text));
}

/* Line 0 of the document is line 2 of the note. */
static void odd(struct reading *reading, const struct yaml_node *node,
		const char *what)
{
	g_ptr_array_add(reading->remarks,
			remark_new(reading->file, (int)node->line + 2,
				   REMARK_WARNING, "front matter: %s %s",
				   reading->key, what));
}

/* A text in one line, or NULL if it is empty. */
static char *one_line(const char *text)
{
	char *line = g_strdelimit(g_strdup(text), "\n\r", ' ');
	if (*g_strstrip(line) == '\0')
		g_clear_pointer(&line, g_free);
	return line;
}

static void read_text(struct reading *reading, const struct yaml_node *node,
		      char **into)
{
	if (node->kind != YAML_SCALAR) {
		odd(reading, node, "is not a text; passed over");
		return;
	}
	g_clear_pointer(into, g_free);
	if (node->text)
		*into = one_line(node->text);
}

static void add_text(GPtrArray *texts, const char *text)
{
	char *line = one_line(text);
	if (line)
		g_ptr_array_add(texts, line);
}

/* `[a, b]`, a list over lines, or "a, b". */
static void read_list(struct reading *reading, const struct yaml_node *node,
		      char ***into)
{
	if (node->kind == YAML_MAP) {
		odd(reading, node, "is not a list; passed over");
		return;
	}
	GPtrArray *texts = g_ptr_array_new();
	if (node->kind == YAML_SCALAR && node->text) {
		g_auto(GStrv) parts = g_strsplit(node->text, ",", -1);
		for (char **part = parts; *part; part++)
			add_text(texts, *part);
	}
	for (size_t i = 0; node->items && i < node->items->len; i++) {
		const struct yaml_node *item = node->items->pdata[i];
		if (item->kind != YAML_SCALAR)
			odd(reading, item, "holds what is not a text");
		else if (item->text)
			add_text(texts, item->text);
	}
	g_ptr_array_add(texts, NULL);
	g_strfreev(*into);
	*into = (char **)g_ptr_array_free(texts, FALSE);
}

static void read_title(struct reading *reading, const struct yaml_node *node)
{
	read_text(reading, node, &reading->matter->title);
}

/* "/a/b%20c/" -> a, b c */
static char **permalink_path(const char *permalink)
{
	GPtrArray *path = g_ptr_array_new();
	g_auto(GStrv) parts = g_strsplit(permalink, "/", -1);
	for (char **part = parts; *part; part++) {
		g_autofree char *plain = g_uri_unescape_string(*part, NULL);
		bool good = plain && g_utf8_validate(plain, -1, NULL);
		add_text(path, good ? plain : *part);
	}
	g_ptr_array_add(path, NULL);
	return (char **)g_ptr_array_free(path, FALSE);
}

static void read_permalink(struct reading *reading,
			   const struct yaml_node *node)
{
	struct front_matter *matter = reading->matter;
	read_text(reading, node, &matter->permalink);
	g_strfreev(matter->path);
	matter->path =
		permalink_path(matter->permalink ? matter->permalink : "");
}

static void read_aliases(struct reading *reading, const struct yaml_node *node)
{
	read_list(reading, node, &reading->matter->aliases);
}

static void read_tags(struct reading *reading, const struct yaml_node *node)
{
	read_list(reading, node, &reading->matter->tags);
	for (char **tag = reading->matter->tags; *tag; tag++)
		if (**tag == '#' && (*tag)[1])
			memmove(*tag, *tag + 1, strlen(*tag));
}

/* Several authors are one text. */
static void read_author(struct reading *reading, const struct yaml_node *node)
{
	if (node->kind != YAML_LIST) {
		read_text(reading, node, &reading->matter->author);
		return;
	}
	g_auto(GStrv) authors = NULL;
	read_list(reading, node, &authors);
	g_free(reading->matter->author);
	reading->matter->author = *authors ? g_strjoinv(", ", authors) : NULL;
}

/* "ru-RU", "RU" -> "ru" */
static void read_lang(struct reading *reading, const struct yaml_node *node)
{
	char **language = &reading->matter->language;
	read_text(reading, node, language);
	if (!*language)
		return;
	g_autofree char *as_written = *language;
	size_t len = strcspn(as_written, "-_");
	*language = len ? g_utf8_strdown(as_written, (gssize)len) : NULL;
}

static void read_difficulty(struct reading *reading,
			    const struct yaml_node *node)
{
	read_text(reading, node, &reading->matter->difficulty);
}

static void read_review_by(struct reading *reading,
			   const struct yaml_node *node)
{
	char **date = &reading->matter->review_by;
	unsigned year, month, day;
	read_text(reading, node, date);
	if (!*date)
		return;
	if (sscanf(*date, "%4u-%2u-%2u", &year, &month, &day) != 3 ||
	    !g_date_valid_dmy((GDateDay)day, (GDateMonth)month,
			      (GDateYear)year)) {
		odd(reading, node, "is not a date such as 2025-12-31");
		g_clear_pointer(date, g_free);
	}
}

static void read_publish(struct reading *reading, const struct yaml_node *node)
{
	static const char *const no[] = { "false", "no", "off", NULL };
	static const char *const yes[] = { "true", "yes", "on", NULL };
	g_autofree char *text = NULL;
	if (node->kind == YAML_SCALAR && node->text)
		text = g_ascii_strdown(node->text, -1);
	if (text && g_strv_contains(no, text))
		reading->matter->hidden = true;
	else if (text && g_strv_contains(yes, text))
		reading->matter->hidden = false;
	else
		odd(reading, node, "is neither true nor false; passed over");
}

static void read_dialect(struct reading *reading, const struct yaml_node *node)
{
	read_text(reading, node, &reading->matter->dialect);
}

static void read_level(struct reading *reading, const struct yaml_node *node)
{
	const char *text = node->kind == YAML_SCALAR ? node->text : NULL;
	if (text && *text >= '1' && *text <= '6' && !text[1])
		reading->matter->level = *text - '0';
	else
		odd(reading, node, "is not a number from 1 to 6; passed over");
}

struct field {
	const char *key;
	void (*read)(struct reading *reading, const struct yaml_node *node);
};

static void read_znatok(struct reading *reading, const struct yaml_node *node);

static const struct field fields[] = {
	{ "title", read_title },	   { "permalink", read_permalink },
	{ "aliases", read_aliases },	   { "tags", read_tags },
	{ "author", read_author },	   { "lang", read_lang },
	{ "difficulty", read_difficulty }, { "review-by", read_review_by },
	{ "dg-publish", read_publish },	   { "znatok", read_znatok },
};

static const struct field znatok_fields[] = {
	{ "dialect", read_dialect },
	{ "level", read_level },
};

static_assert(G_N_ELEMENTS(fields) < 32, "a bit for each in read_map()");

/* Returns how many keys are ours. */
static size_t read_map(struct reading *reading, const struct yaml_node *map,
		       const struct field *table, size_t len)
{
	size_t known = 0;
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	for (size_t i = 0; i + 1 < map->items->len; i += 2) {
		const struct yaml_node *key = map->items->pdata[i];
		if (!key->text)
			continue;
		reading->key = key->text;
		if (!g_hash_table_add(seen, key->text))
			odd(reading, key, "stands twice; the last one counts");
		for (size_t j = 0; j < len; j++) {
			if (strcmp(table[j].key, key->text) != 0)
				continue;
			table[j].read(reading, map->items->pdata[i + 1]);
			known++;
		}
	}
	return known;
}

static void read_znatok(struct reading *reading, const struct yaml_node *node)
{
	if (node->kind == YAML_MAP)
		read_map(reading, node, znatok_fields,
			 G_N_ELEMENTS(znatok_fields));
	else if (node->kind == YAML_LIST || node->text)
		odd(reading, node, "is not {dialect: …, level: …}");
}

/* The line is `what`, but for spaces after it. */
static bool line_is(const struct lines *lines, size_t no, const char *what)
{
	size_t len, want = strlen(what);
	const char *text = lines_at(lines, no, &len);
	return len >= want && memcmp(text, what, want) == 0 &&
	       lines_space(text + want, len - want) == len - want;
}

/* Where the front matter's closing line is; 0: nowhere. */
static size_t closing_line(const struct lines *lines, const char *fence,
			   const char *other)
{
	for (size_t no = 2; no <= lines->count; no++)
		if (line_is(lines, no, fence) || line_is(lines, no, other))
			return no;
	return 0;
}

/* `key: value`, `"key": value` or `{`: people meant front matter. */
static bool looks_like_key(const struct lines *lines, size_t no)
{
	size_t len, at = 0;
	const char *text = lines_at(lines, no, &len);
	if (len > 0 && *text == '{')
		return true;
	while (at < len &&
	       (g_ascii_isalnum(text[at]) || memchr("-_\"' ", text[at], 5) ||
		(guchar)text[at] >= 0x80))
		at++;
	return at > 0 && at < len && text[0] != ' ' && text[0] != '-' &&
	       text[at] == ':' && (at + 1 == len || text[at + 1] == ' ');
}

/* Markdown's headings are comments to YAML, and bold text is an error. */
static bool looks_like_markdown(const struct lines *lines, size_t close)
{
	for (size_t no = 2; no < close; no++) {
		size_t len;
		const char *text = lines_at(lines, no, &len);
		if (len > 2 &&
		    (memcmp(text, "##", 2) == 0 || memcmp(text, "**", 2) == 0))
			return true;
	}
	return false;
}

static size_t first_text_line(const struct lines *lines, size_t close)
{
	size_t no = 2;
	while (no < close && lines_blank(lines, no))
		no++;
	return no;
}

/* False: the first line is a rule, and what follows it is text. */
static bool read_yaml(struct reading *reading, const struct lines *lines,
		      size_t close)
{
	size_t first = first_text_line(lines, close);
	if (first == close)
		return true; /* empty */
	bool meant = looks_like_key(lines, first);
	size_t start = lines->starts[1], len = lines->starts[close - 1] - start;
	if (len > FRONT_MATTER_MOST) {
		if (meant)
			complain(reading, 1, REMARK_ERROR,
				 "front matter over 256 kB is not read");
		return meant;
	}
	g_auto(yaml_tree) tree;
	yaml_tree_init(&tree, lines->text + start, len);
	bool markdown = looks_like_markdown(lines, close);
	if (tree.problem && (!meant || markdown))
		return false;
	if (tree.problem)
		g_ptr_array_add(reading->remarks,
				remark_new(reading->file,
					   (int)tree.problem_line + 2,
					   REMARK_ERROR,
					   "front matter does not parse: %s",
					   tree.problem));
	if (!tree.root || tree.root->kind != YAML_MAP)
		return tree.problem != NULL;
	size_t known =
		read_map(reading, tree.root, fields, G_N_ELEMENTS(fields));
	return known > 0 || !markdown;
}

void front_matter_init(struct front_matter *matter, const struct lines *lines,
		       const char *file, GPtrArray *remarks)
{
	*matter = (struct front_matter){
		.path = g_new0(char *, 1),
		.aliases = g_new0(char *, 1),
		.tags = g_new0(char *, 1),
	};
	struct reading reading = { matter, file, remarks, NULL };
	if (lines->count < 2)
		return;
	if (line_is(lines, 1, "+++")) {
		matter->end = closing_line(lines, "+++", "+++");
		if (matter->end)
			complain(&reading, 1, REMARK_WARNING,
				 "front matter in TOML is passed over; "
				 "write it as YAML");
	} else if (line_is(lines, 1, "---")) {
		size_t close = closing_line(lines, "---", "...");
		if (close && read_yaml(&reading, lines, close))
			matter->end = close;
		else if (!close && looks_like_key(lines, 2))
			complain(&reading, 1, REMARK_WARNING,
				 "front matter is never closed by ---; "
				 "taken as text");
	}
}

void front_matter_clear(struct front_matter *matter)
{
	char **const texts[] = {
		&matter->title,	   &matter->permalink,	&matter->author,
		&matter->language, &matter->difficulty, &matter->review_by,
		&matter->dialect,
	};
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		g_clear_pointer(texts[i], g_free);
	g_clear_pointer(&matter->path, g_strfreev);
	g_clear_pointer(&matter->aliases, g_strfreev);
	g_clear_pointer(&matter->tags, g_strfreev);
}
