/* What a model hands to whoever stores, compares and draws it: named axes and columns on them.
 *
 * The model fills a sim_result by descriptors (name, unit, shape, what it means); analysis writes
 * it, reads it back into the same structure, and knows no supply chain. Data are row-major in the
 * order of the axes. */
#ifndef SIM_RESULT_H
#define SIM_RESULT_H

#include "sim/arena.h"

#include <stdint.h>

enum { SIM_MAX_AXES = 6, SIM_MAX_COORDS = 16 }; /* of a column; of an axis */
enum sim_type { SIM_F64, SIM_F32, SIM_I64, SIM_I32, SIM_I8 };
size_t sim_type_size(enum sim_type t); /* bytes */

/* How a column that has the axes scenario and run first is kept. */
enum sim_keep {
    SIM_KEEP,      /* as it is */
    SIM_KEEP_MEAN, /* only its mean over runs: the run axis goes */
    SIM_KEEP_BAND /* mean and quantiles over runs: the run axis is replaced by a last axis `stat` */
};

/* A column of text or numbers along one axis beside its main labels: country of a site, start of a
 * month. */
struct sim_coord {
    const char *name, *long_name, *units; /* units NULL for text */
    const char *const *label;             /* [n] or NULL */
    const double *value;                  /* [n] or NULL */
};

struct sim_axis {
    const char *name; /* [a-z_]+ */
    const char *long_name;
    const char *units; /* for numbers, e.g. "days since 2026-01-01 00:00:00"; NULL for text */
    size_t n;
    const char *const *label; /* [n] names, or NULL */
    const double *value;      /* [n] numbers, or NULL; exactly one of the two */
    struct sim_coord coord[SIM_MAX_COORDS];
    int n_coord;
};

struct sim_column {
    const char *name;      /* [a-z0-9_]+ */
    const char *units;     /* "1" for a pure number */
    const char *long_name; /* what it means, one sentence */
    enum sim_type type;
    enum sim_keep keep;
    int n_axis;
    int axis[SIM_MAX_AXES]; /* indices into sim_result.axis, outermost first */
    const char *meanings;   /* for I8 flags: "missing done failed" for 0, 1, 2 ...; else NULL */
    void *data; /* [product of the axes]; owned by the result's arena or by the model, see
                   sim_result */
};

/* A named text of the input: a table, a resolved scenario. */
struct sim_text {
    const char *name;
    const char *text;
};

struct sim_result {
    struct sim_arena arena; /* owns everything below */
    struct sim_axis *axis;
    int n_axis;
    struct sim_column *column;
    int n_column, cap_column;
    struct sim_text *attr; /* root attributes: title, start, seed, version ... as text */
    int n_attr;
    struct sim_text *input; /* the whole resolved input */
    int n_input;
};

void sim_result_free(struct sim_result *r);

/* Adders; strings are copied into the arena unless said. They return the index of what was added.
 */
int sim_result_axis(struct sim_result *r, const struct sim_axis *a);
void sim_result_attr(struct sim_result *r, const char *name, const char *fmt, ...) SIM_FORMAT(3, 4);
void sim_result_input(struct sim_result *r, const char *name, const char *text);

/* Adds a column with the axes named in `axes` ("scenario run week group"), zeroed. An unknown axis
 * or a name used twice is a bug. Returns its index; data is in the arena. */
int sim_result_column(struct sim_result *r, const char *name, const char *axes, enum sim_type type,
                      enum sim_keep keep, const char *units, const char *long_name);

/* Find by name: -1, or NULL for attr and input, if there is none. */
int sim_result_find_axis(const struct sim_result *r, const char *name);
const struct sim_column *sim_result_find(const struct sim_result *r, const char *name);
const char *sim_result_find_attr(const struct sim_result *r, const char *name);
const char *sim_result_find_input(const struct sim_result *r, const char *name);

/* Number of values of a column, and of one (scenario, run) slot of it (the axes after the first
 * two). */
size_t sim_column_n(const struct sim_result *r, const struct sim_column *c);
size_t sim_column_slot(const struct sim_result *r, const struct sim_column *c);
/* Number of values that a column with the axes named in `axes` would have. An unknown axis is a
 * bug. */
size_t sim_result_axes_n(const struct sim_result *r, const char *axes);
/* The value at flat index i, as a double (any type). */
double sim_column_at(const struct sim_column *c, size_t i);

#endif
