#include "kb/render_tree.h"

#include <string.h>

#include "kb/hostile.h"

enum { SMALL_CELL = 30 };

/* Paragraphs of the lines, breaks kept; nothing is markup. */
static cmark_node *plain_tree(const char *text, size_t len)
{
	g_autofree char *valid = g_utf8_make_valid(text, (gssize)len);
	g_auto(GStrv) lines = g_strsplit_set(valid, "\r\n", -1);
	cmark_node *root = cmark_node_new(CMARK_NODE_DOCUMENT);
	cmark_node *paragraph = NULL;
	for (char **line = lines; *line; line++) {
		if (!*g_strstrip(*line)) {
			paragraph = NULL;
			continue;
		}
		if (paragraph) {
			cmark_node_append_child(
				paragraph,
				cmark_node_new(CMARK_NODE_SOFTBREAK));
		} else {
			paragraph = cmark_node_new(CMARK_NODE_PARAGRAPH);
			cmark_node_append_child(root, paragraph);
		}
		cmark_node *node = cmark_node_new(CMARK_NODE_TEXT);
		cmark_node_set_literal(node, *line);
		cmark_node_append_child(paragraph, node);
	}
	return root;
}

cmark_node *tree_parse(const char *markdown, size_t len)
{
	static const char *const extensions[] = { "table", "strikethrough" };
	if (hostile_markdown(markdown, len, NULL))
		return plain_tree(markdown, len);
	cmark_gfm_core_extensions_ensure_registered();
	/* One tilde is "about" more often than a deletion: ~5 min … ~10 min. */
	cmark_parser *parser = cmark_parser_new(
		CMARK_OPT_VALIDATE_UTF8 | CMARK_OPT_STRIKETHROUGH_DOUBLE_TILDE);
	for (size_t i = 0; i < G_N_ELEMENTS(extensions); i++)
		cmark_parser_attach_syntax_extension(
			parser, cmark_find_syntax_extension(extensions[i]));
	cmark_parser_feed(parser, markdown, len);
	cmark_node *root = cmark_parser_finish(parser);
	cmark_parser_free(parser);
	return root;
}

void tree_walk(cmark_node *top, bool inner, const struct tree_visitor *visitor,
	       void *renderer)
{
	g_autoptr(tree_iter) iter = cmark_iter_new(top);
	cmark_event_type event;
	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);
		if (inner && node == top)
			continue;
		if (cmark_node_get_type(node) == CMARK_NODE_TABLE) {
			/* In it are cells alone, and no table in them. */
			if (event == CMARK_EVENT_ENTER) {
				visitor->table(renderer, node);
				cmark_iter_reset(iter, node, CMARK_EVENT_EXIT);
			}
		} else if (event == CMARK_EVENT_ENTER) {
			visitor->enter(renderer, node);
		} else {
			visitor->leave(renderer, node);
		}
	}
}

bool tree_is_tight(cmark_node *list)
{
	return cmark_node_get_type(list) == CMARK_NODE_LIST &&
	       cmark_node_get_list_tight(list);
}

enum tree_task tree_take_task(cmark_node *item)
{
	cmark_node *paragraph = cmark_node_first_child(item);
	cmark_node *text = NULL;
	enum tree_task taken = GPOINTER_TO_INT(cmark_node_get_user_data(item));
	if (taken)
		return taken;
	if (paragraph && cmark_node_get_type(paragraph) == CMARK_NODE_PARAGRAPH)
		text = cmark_node_first_child(paragraph);
	if (!text || cmark_node_get_type(text) != CMARK_NODE_TEXT)
		return TREE_TASK_NONE;
	const char *words = cmark_node_get_literal(text);
	if (words[0] != '[' || !words[1] || !strchr(" xX", words[1]) ||
	    words[2] != ']' || words[3] != ' ')
		return TREE_TASK_NONE;
	enum tree_task task = words[1] == ' ' ? TREE_TASK_OPEN : TREE_TASK_DONE;
	g_autofree char *rest = g_strdup(words + strlen("[x] "));
	cmark_node_set_literal(text, rest);
	cmark_node_set_user_data(item, GINT_TO_POINTER(task));
	return task;
}

static bool is_mention(const char *url)
{
	static const char *const hosts[] = { "http://matrix.to/",
					     "https://matrix.to/" };
	for (size_t i = 0; i < G_N_ELEMENTS(hosts); i++)
		if (g_ascii_strncasecmp(url, hosts[i], strlen(hosts[i])) == 0)
			return true;
	return false;
}

const char *tree_link(cmark_node *link)
{
	static const char *const schemes[] = { "https:", "http:", "ftp:",
					       "mailto:", "magnet:" };
	const char *url = cmark_node_get_url(link);
	for (size_t i = 0; url && i < G_N_ELEMENTS(schemes); i++)
		if (g_ascii_strncasecmp(url, schemes[i], strlen(schemes[i])) ==
		    0)
			return is_mention(url) ? NULL : url;
	return NULL;
}

const char *tree_image_name(cmark_node *image)
{
	const char *url = cmark_node_get_url(image);
	const char *slash = url ? strrchr(url, '/') : NULL;
	return slash ? slash + 1 : url ? url : "";
}

void tree_language(GString *out, cmark_node *code)
{
	enum { LONGEST = 32 };
	const char *info = cmark_node_get_fence_info(code);
	for (size_t i = 0; info && info[i] && i < LONGEST; i++) {
		if (!g_ascii_isalnum(info[i]) && !strchr("_+#.-", info[i]))
			break;
		g_string_append_c(out, g_ascii_tolower(info[i]));
	}
}

