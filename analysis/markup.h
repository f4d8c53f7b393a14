/* Text that grows, and the two notations a page is made of: HTML and JSON.
 *
 * What comes from an input file goes through ana_html or ana_json_text, so it can never become
 * markup: JSON has < > & as \u003c ..., so it may stand in a <script>. When memory runs out the
 * text stays as it is and `full` is set: look once, at the end. */
#ifndef ANA_MARKUP_H
#define ANA_MARKUP_H

#include "sim/err.h"

#include <stddef.h>

struct ana_text {
    char *s; /* [n], owned; NULL while empty */
    size_t n, cap;
    int full; /* 1: memory ran out, something is missing */
};
void ana_text_free(struct ana_text *t);

/* Appends as it is. */
void ana_text_add(struct ana_text *t, const char *fmt, ...) SIM_FORMAT(2, 3);
void ana_text_put(struct ana_text *t, const char *s, size_t n);

/* Appends with & < > " ' escaped; control characters other than line feed and tab become '?'. Fit
 * for the text of an element and for a quoted attribute. */
void ana_html(struct ana_text *t, const char *text);
void ana_html_add(struct ana_text *t, const char *fmt, ...) SIM_FORMAT(2, 3);

/* JSON. Commas come by themselves: before a value or key that follows another value.
 * open, close: one of { } [ ]. */
void ana_json_open(struct ana_text *t, char open);
void ana_json_close(struct ana_text *t, char close);
void ana_json_key(struct ana_text *t, const char *key);
void ana_json_text(struct ana_text *t, const char *text); /* NULL: null */
/* `digits` that count, the shortest form; what is not finite is null. */
void ana_json_number(struct ana_text *t, double x, int digits);
void ana_json_numbers(struct ana_text *t, const double x[], size_t n, int digits);
/* n numbers >= 0 as one text of 3 n letters, half as long: 4 digits that count and a power of ten
 * from 1e-9 to 1e20; less is 0, what is not finite or more is "___". The page's unpack reads it. */
enum { ANA_PACKED = 3 };
void ana_json_packed(struct ana_text *t, const double x[], size_t n);
void ana_json_texts(struct ana_text *t, const char *const text[], size_t n);

/* "sha256-<base64>" of n bytes, as a Content-Security-Policy names a script. */
enum { ANA_HASH_MAX = 52 };
void ana_text_hash(char to[ANA_HASH_MAX], const char *s, size_t n);

#endif
