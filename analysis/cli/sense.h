/* What cmd_sense.c, which reads a sweep, and sense_tables.c, which prints, share. */
#ifndef CMD_SENSE_H
#define CMD_SENSE_H

#include "analysis/cli/sweep.h"
#include "analysis/sense.h"

enum { CMD_SENSE_BOOT = 1000 };

/* A number that was found out, for the table and for -o. */
struct cmd_finding {
    const char *method, *name, *measure; /* "sobol", factor or levers, "first" */
    struct ana_interval x;               /* lo = hi = NaN: no interval */
};

struct cmd_sense {
    struct cmd_sweep w; /* its design and factors */
    const char *what;   /* "loss in licence, less baseline" */
    const char *unit;
    double *y;             /* [points] mean over runs; NaN where none is done */
    double noise_var;      /* of one run within its point, mean over points; NaN with one run */
    double noise_mean_var; /* luck in the variance between means of points; NaN: not known */
    double noise_runs;     /* runs of a point, mean */
    size_t lever;          /* point of the levers at which factors are looked at */
    int good;              /* enum ana_good; -1 = not said */
    double threshold;      /* NAN = none */
    double density, mass;  /* of PRIM */
    double level;
    size_t top;
    int quiet;
    struct cmd_progress progress;
    struct ana_watch watch;    /* that shows it */
    struct cmd_finding *found; /* [n_found], in the arena of w */
    size_t n_found, cap;
};

/* Tables on standard output, and findings. */
void cmd_sense_factors(struct cmd_sense *m);
void cmd_sense_levers(struct cmd_sense *m);
void cmd_sense_prim(struct cmd_sense *m);
void cmd_sense_noise(struct cmd_sense *m);

#endif
