/* The trace of a run: what happened to order lines, licences, starts and customers, event by event.
 *
 * It is recorded beside a run and changes nothing in it. In a result it is a set of columns on the
 * axis `event` (analysis/README.md says what each means); events stand in the order of scenario,
 * run, time, actor, and for one actor as they happened. */
#ifndef MDL_TRACE_H
#define MDL_TRACE_H

#include "models/study.h"

/* Kinds of event, with their words. Whose they are: b of the buyer, s of the supplier, p of a
 * plant, m of a market. */
#define MDL_TRACE_KINDS(X)                                                                         \
    X(PLACED, placed)           /* b an order line; days: promised after */                        \
    X(UNPLACED, unplaced)       /* b a need that no supplier may be asked for */                   \
    X(TOLD, told)               /* b hears what holds the line; quantity: still open */            \
    X(TURNED_AWAY, turned_away) /* b hears that it was refused */                                  \
    X(ASKED_BACK, asked_back)   /* b wants to take it back */                                      \
    X(TAKEN_BACK, taken_back)   /* b hears how much of that was possible */                        \
    X(RECEIVED, received)       /* b days: since it was placed; against: ordered */                \
    X(ACCEPTED, accepted)       /* s the line is in its book */                                    \
    X(REFUSED, refused)         /* s refuses it by a rule */                                       \
    X(DUE, due)                 /* s time of making to order is over */                            \
    X(PREPARED, prepared)       /* s puts papers together; days: until they are filed */           \
    X(FILED, filed)             /* s an application for a licence; against: real applications */   \
    X(GRANTED, granted)         /* s */                                                            \
    X(TURNED_DOWN, turned_down) /* s the licence is refused */                                     \
    X(ASKED, asked)             /* s a notice, an inspection, quota; days: what it takes */        \
    X(CLEARED, cleared)         /* s and that is done, or a general licence serves */              \
    X(WITHDRAWN, withdrawn)     /* s an application, before an answer */                           \
    X(HELD, held)               /* s sets goods aside that may not leave yet */                    \
    X(CANCELLED, cancelled)     /* s stops what the buyer takes back */                            \
    X(SHIPPED, shipped)         /* s days: on the way */                                           \
    X(SEIZED, seized)           /* s on the way round a rule */                                    \
    X(STARTED, started)         /* p starts of the day; against: planned */                        \
    X(SHORT, short)             /* p starts less than planned; quantity: of the input that binds   \
                                   in stock; against: needed; days: of cover */                    \
    X(MISSED, missed)           /* p fresh starts not made, by cause; against: by all causes */    \
    X(FINISHED, finished)       /* p */                                                            \
    X(LOST, lost)               /* m customers who went, or wait at the end, by cause */

enum mdl_traced {
#define MDL_TRACE_ENUM(name, word) MDL_TRACED_##name,
    MDL_TRACE_KINDS(MDL_TRACE_ENUM)
#undef MDL_TRACE_ENUM
        MDL_TRACED_KINDS
};

/* What is recorded: events of these sites (as the one or the other side of an order) and products,
 * on these days. Immutable, shared by runs. */
struct mdl_trace_plan {
    const char *site, *product; /* [n_site], [n_product] 0 or 1; NULL = all */
    int32_t from, until;        /* days, both included; SIM_DAY_NONE = open */
};

/* Picks sites and products by patterns as in mdl_pick_fits, n of them (0 = all). The masks are in
 * `a`. A pattern that fits nothing is a fault that names the option. Returns 0 or SIM_EINPUT. */
int mdl_trace_plan(struct mdl_trace_plan *p, struct sim_arena *a, const struct mdl_network *net,
                   const char *const *site, int n_site, const char *const *product, int n_product,
                   struct sim_err *err) SIM_CHECKED;

/* One event; numbers are UINT32_MAX, office -1 and use MDL_USES where they mean nothing. */
struct mdl_trace_row {
    int64_t tick;  /* since the first simulated day, negative before it */
    int64_t order; /* (number of the lane + 1) x 10^7 + number of the line on that lane, from 1; 0 =
                      no order */
    uint32_t sequence, actor;
    uint32_t partner, product, plant, cause, rule, input;
    float quantity, against, days; /* units; meaning by kind */
    int16_t office;
    int8_t kind, use;
};

/* The events of one run, in order. Zeroed at the start; freed by mdl_trace_free. */
struct mdl_trace {
    struct sim_arena arena;
    struct mdl_trace_row *row;
    size_t n;
};
void mdl_trace_free(struct mdl_trace *t);

/* Adds the axis `event` and its columns to a result made by mdl_result_init and reduced or not.
 *   trace  [n_scenario x runs] of the study, job = run x n_scenario + scenario; each is freed when
 *          its rows are in the columns
 *   run    [runs] numbers of the runs */
void mdl_trace_store(struct sim_result *res, const struct mdl_study *st, struct mdl_trace *trace,
                     const double *run, size_t runs);

/* Bytes that an event takes in the columns, its place on the axis included. */
enum { MDL_TRACE_COLUMN_BYTES = 77 };

#endif
