/* What the files report_sweep*.c share; for nobody else. */
#ifndef ANA_REPORT_SWEEP_INNER_H
#define ANA_REPORT_SWEEP_INNER_H

#include "analysis/outcome.h"
#include "analysis/report_inner.h"
#include "analysis/show_inner.h"

enum {
    ANA_BINS_EACH = 24,   /* different values of a factor up to which each has its own bin */
    ANA_BINS_FINE = 20,   /* else so many: of one factor */
    ANA_BINS_COARSE = 12, /* of each of two */
    ANA_SAMPLE = 1000,    /* points that are drawn, at most */
    ANA_SURFACE_TOP = 6   /* factors that are crossed, those that matter most */
};

/* How the values of a factor are cut: each by itself, or between edges. */
struct ana_bins {
    size_t n;
    double *edge;   /* [n + 1]; NULL: one value each */
    double *value;  /* [n] the value; of edges the middle */
    char **label;   /* [n] NULL with edges */
    uint8_t *place; /* [points] */
};

/* What goes wrong, if more or if less is good. */
struct ana_side {
    enum ana_good good;
    double threshold;
    int usual; /* 1: the threshold is the quantile that is taken if nobody says one */
    int has_prim;
    struct ana_prim prim;
    struct ana_levers levers;
    struct ana_para answer[2]; /* boxes; levers. "": nothing to say */
};

/* An output, in a scenario. */
struct ana_view {
    struct ana_outcome o;
    const char *unit; /* " USD", behind a number; "" of a pure number */
    struct ana_factors f;
    struct ana_luck luck;
    int is_constant; /* the output is the same at all points */
    struct ana_side side[2];
    int n_side;
    struct ana_para answer;
};

struct ana_swept_page {
    struct ana_report *p;
    const struct ana_report_sweep *s;
    const struct ana_design *d;
    struct ana_view *view; /* [n_view]; the first is what `sense` takes without options */
    size_t n_view, n_left_out;
    struct ana_bins *fine, *coarse;    /* [factors] */
    size_t *here, n_here, *all, n_all; /* points that are drawn: levers at plan.lever; any */
};

/* ---- report_sweep.c ---- */

/* "1.23 bn", "0.0456": a number in a sentence. */
void ana_swept_size(char to[ANA_SHOW_CELL], double x);
/* " (95 %: 1 to 2)", of a share in per cent; "" where it is withheld. */
void ana_swept_interval(struct ana_para *to, const struct ana_interval *x, int is_share);
/* Is point p of the design to be looked at for factors f and g? With levers at plan.lever, but
 * where one of the two is a lever. */
int ana_swept_counts(const struct ana_swept_page *w, size_t p, size_t f, size_t g);

/* ---- report_sweep_bins.c ---- */

void ana_swept_bin(struct ana_swept_page *w);
struct ana_trend {
    double *mean, *low, *high, *n; /* [bins] low, high: 10 and 90 % of points */
};
void ana_swept_trend(struct ana_trend *to, const struct ana_swept_page *w, const struct ana_view *v,
                     size_t f);
/* mean, n: [coarse bins of g][of f]; NaN without a point. */
void ana_swept_surface(double mean[], double n[], const struct ana_swept_page *w,
                       const struct ana_view *v, size_t f, size_t g);
/* Factors that are crossed: the first of the ranking. Returns how many. */
size_t ana_swept_crossed(const struct ana_swept_page *w, const struct ana_view *v,
                         size_t to[ANA_SURFACE_TOP]);

/* ---- report_sweep_say.c ---- */

void ana_swept_say(struct ana_view *v);
void ana_swept_say_side(struct ana_view *v, struct ana_side *s);
/* "x1 < 2.4 and x3 > 1" */
void ana_swept_say_box(struct ana_para *to, const struct ana_design *d,
                       const struct ana_prim_box *b);

/* ---- report_sweep_put.c ---- */

void ana_swept_put(const struct ana_swept_page *w);

/* ---- report_sweep_static.c ---- */

const char *ana_swept_what(const struct ana_swept_page *w); /* how factors are ranked */
const char *ana_swept_runs(const struct ana_swept_page *w); /* the design and its runs */

void ana_swept_static_factors(const struct ana_swept_page *w);
void ana_swept_static_response(const struct ana_swept_page *w);
void ana_swept_static_boxes(const struct ana_swept_page *w);
void ana_swept_static_levers(const struct ana_swept_page *w);
/* What was swept: of all pages. */
void ana_swept_static_design(const struct ana_swept_page *w);

#endif