/* Bytes of <br>, <br/>, <BR />; 0: html begins with something else. */
static size_t break_len(const char *html)
{
	if (g_ascii_strncasecmp(html, "<br", 3) != 0)
		return 0;
	size_t i = 3 + strspn(html + 3, " ");
	i += html[i] == '/';
	return html[i] == '>' ? i + 1 : 0;
}

char *tree_html(const char *html)
{
	GString *out = g_string_new(NULL);
	while (*html) {
		size_t skip = *html == '<' ? break_len(html) : 0;
		if (skip > 0)
			g_string_append_c(out, '\n');
		if (strncmp(html, "<!--", 4) == 0) {
			const char *end = strstr(html + 4, "-->");
			skip = end ? (size_t)(end + 3 - html) : strlen(html);
		}
		if (skip == 0)
			g_string_append_c(out, *html);
		html += MAX(skip, 1);
	}
	return g_string_free(out, FALSE);
}

char *tree_plain(cmark_node *node, size_t chars)
{
	GString *out = g_string_new(NULL);
	g_autoptr(tree_iter) iter = cmark_iter_new(node);
	cmark_event_type event;
	size_t left = chars;
	while (left > 0 &&
	       (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *inner = cmark_iter_get_node(iter);
		const char *text = NULL;
		switch ((int)cmark_node_get_type(inner)) {
		case CMARK_NODE_TEXT:
		case CMARK_NODE_CODE:
			text = cmark_node_get_literal(inner);
			break;
		case CMARK_NODE_SOFTBREAK:
		case CMARK_NODE_LINEBREAK:
			text = " ";
			break;
		}
		for (; text && *text && left > 0; left--) {
			const char *next = g_utf8_next_char(text);
			g_string_append_len(out, text, next - text);
			text = next;
		}
	}
	if (left == 0)
		g_string_append(out, "…");
	return g_string_free(out, FALSE);
}

bool tree_table_is_small(cmark_node *table)
{
	if (cmark_gfm_extensions_get_table_columns(table) > TREE_SMALL_COLUMNS)
		return false;
	g_autoptr(tree_iter) iter = cmark_iter_new(table);
	size_t chars = 0;
	cmark_event_type event;
	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);
		cmark_node_type type = cmark_node_get_type(node);
		if (type == CMARK_NODE_TABLE_CELL)
			chars = 0;
		else if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE)
			chars += (size_t)g_utf8_strlen(
				cmark_node_get_literal(node), -1);
		if (chars > SMALL_CELL)
			return false;
	}
	return true;
}

/* Nothing to do about it in any form. */
static bool is_ordinary(unsigned char c)
{
	return c > '@' ? c != 0x7f && c != 0xc2 && c != 0xe2
		       : c >= ' ' && c != '<' && c != '>' && c != '&' &&
				 c != '"' && c != '@';
}

static void put_newline(GString *out, unsigned how)
{
	if ((how & TREE_HTML) && !(how & TREE_CODE))
		g_string_append(out, "<br>");
	else
		g_string_append_c(out, '\n');
}

static void put_ascii(GString *out, char c, unsigned how)
{
	if (c == '\n')
		put_newline(out, how);
	else if (c == '\t')
		g_string_append_c(out, how & TREE_CODE ? '\t' : ' ');
	else if (c == '@' && (how & TREE_PINGS) && !(how & TREE_CODE))
		g_string_append_c(out, TREE_AT);
	else if ((unsigned char)c < ' ' || c == 0x7f)
		return;
	else if (!(how & TREE_HTML) || !strchr("<>&\"", c))
		g_string_append_c(out, c);
	else
		g_string_append(out, c == '<'	? "&lt;"
				     : c == '>' ? "&gt;"
				     : c == '&' ? "&amp;"
						: "&quot;");
}

/* C1 controls; U+2028 and 2029; embeddings, overrides and isolates. */
static void put_wide(GString *out, const char *text, size_t len)
{
	gunichar c = g_utf8_get_char(text);
	if (c < 0xa0 || (c >= 0x202a && c <= 0x202e) ||
	    (c >= 0x2066 && c <= 0x2069))
		return;
	if (c == 0x2028 || c == 0x2029)
		g_string_append_c(out, ' ');
	else
		g_string_append_len(out, text, (gssize)len);
}

void tree_text(GString *out, const char *text, unsigned how)
{
	while (*text) {
		size_t len = 0;
		while (is_ordinary((unsigned char)text[len]))
			len++;
		g_string_append_len(out, text, (gssize)len);
		text += len;
		if ((unsigned char)*text < 0x80) {
			if (*text)
				put_ascii(out, *text++, how);
		} else {
			len = (size_t)(g_utf8_next_char(text) - text);
			put_wide(out, text, len);
			text += len;
		}
	}
}

static bool is_room(const char *text)
{
	return g_ascii_strncasecmp(text, "room", 4) == 0 &&
	       !g_ascii_isalnum(text[4]) && text[4] != '_';
}

static bool is_user(const char *text)
{
	size_t len = strcspn(text, ":@<>&/ \n\t\1");
	return len > 0 && text[len] == ':' &&
	       (g_ascii_isalnum(text[len + 1]) || text[len + 1] == '[');
}

void tree_break_pings(GString *out, bool code)
{
	const char set[] = { TREE_AT, code ? '@' : '\0', '\0' };
	size_t at = strcspn(out->str, set);
	if (at == out->len)
		return;
	g_autofree char *old = g_strdup(out->str);
	const char *text = old;
	g_string_truncate(out, 0);
	while (true) {
		g_string_append_len(out, text, (gssize)at);
		text += at;
		if (!*text)
			break;
		g_string_append_c(out, '@');
		if (is_room(text + 1) ||
		    (*text == TREE_AT && is_user(text + 1)))
			g_string_append(out, "\xe2\x80\x8b");
		text++;
		at = strcspn(text, set);
	}
}
