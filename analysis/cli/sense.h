/* What cmd_sense.c, which reads a sweep, and sense_tables.c, which prints, share. */
#ifndef CMD_SENSE_H
#define CMD_SENSE_H

#include "analysis/cli/sweep.h"
#include "analysis/outcome.h"

/* A number that was found out, for the table and for -o. */
struct cmd_finding {
    const char *method, *name, *measure; /* "sobol", factor or levers, "first" */
    struct ana_interval x;               /* lo = hi = NaN: no interval */
};

struct cmd_sense {
    struct cmd_sweep w;   /* its design and factors */
    struct ana_outcome o; /* what is looked at */
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
