/* Sweeps: what the verbs of `lodestone sweep` share. A sweep is loaded once and read by all
 * threads; what is done stands in its folder (analysis/ledger.h). */
#ifndef CMD_SWEEP_H
#define CMD_SWEEP_H

#include "analysis/cli/cli.h"
#include "analysis/ledger.h"
#include "analysis/stop.h"
#include "analysis/sweep.h"

enum {
    CMD_SWEEP_AGAIN =
        75, /* exit status: stopped or not complete, to be started again (EX_TEMPFAIL) */
    CMD_SWEEP_BLOCK = 16 /* runs of a unit without a stopping rule */
};

/* ---- sweep_load.c ---- */

/* A stopping rule's output in the numbers of a task. */
struct cmd_sweep_target {
    uint32_t scenario;
    size_t value;
};

struct cmd_sweep {
    struct sim_arena arena;
    struct ana_sweep s;
    struct ana_design design;
    struct sim_result texts; /* inputs of the scenarios, before factors */
    struct sim_result
        plan; /* axes of the outputs' labels, design, inputs: what a file of it holds */
    uint32_t n_scenario;
    const char **label; /* [n_scenario]; the base first */
    int64_t seed;
    uint32_t runs;               /* most runs of a scenario at a point */
    struct ana_stop_rule rule;   /* where s.n_stop > 0 */
    struct cmd_sweep_target *to; /* [s.n_stop] */
    size_t n_value;              /* numbers of a task */
    struct ana_picked *picked;   /* [s.n_output], bound to the first point; n and kept only */
    size_t *first_value;         /* [s.n_output] */
    struct ana_ledger_head head;
    const char **file, *over; /* scenarios as files; not from a result */
    const char *dir;          /* its folder */
    const char *stem;         /* of the sweep file */
};

/* Reads a sweep file and what it names, binds the outputs, makes the design. dir NULL:
 * <stem>.sweep. Returns 0 or a SIM_E*, all faults gathered; it is to be freed in any case. */
int cmd_sweep_load(struct cmd_sweep *w, const char *file, const char *dir, struct sim_err *err);
/* The same from a file that `sweep plan` or `sweep merge` wrote. */
int cmd_sweep_load_result(struct cmd_sweep *w, const struct sim_result *r, struct sim_err *err);
/* The factors and the design of such a file only. */
int cmd_sweep_load_design(struct cmd_sweep *w, const struct sim_result *r, struct sim_err *err);
void cmd_sweep_free(struct cmd_sweep *w);
/* ---- sweep_try.c ---- */

/* Loads the first point and those at which a factor has its least and its largest value (each word
 * that it may be), and finds the outputs there, so that what cannot be is told before any run, with
 * the line of the factor. Returns 0 or a SIM_E*. */
int cmd_sweep_try(const struct cmd_sweep *w, struct sim_err *err);

/* ---- sweep_put.c ---- */

/* Fills plan and head. */
void cmd_sweep_make_plan(struct cmd_sweep *w);
/* Is there a plan in the folder? It must be of this sweep: else SIM_EINPUT, and what differs. */
int cmd_sweep_planned(const struct cmd_sweep *w, int *planned, struct sim_err *err);
/* sim_result_column, kept as it is; the pointer holds until the next column is added. */
struct sim_column *cmd_sweep_column(struct sim_result *r, const char *name, const char *axes,
                                    enum sim_type type, const char *units, const char *long_name);

/* ---- sweep_point.c: a point as a study ---- */

struct cmd_point {
    const struct cmd_sweep *w;
    uint32_t point;
    struct sim_arena arena;
    struct mdl_study st;
    struct sim_result res;     /* one run of each scenario */
    struct ana_picked *picked; /* [outputs], bound to res */
    size_t run_bytes;          /* the largest run so far */
};

/* Loads a point; a function's needs nothing. Returns 0, or a SIM_E*: it is to be freed in any case.
 */
int cmd_point_load(struct cmd_point *p, const struct cmd_sweep *w, uint32_t point,
                   struct sim_err *err);
