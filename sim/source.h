/* Where input text comes from: the file system, or a result file that carries its input. And the
 * little that every reader of text needs: encoding, numbers, the nearest word. */
#ifndef SIM_SOURCE_H
#define SIM_SOURCE_H

#include "sim/arena.h"

enum { SIM_MAX_FILE = 64 << 20, SIM_MAX_CFG = 8 << 20 };

/* Reads a regular file whole. path is used as it is. Refused with one line: missing, a folder, a
 * FIFO or device, larger than max bytes, a NUL byte, invalid UTF-8. The text is in the arena with a
 * \0 after it. Returns 0, SIM_EINPUT (all of the above), or SIM_EIO where the system refuses
 * (permission, a disk that fails); text and n are then untouched. */
int sim_source_read(struct sim_arena *a, const char *path, size_t max, char **text, size_t *n,
                    struct sim_err *err) SIM_CHECKED;

/* How many of the n bytes are valid UTF-8 before the first that is not (RFC 3629: shortest form, no
 * surrogates); n if all are. */
size_t sim_text_utf8(const char *text, size_t n);

/* The line (1 for the first) on which byte `at` of a text lies. O(at). */
int sim_text_line(const char *text, size_t at);

enum { SIM_NO_NUMBER = 1, SIM_TOO_FAR = 2 };

/* The whole text as a decimal whole number: [+-]digits, no blanks. Read exactly.
 * Returns 0, SIM_NO_NUMBER, or SIM_TOO_FAR outside int64 (x untouched). */
int sim_text_int(const char *s, int64_t *x) SIM_CHECKED;

/* The whole text as a decimal number: [+-]digits[.digits][e[+-]digits], a digit on one side of the
 * point at least; no blanks, nan, inf or hexadecimal. The nearest double.
 * Returns 0, SIM_NO_NUMBER, or SIM_TOO_FAR where it is not finite, or is not 0 and reads as 0 (x
 * untouched). */
int sim_text_real(const char *s, double *x) SIM_CHECKED;

/* The fewest digits (at least 15, trailing zeros dropped) that read back to the same double: 5,
 * 0.1, 1e+23. */
void sim_text_show(double x, char to[32]);

/* Edit distance with transposition, for "did you mean". Texts over 255 bytes are not looked into:
 * the length of the longer one. O(length of a x length of b). */
int sim_distance(const char *a, const char *b);
/* The nearest of n names if it is near enough (distance <= 1 + length/4), else NULL. The first of
 * equals. */
const char *sim_nearest(const char *word, const char *const *names, size_t n);
/* Writes "; did you mean 'near'?", or nothing if near is NULL. Returns `to`. */
enum { SIM_MEAN = 300 };
const char *sim_did_you_mean(const char *near, char to[SIM_MEAN]);

#endif
