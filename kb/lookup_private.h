/* What the stages of look-up share; nobody else includes it. */

#pragma once

#include "kb/index_private.h"
#include "kb/lookup.h"

enum {
	QUERY_BYTES = 1000, /* what is typed beyond is not looked at */
	QUERY_WORDS = 32,
	READINGS = 6, /* typed, its core, two layouts, two scripts */
	READINGS_MOST = 2 * READINGS, /* and each with its typos mended */
	CANDIDATES = 2000,	      /* of one stage */
};

/* A word of the query that is no stop word. */
struct term {
	char *word; /* folded */
	char *stem;
	int64_t entries; /* that hold the stem */
	double idf;
};

/* One way to read what was typed: as it is, or as other keys or sounds. */
struct reading {
	char *text;
	char *folded;
	unsigned penalty; /* 0: as typed */
	bool by_sound;
	bool unsure; /* to be offered, never an answer */
	bool cut;    /* the terms are known */
	struct term terms[QUERY_WORDS];
	size_t len;
	double idf;   /* of all terms together */
	double known; /* of those that some entry holds */
};

/* How telling the place is where a query was found, the best first. */
enum place {
	PLACE_NAME,			     /* + enum name_kind */
	PLACE_TITLE_WORDS = PLACE_NAME + 20, /* words of title or alias */
	PLACE_TAGS,
	PLACE_QUESTION,
	PLACE_BRIEF,
	PLACE_CODE_NAME, /* an identifier in the entry's code */
	PLACE_ANSWER,
	PLACE_CODE,
};

/* By which candidates are ordered, in this order, less is better. */
struct rank {
	unsigned missed; /* words of the query that the entry lacks */
	unsigned penalty;
	enum place place;
	unsigned farness;   /* 0: nothing of the title is left over */
	unsigned looseness; /* 0: as written, 1: other ending, 2: beginning */
};

struct candidate {
	int64_t row;
	uint64_t rank;	 /* struct rank, packed */
	double coverage; /* 0..1 of the query, by idf */
	double score;	 /* BM25; 0: none */
	const struct reading *reading;
};

struct search {
	struct index *index;
	int64_t generation;
	const char *language;
	struct index_state state;
	bool counted; /* state is known */
	struct reading readings[READINGS_MOST];
	size_t readings_len;
	GArray *candidates; /* struct candidate */
	GHashTable *places; /* row -> place in candidates + 1 */
};

/* Adds an entry that was found, or betters what is known of it. */
void lookup_offer(struct search *search, const struct reading *reading,
		  int64_t row, const struct rank *rank, double coverage,
		  double score);

/* Cuts a reading into terms and weighs them, once. */
bool lookup_cut(struct search *search, struct reading *reading, GError **error);

/* Asks how rare a reading's term is, and adds it to the reading's sums. */
bool lookup_weigh(struct search *search, struct reading *reading, size_t i,
		  GError **error);

/* BM25's part of one term in one entry; weight is its weighted frequency. */
double lookup_bm25(const struct search *search, double idf, double weight,
		   int64_t words);

/* The place of a packed rank. */
static inline enum place lookup_place(uint64_t rank)
{
	return (enum place)(rank >> 16 & 0xff);
}

/* Where several are equally good, asks for their BM25. */
bool lookup_break_tie(struct search *search, GError **error);

/* Orders what was found and makes the result of it. */
bool lookup_conclude(struct search *search, struct lookup *result,
		     GError **error);
void lookup_hit_clear(struct lookup_hit *hit);

/* The stages. Each offers what it finds for one reading. */
bool lookup_names(struct search *search, struct reading *reading,
		  GError **error);
bool lookup_titles(struct search *search, struct reading *reading,
		   GError **error);
bool lookup_texts(struct search *search, struct reading *reading,
		  GError **error);
bool lookup_near(struct search *search, struct reading *reading,
		 GError **error);
