/* Key tables: one row per key says its name, type, unit, range, default and meaning. The same table
 * reads and checks a scenario group or the columns of a CSV file, prints the reference (`lodestone
 * keys`) and the resolved input.
 *
 * sim_tree is the parsed scenario: libconfig's text read into our own nodes, each with its file and
 * line. Only tree.c knows libconfig. */
#ifndef SIM_KEYS_H
#define SIM_KEYS_H

#include "sim/arena.h"
#include "sim/date.h"
#include "sim/dist.h"

enum sim_key_type {
    SIM_KEY_STR,   /* const char *; NULL when optional and absent */
    SIM_KEY_ID,    /* const char *, [a-z0-9._-]{1,64} */
    SIM_KEY_INT,   /* int64_t, lo..hi */
    SIM_KEY_REAL,  /* double, lo..hi; an integer is fine */
    SIM_KEY_BOOL,  /* int, 0 or 1; in CSV: true, false */
    SIM_KEY_DATE,  /* int32_t day number */
    SIM_KEY_DIST,  /* struct sim_dist; lo..hi bounds its mean; a plain number is a constant */
    SIM_KEY_WORD,  /* int: index into words */
    SIM_KEY_STRS,  /* struct sim_strs: list of strings; in CSV: separated by blanks */
    SIM_KEY_REALS, /* struct sim_reals: list of numbers, each lo..hi; in CSV: separated by blanks */
    SIM_KEY_GROUP, /* a group of its own: `sub` is its table, the struct lies at the offset */
    SIM_KEY_LIST,  /* a list of groups: read by the caller through sim_tree_at */
    /* const struct sim_tree *, read by the caller, NULL when absent; not in CSV: */
    SIM_KEY_SCALAR, /* a text, a number, true or false */
    SIM_KEY_FREE,   /* a group of any names */
    SIM_KEY_ANY     /* whatever stands there */
};
struct sim_strs {
    size_t n;
    const char *const *s;
};
struct sim_reals {
    size_t n;
    const double *x;
};

struct sim_key {
    const char *name; /* NULL ends a table */
    const char *unit; /* "" for a pure number or text */
    enum sim_key_type type;
    double lo, hi;   /* numbers only; both inclusive. For INT beyond 2^53: not used */
    const char *def; /* default as text; NULL = required; "" = optional (NULL, 0, SIM_DAY_NONE, n =
                        0, constant 0, NAN for REAL) */
    size_t offset;   /* into the struct that is filled */
    const char *meaning;
    const char *const *words;  /* for WORD, NULL-ended */
    const struct sim_key *sub; /* for GROUP and LIST; INT and REAL: sim_key_fixed or NULL */
};
/* As `sub` of an INT or REAL: the number is the same in all runs, so it cannot be a distribution
 * (see input.h). */
extern const struct sim_key sim_key_fixed[];

/* ---- the scenario tree ---- */
struct sim_tree; /* opaque; lives in the arena it was made in */
enum sim_tree_kind {
    SIM_TREE_GROUP, /* { name = value; ... } */
    SIM_TREE_LIST,  /* ( value, ... ) */
    SIM_TREE_ARRAY, /* [ scalar, ... ] all texts, all true or false, or all numbers */
    SIM_TREE_BOOL,
    SIM_TREE_INT,
    SIM_TREE_REAL,
    SIM_TREE_STR
};

/* Parses libconfig text. `file` is for messages (copied). Whole numbers are int64, with or without
 * L, decimal or 0x, read exactly; an array may mix them with numbers that have a point; a text ends
 * on its line, and texts side by side are one. Faults (all that can be told, each with file:line):
 * the syntax error that libconfig finds first; @include (refused: say what a file differs in with
 * `extends`); a number that is not finite or outside int64; an unknown escape; a comment, text or
 * bracket that is not ended; a comma too many in a list; a name given twice; in a list of groups an
 * id given twice, or one without id where others have it; bytes that are not UTF-8; and the limits:
 * 32 groups and lists within each other, 2,000 settings in a group (and some 25 groups as large as
 * that), 300,000 values, 64 KiB in a line or text, 256 bytes in a name. Returns 0 or SIM_EINPUT (*t
 * is then NULL). O(n log n) but for libconfig's own check of names, quadratic within a group. */
int sim_tree_parse(struct sim_tree **t, struct sim_arena *a, const char *file, const char *text,
                   size_t n, struct sim_err *err) SIM_CHECKED;

/* Lays `over` upon `base` (NULL: nothing is inherited): groups merge by name, but a group that says
 * another `dist` than the one below takes its place whole; a list of groups that have an `id`
 * merges by id (new ids are appended in order; an entry with remove = true takes the inherited one
 * out, and is a fault if there is none); anything else is replaced. Nodes keep the place where they
 * were written, merged ones that of `over`. Both stay valid and must live as long as `out`, which
 * shares their texts. Faults: those of `remove`, the limits of sim_tree_parse. Returns 0 or
 * SIM_EINPUT (*out is then NULL). O(n log n). */
