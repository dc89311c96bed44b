/* chrF: how alike two texts are letter by letter. */

#pragma once

/*
 * Character 1- to 6-grams without spaces, recall counting twice (beta 2):
 * Popović, "chrF: character n-gram F-score for automatic MT evaluation",
 * 2015. Texts are folded (words_fold()). 0 to 1.
 */
double chrf(const char *text, const char *reference);
