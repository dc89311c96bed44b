#include "bot/quiz/topic.h"

#include "kb/words.h"

void topic_init(struct topic *topic, const char *typed)
{
	g_autofree char *latin = words_to_latin_layout(typed);
	g_autofree char *cyrillic = words_to_cyrillic_layout(typed);
	topic->wanted[0] = words_squash(typed);
	topic->wanted[1] = words_squash(latin);
	topic->wanted[2] = words_squash(cyrillic);
}

void topic_clear(struct topic *topic)
{
	for (int i = 0; i < TOPIC_READINGS; i++)
		g_free(topic->wanted[i]);
	*topic = (struct topic){ 0 };
}

bool topic_is_in(const struct topic *topic, char *const *path)
{
	for (; *path; path++) {
		g_autofree char *part = words_squash(*path);
		for (int i = 0; *part && i < TOPIC_READINGS; i++)
			if (g_str_equal(part, topic->wanted[i]))
				return true;
	}
	return false;
}

bool topic_holds(const struct topic *topic, const char *path)
{
	g_auto(GStrv) parts = g_strsplit(path, "/", -1);
	return topic_is_in(topic, parts);
}