int sim_tree_merge(struct sim_tree **out, struct sim_arena *a, const struct sim_tree *base,
                   const struct sim_tree *over, struct sim_err *err) SIM_CHECKED;

/* --set path=value. path: names joined by dots, list entries by id (the longest that fits, as ids
 * may hold dots): rules.cn-2025-18.approval ; value: libconfig text (10, 0.5, true, "text",
 * [ "CN" ], { dist = ... }); anything else is taken as a text: 2026-01-01, lognormal(14,0.6). The
 * path's last name may be new; whether it is a known key is found when the keys are read.
 * rules.cn-2025-18.remove=true takes the entry out. Faults name the argument as place ("--set
 * path=value: ..."): no such name or id (did you mean), an entry as a whole, its id, a value that
 * is none, the limits of sim_tree_parse. Returns 0, or SIM_EINPUT (t is then as before). */
int sim_tree_set(struct sim_tree *t, struct sim_arena *a, const char *assignment,
                 struct sim_err *err) SIM_CHECKED;

/* Children: by name (NULL if none), by index; how many; the node's own name (NULL in a list); where
 * it was written. */
const struct sim_tree *sim_tree_get(const struct sim_tree *t, const char *name);
const struct sim_tree *sim_tree_at(const struct sim_tree *t, size_t i);
size_t sim_tree_n(const struct sim_tree *t);
const char *sim_tree_name(const struct sim_tree *t);
const char *sim_tree_file(const struct sim_tree *t);
int sim_tree_line(const struct sim_tree *t);
enum sim_tree_kind sim_tree_kind(const struct sim_tree *t);
/* The text of a string node, else NULL. */
const char *sim_tree_str(const struct sim_tree *t);
/* The value of a whole number or of true (1) or false (0), else 0. */
int64_t sim_tree_int(const struct sim_tree *t);
/* The value of any number, else NAN. */
double sim_tree_real(const struct sim_tree *t);
/* Is it a group, a list of groups (one of nothing is)? */
int sim_tree_is_group(const struct sim_tree *t);
int sim_tree_is_list(const struct sim_tree *t);

/* Canonical text: names sorted in groups, list order kept (lists of groups with ids sorted by id),
 * shortest digits, lines of some 100 bytes, parses back to an equal tree. In the arena. */
char *sim_tree_print(const struct sim_tree *t, struct sim_arena *a);

/* One fault "file:line: name = value: what" for a node ("file:line: name: what" for a group or
 * list, "file:line: 'id': what" for an entry of a list). Returns SIM_EINPUT. */
int sim_tree_fault(const struct sim_tree *t, struct sim_err *err, const char *fmt, ...)
    SIM_FORMAT(3, 4);

/* Version of libconfig that this was compiled for. */
const char *sim_tree_library(void);

/* ---- reading ---- */

/* Fills the struct at `to` from the group `t` (NULL = an empty group named `what` for messages) by
 * `n_tables` key tables that are read together (common keys and those of a kind); defaults where
 * absent. A key in none of the tables is a fault with did-you-mean over all of them. Strings and
 * lists are in the arena. A GROUP that is absent and optional (def "") is filled with the defaults
 * of its keys, as if "" were that of those that have none. A LIST fills nothing, but must be a list
 * of groups. All faults are gathered. Returns 0 or SIM_EINPUT. */
int sim_keys_read(const struct sim_tree *t, const char *what, const struct sim_key *const *tables,
                  int n_tables, void *to, struct sim_arena *a, struct sim_err *err) SIM_CHECKED;

/* A distribution written as text or as a group { dist = ...; }, or a number; uniform, triangular
 * and constant may lie below 0. Returns 0, or SIM_EINPUT after a fault at the node. */
int sim_keys_dist(const struct sim_tree *t, struct sim_dist *d, struct sim_err *err) SIM_CHECKED;

/* One value from text (a CSV cell, a default) into `to` by a key. The empty text is the key's
 * default, and a fault where it has none; a blank before or after is a fault. Strings are copied to
 * the arena. Returns 0, or SIM_EINPUT with what is allowed in why ("must be 0 to 1"). Not for
 * GROUP, LIST, SCALAR, FREE and ANY. */
int sim_keys_value(const struct sim_key *k, const char *text, void *to, struct sim_arena *a,
                   char *why, size_t n) SIM_CHECKED;

/* The allowed values of a key in words: "0 to 1", "one of deny, licence", "a date YYYY-MM-DD" ...
 */
void sim_keys_allowed(const struct sim_key *k, char *to, size_t n);

/* The key of all tables whose name is nearest to a word, or NULL (see sim_nearest). */
const char *sim_keys_nearest(const char *word, const struct sim_key *const *tables, int n_tables);

/* Is it an id: 1 to 64 of a-z 0-9 . _ - ? */
int sim_keys_is_id(const char *text);

/* Bytes of the value of a key; 0 for GROUP and LIST. */
size_t sim_key_size(enum sim_key_type t);

#endif
