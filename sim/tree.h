/* Inside of the scenario tree, shared by lex.c, tree.c and tree_edit.c. All others use keys.h. */
#ifndef SIM_TREE_H
#define SIM_TREE_H

#include "sim/keys.h"

enum {
    SIM_TREE_DEPTH = 32,          /* groups and lists within each other */
    SIM_TREE_GROUP_MAX = 2000,    /* settings of one group: libconfig's time is quadratic in it */
    SIM_TREE_VALUES_MAX = 300000, /* values of one tree */
    SIM_TREE_TEXT_MAX = 64 << 10, /* bytes of one text */
    SIM_TREE_LINE_MAX = 64 << 10, /* bytes of one line */
    SIM_TREE_NAME_MAX = 256       /* bytes of one name */
};

struct sim_tree {
    const char *name; /* NULL in a list, and at the top */
    const char *file; /* or the argument, then line is 0 */
    int line;
    enum sim_tree_kind kind;
    uint32_t n, cap; /* children */
    union {
        int64_t i; /* INT, BOOL */
        double x;  /* REAL */
        const char *s;
        struct sim_tree **child; /* GROUP, LIST, ARRAY */
    };
};

/* ---- lex.c ---- */
struct sim_lex_value {
    enum sim_tree_kind kind;
    int line;       /* of its name, or its own in a list */
    int64_t i;      /* INT, BOOL */
    double x;       /* REAL */
    uint32_t joins; /* STR: texts side by side that make it */
};
/* What is left for libconfig: the text without comments and with the same lines; whole numbers as
 * decimal ones with an L, numbers in arrays all as 1L (an array may mix 1 and 1.5). */
struct sim_lex {
    char *text;
    struct sim_lex_value *value; /* in the order in which they begin: that of a walk of the tree */
    size_t n, cap;
    int lines;
    int broken; /* too broken for libconfig to be worth asking */
};

/* Cuts text into words and finds all that libconfig would not tell, or tell late. Everything lives
 * in `scratch`. argument: the text was typed, so faults name `file` without a line and lines are 0.
 * Returns 0, or SIM_EINPUT; `out` is filled in both cases. O(n log n). */
int sim_lex_scan(struct sim_lex *out, struct sim_arena *scratch, const char *file, int argument,
                 const char *text, size_t n, struct sim_err *err) SIM_CHECKED;

/* Is `s` written as one number of a scenario (whole, hexadecimal, with a point or exponent),
 * whether or not it is in range? */
int sim_lex_is_number(const char *s);
/* Is c fit for a name: the first character, a later one. */
int sim_lex_name_char(char c, int first);

/* ---- tree.c ---- */
/* sim_tree_parse for a file or for an argument (see sim_lex_scan). */
int sim_tree_read(struct sim_tree **t, struct sim_arena *a, const char *file, int argument,
                  const char *text, size_t n, struct sim_err *err) SIM_CHECKED;

struct sim_tree *sim_tree_new(struct sim_arena *a, enum sim_tree_kind kind, const char *name,
                              const char *file, int line);
/* Appends to a group or list. Amortised O(1). */
void sim_tree_add(struct sim_tree *t, struct sim_arena *a, struct sim_tree *child);
/* Has it children: a group, list or array? */
int sim_tree_has(const struct sim_tree *t);
/* The text of the `id` of a group, NULL if it has none. */
const char *sim_tree_id(const struct sim_tree *t);
/* Is it a list of one or more groups that all have an id? */
int sim_tree_has_ids(const struct sim_tree *t);

/* The children of a group by name, or of a list with ids by id: sorted by (key, at). [n of t], in
 * `scratch`. */
struct sim_tree_entry {
    const char *key;
    uint32_t at;
};
struct sim_tree_entry *sim_tree_index(const struct sim_tree *t, struct sim_arena *scratch);
/* Where `key` is among the n, or NULL. */
const struct sim_tree_entry *sim_tree_look(const struct sim_tree_entry *index, size_t n,
                                           const char *key);

/* One fault "file:line: what" for the place of a node, without its name and value. Returns
 * SIM_EINPUT. */
int sim_tree_fault_at(const struct sim_tree *t, struct sim_err *err, const char *fmt, ...)
    SIM_FORMAT(3, 4);
/* The value as a message shows it: a scalar, a text cut after 40 bytes, "" if it has children. */
void sim_tree_show(const struct sim_tree *t, char *to, size_t n);

#endif
