/* The sweep file: which factors of which scenarios are varied, how often each point is run, and
 * which numbers of a run are kept. Read by key tables; what it says about scenarios is text here,
 * for whoever knows them. */
#ifndef ANA_SWEEP_H
#define ANA_SWEEP_H

#include "analysis/design.h"
#include "analysis/pick.h"
#include "analysis/testbed.h"

enum { ANA_SWEEP_FIRST_MAX = 1000000 };

/* How a factor gets into a scenario: by a path, or through cells of a table. */
struct ana_sweep_target {
    const char *path;             /* as for --set; NULL or "" */
    const char *table, *column;   /* of the network; NULL or "" */
    const struct sim_tree *where; /* rows of the table; NULL = all */
    int how;                      /* place in ana_sweep_hows */
    const struct sim_tree *tree;
};
extern const char *const ana_sweep_hows[]; /* "value", "multiply", "add", NULL */

/* When a point has been run often enough: the interval of the mean of an output is tight. */
struct ana_sweep_stop {
    const char *output, *scenario; /* scenario NULL or "": the last one */
    int against_base;              /* the difference to the base, run by run */
    double relative, half;         /* half-width: part of the mean, or in the output's unit; one of
                                      the two is NAN */
    size_t at;                     /* of the output */
    const struct sim_tree *tree;
};

struct ana_sweep {
    const char *file; /* name for messages */
    const char *title, *base, *over, *model_name;
    struct sim_strs scenarios, set;
    int64_t seed; /* -1: that of the scenarios */
    size_t n_factor;
    struct ana_factor *factor;       /* [n_factor] */
    struct ana_sweep_target *target; /* [n_factor] */
    struct ana_part part[ANA_KINDS];
    const char *list_file[ANA_KINDS]; /* of a LIST, as it is named in the sweep file; else NULL */
    const char *list_text[ANA_KINDS];
    int64_t first, max, step; /* runs; first 0: as many as the base says; max 0: as first */
    double confidence;
    size_t n_stop;
    struct ana_sweep_stop *stop;
    size_t n_output;
    struct ana_pick *output;
    const struct ana_testbed *model; /* NULL: scenarios are run */
    const struct sim_tree *design;   /* as it was written */
    const struct sim_tree *tree;
    const char *text;  /* as it was read */
    const char *plain; /* canonical: without comments, but for the order of lists the same */
};

extern const struct sim_key ana_sweep_keys[], ana_sweep_factor_keys[], ana_sweep_design_keys[],
    ana_sweep_part_keys[], ana_sweep_runs_keys[], ana_sweep_stop_keys[];

/* Finds the text of a list that a design names. Returns 0, or a SIM_E* after a fault at the node.
 */
typedef int ana_sweep_list(void *ctx, enum ana_factor_kind kind, const struct sim_tree *at,
                           const char **text, size_t *n, struct sim_err *err);

/* Reads the text of a sweep file into s. Everything lives in `a`; names of lists are given to
 * `list`. All faults are gathered, those of design and factors (ana_design_make) and of what only
 * the scenarios know (paths, columns) not among them. Returns 0 or a SIM_E*. */
int ana_sweep_parse(struct ana_sweep *s, struct sim_arena *a, const char *file, const char *text,
                    size_t n, ana_sweep_list *list, void *ctx, struct sim_err *err) SIM_CHECKED;

/* The same from a file; lists are beside it. */
int ana_sweep_read(struct ana_sweep *s, struct sim_arena *a, const char *path,
                   struct sim_err *err) SIM_CHECKED;

/* From what a result or a plan carries (ana_sweep_put). Returns 0, or SIM_ERUN: it has no sweep. */
int ana_sweep_from(struct ana_sweep *s, struct sim_arena *a, const struct sim_result *r,
                   struct sim_err *err) SIM_CHECKED;
void ana_sweep_put(const struct ana_sweep *s, struct sim_result *r);

/* How point p of the design is set in the scenarios: set[] as "path=value" and lay[] as libconfig
 * text, whose lines are those of the factors in the sweep file. Both in `a`. */
struct ana_settings {
    int n_set, n_lay;
    const char **set;
    const char **lay;
    const size_t *set_factor; /* [n_set] */
};
void ana_sweep_settings(struct ana_settings *to, const struct ana_sweep *s,
                        const struct ana_design *d, size_t p, struct sim_arena *a);

/* Are its values texts, which the design numbers from 0? */
int ana_sweep_is_word(const struct ana_design *d, size_t f);

#endif
