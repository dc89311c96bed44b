#include "kb/yaml_tree.h"

#include <string.h>
#include <yaml.h>

struct reader {
	struct yaml_tree *tree;
	yaml_parser_t parser;
	GHashTable *anchors; /* name -> node, borrowed */
	struct yaml_node *open[YAML_TREE_DEPTH];
	size_t depth;
};

static void node_free(void *data)
{
	struct yaml_node *node = data;
	g_free(node->text);
	if (node->items)
		g_ptr_array_unref(node->items);
	g_free(node);
}

static void stop(struct reader *reader, const char *problem, size_t line)
{
	reader->tree->problem = g_strdup(problem);
	reader->tree->problem_line = line;
}

static bool is_null(const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	return event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	       (*text == '\0' || strcmp(text, "~") == 0 ||
		g_ascii_strcasecmp(text, "null") == 0);
}

static struct yaml_node *node_new(struct reader *reader,
				  const yaml_event_t *event)
{
	struct yaml_node *node = g_new0(struct yaml_node, 1);
	const yaml_char_t *anchor = NULL;
	node->line = event->start_mark.line;
	if (event->type == YAML_SCALAR_EVENT) {
		node->kind = YAML_SCALAR;
		anchor = event->data.scalar.anchor;
		/* "\0" in quotes is a NUL, which becomes U+FFFD. */
		if (!is_null(event))
			node->text = g_utf8_make_valid(
				(const char *)event->data.scalar.value,
				(gssize)event->data.scalar.length);
	} else {
		bool list = event->type == YAML_SEQUENCE_START_EVENT;
		node->kind = list ? YAML_LIST : YAML_MAP;
		node->items = g_ptr_array_new();
		anchor = list ? event->data.sequence_start.anchor
			      : event->data.mapping_start.anchor;
	}
	g_ptr_array_add(reader->tree->nodes, node);
	if (anchor)
		g_hash_table_insert(reader->anchors,
				    g_strdup((const char *)anchor), node);
	return node;
}

static void put(struct reader *reader, struct yaml_node *node)
{
	if (reader->depth > 0)
		g_ptr_array_add(reader->open[reader->depth - 1]->items, node);
	else
		reader->tree->root = node;
}

static void open_node(struct reader *reader, const yaml_event_t *event)
{
	if (reader->depth == YAML_TREE_DEPTH) {
		stop(reader, "nested too deep", event->start_mark.line);
		return;
	}
	struct yaml_node *node = node_new(reader, event);
	put(reader, node);
	reader->open[reader->depth++] = node;
}

static void put_alias(struct reader *reader, const yaml_event_t *event)
{
	struct yaml_node *node =
		g_hash_table_lookup(reader->anchors, event->data.alias.anchor);
	if (node)
		put(reader, node);
	else
		stop(reader, "an alias of something that is not there",
		     event->start_mark.line);
}

/* Returns false at the end, or where reading has to stop. */
static bool step(struct reader *reader, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		put(reader, node_new(reader, event));
		break;
	case YAML_ALIAS_EVENT:
		put_alias(reader, event);
		break;
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		open_node(reader, event);
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		reader->depth--;
		break;
	case YAML_DOCUMENT_END_EVENT:
	case YAML_STREAM_END_EVENT:
		return false;
	default:
		break;
	}
	if (reader->tree->nodes->len > YAML_TREE_NODES)
		stop(reader, "too many values", event->start_mark.line);
	return !reader->tree->problem;
}

static void read_events(struct reader *reader)
{
	/* An alias adds no node but takes a place: they are counted, too. */
	for (size_t i = 0; i < 4 * YAML_TREE_NODES; i++) {
		yaml_event_t event;
		if (!yaml_parser_parse(&reader->parser, &event)) {
			const yaml_parser_t *parser = &reader->parser;
			stop(reader,
			     parser->problem ? parser->problem : "not YAML",
			     parser->problem_mark.line);
			return;
		}
		bool more = step(reader, &event);
		yaml_event_delete(&event);
		if (!more)
			return;
	}
	stop(reader, "too many values", 0);
}

void yaml_tree_init(struct yaml_tree *tree, const char *text, size_t len)
{
	*tree = (struct yaml_tree){
		.nodes = g_ptr_array_new_with_free_func(node_free),
	};
	struct reader reader = {
		.tree = tree,
		.anchors = g_hash_table_new_full(g_str_hash, g_str_equal,
						 g_free, NULL),
	};
	if (yaml_parser_initialize(&reader.parser)) {
		yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
		yaml_parser_set_input_string(&reader.parser,
					     (const unsigned char *)text, len);
		read_events(&reader);
		yaml_parser_delete(&reader.parser);
	}
	g_hash_table_unref(reader.anchors);
}

void yaml_tree_clear(struct yaml_tree *tree)
{
	g_clear_pointer(&tree->nodes, g_ptr_array_unref);
	g_clear_pointer(&tree->problem, g_free);
	tree->root = NULL;
}