/* The part of it that makes room for results of p->st and finds the outputs there: SIM_ERUN or
 * SIM_EINPUT where one is not as it is without factors. */
int cmd_point_bind(struct cmd_point *p, struct sim_err *err);
/* Run `run` of a scenario at the point: value[w->n_value]. Returns 0 or SIM_ERUN. */
int cmd_point_run(struct cmd_point *p, uint32_t scenario, uint32_t run, double value[],
                  struct sim_err *err);
void cmd_point_free(struct cmd_point *p);
/* Number that keys the random numbers of a run at a point. */
uint32_t cmd_point_run_number(const struct cmd_sweep *w, uint32_t point, uint32_t run);
/* Settings of a point as options for mdl_study_load; all in `a`. */
void cmd_point_options(struct mdl_options *o, const struct cmd_sweep *w, uint32_t point,
                       struct sim_arena *a);

/* ---- sweep_state.c: what is done ---- */

struct cmd_sweep_files {
    uint64_t files, sealed, torn; /* torn: files that end within a record */
    double bytes, seconds;        /* of tasks done, on one core */
};

struct cmd_sweep_state {
    uint8_t *status;   /* [points][runs][scenarios] enum sim_status */
    uint32_t *ended;   /* [points] runs after which the rule said enough; 0 = not yet, or no rule */
    double *target[2]; /* [points][stops][runs]: what rules look at, with and base; NULL without */
    uint64_t done, failed; /* tasks */
    uint32_t shards;       /* the N of the last file, or 1 */
    struct cmd_sweep_files files;
};

/* Reads the folder. Returns as ana_ledger_read. */
int cmd_sweep_look(struct cmd_sweep_state *to, const struct cmd_sweep *w, struct sim_err *err);
/* Notes a task; enum sim_status of one. */
void cmd_sweep_note(struct cmd_sweep_state *s, const struct cmd_sweep *w,
                    const struct ana_ledger_task *t);
int cmd_sweep_has(const struct cmd_sweep *w, const struct cmd_sweep_state *s, uint32_t point,
                  uint32_t run, uint32_t scenario);
void cmd_sweep_state_free(struct cmd_sweep_state *s);

/* Units: what one thread does with one study. Unit u belongs to shard u % N. */
size_t cmd_sweep_units(const struct cmd_sweep *w);
void cmd_sweep_unit(const struct cmd_sweep *w, size_t unit, uint32_t *point, uint32_t *from,
                    uint32_t *until);
/* Tasks of a unit that are still to be done; with a rule at most: up to its maximum. 1 where only
 * the rule's last word is missing. */
uint64_t cmd_sweep_left(const struct cmd_sweep *w, const struct cmd_sweep_state *s, size_t unit);
/* The stopping rule after n runs of a point. */
enum ana_stop_state cmd_sweep_enough(const struct cmd_sweep *w, const struct cmd_sweep_state *s,
                                     uint32_t point, uint32_t n);

/* ---- the verbs ---- */

/* What a run costs: measured by doing the first task of every scenario. */
struct cmd_sweep_cost {
    double load_s, run_s;          /* a point; a task */
    double memory;                 /* of a thread at work, bytes */
    double part_bytes, file_bytes; /* all part files; the merged file before it is packed */
};
int cmd_sweep_probe(struct cmd_sweep_cost *to, const struct cmd_sweep *w, struct sim_err *err);

/* `rerun` of a merged file. */
struct cmd_sweep_rerun {
    int64_t point, run;
    const char *scenario, *out; /* NULL = all; NULL = no file */
    int quiet;
};
/* Does a run again and compares its numbers with those in the file, bit by bit; *different counts
 * the outputs that differ. Returns 0 or a SIM_E*. */
int cmd_sweep_rerun(const struct sim_result *file, const struct cmd_sweep_rerun *o,
                    size_t *different, struct sim_err *err);

int cmd_sweep_plan(int argc, char **argv);
int cmd_sweep_run(int argc, char **argv);
int cmd_sweep_status(int argc, char **argv);
int cmd_sweep_merge(int argc, char **argv);
int cmd_sweep_submit(int argc, char **argv);

#endif
