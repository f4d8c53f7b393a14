#include "analysis/why_inner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RATE_DAYS = 28, LATELY_DAYS = 90, RULES_MAX = 16 };

/* ---- what holds an order at its supplier ---- */

static void fate_paper(const struct ana_events *e, size_t pending[RULES_MAX], size_t *n, size_t i,
                       int asks)
{
    size_t k = 0;

    while (k < *n && e->rule[pending[k]] != e->rule[i])
        k++;
    if (asks && k < RULES_MAX) {
        *n += k == *n;
        pending[k] = i;
    } else if (!asks && k < *n) {
        pending[k] = pending[--*n];
    }
}

struct ana_fate ana_fate_of(const struct ana_why *w, int64_t order, size_t upto, int cause)
{
    const struct ana_events *e = &w->e;
    const char *rule = ana_why_cause(w, "cause_rule", cause);
    size_t pending[RULES_MAX], n = 0;
    struct ana_fate f = {0};

    for (size_t i = e->from; i < upto; i++) {
        if (e->order[i] != order)
            continue;
        switch (ana_event_at(e, i)) {
        case ANA_EV_PREPARED:
        case ANA_EV_FILED:
        case ANA_EV_ASKED:
            fate_paper(e, pending, &n, i, 1);
            break;
        case ANA_EV_GRANTED:
        case ANA_EV_TURNED_DOWN:
        case ANA_EV_CLEARED:
        case ANA_EV_WITHDRAWN:
            fate_paper(e, pending, &n, i, 0);
            break;
        case ANA_EV_HELD:
            f.held += e->quantity[i];
            break;
        case ANA_EV_SHIPPED:
            f.held = fmax(0, f.held - e->quantity[i]);
            f.sent += e->quantity[i];
            f.shipped = i;
            break;
        default:
            break;
        }
    }
    for (size_t k = 0; k < n; k++)
        if (*rule && strcmp(ana_why_label(w, "rule", e->rule[pending[k]]), rule) == 0)
            f.paper = pending[k];
    return f;
}

/* Order lines whose application at the same office was filed before row `at` and is undecided at
 * `upto`. */
static size_t before_in_office(const struct ana_events *e, size_t at, size_t upto)
{
    size_t n = 0, first = 0, *open = NULL;

    for (size_t i = e->from; i < at; i++)
        n += e->office[i] == e->office[at] && ana_event_at(e, i) == ANA_EV_FILED;
    open = calloc(n + 1, sizeof *open);
    n = 0;
    for (size_t i = e->from; open && i < upto; i++) {
        enum ana_event k = ana_event_at(e, i);

        if (e->office[i] != e->office[at])
            continue;
        if (k == ANA_EV_FILED && i < at)
            open[n++] = i;
        if (k != ANA_EV_GRANTED && k != ANA_EV_TURNED_DOWN && k != ANA_EV_WITHDRAWN)
            continue;
        for (first = 0; first < n; first++)
            if (e->order[open[first]] == e->order[i] && e->rule[open[first]] == e->rule[i]) {
                memmove(open + first, open + first + 1, (--n - first) * sizeof *open);
                break;
            }
    }
    free(open);
    return n;
}

static void root_end(struct ana_why *w)
{
    ana_para_end(&w->s, &w->p, "    Root: ", 10);
}

void ana_root_paper(struct ana_why *w, const struct ana_fate *f, const struct ana_at *at)
{
    const struct ana_events *e = &w->e;
    size_t i = f->paper, before;
    int days = (int)(at->day - e->day[i]);
    char a[ANA_SHOW_CELL];

    ana_why_site(w, e->site[i]);
    if (ana_event_at(e, i) == ANA_EV_PREPARED) {
        ana_para_add(&w->p, " puts the papers together since %s, for %.0f days, under ",
                     ana_why_date(a, w, e->day[i]), e->days[i]);
        ana_why_rule(w, e->rule[i]);
    } else if (ana_event_at(e, i) == ANA_EV_ASKED) {
        ana_para_add(&w->p, " waits since %s for an inspection, a notice or quota under ",
                     ana_why_date(a, w, e->day[i]));
        ana_why_rule(w, e->rule[i]);
    } else {
        before = before_in_office(e, i, at->upto);
        ana_para_add(&w->p, " applied at %s on %s under ", ana_why_label(w, "office", e->office[i]),
                     ana_why_date(a, w, e->day[i]));
        ana_why_rule(w, e->rule[i]);
        ana_para_add(&w->p,
                     " (%.0f application%s): undecided for %d day%s; of the order lines filed "
                     "there before, %zu %s undecided too",
                     e->against[i], e->against[i] == 1 ? "" : "s", days, days == 1 ? "" : "s",
                     before, before == 1 ? "is" : "are");
    }
    if (f->held > 0) {
        ana_why_amount(a, w, at->input, f->held);
        ana_para_add(&w->p, ". %s stand ready at the gate", a);
    }
    ana_para_add(&w->p, ".");
    root_end(w);
}

/* Refusals of what a site lacks, for one cause, before a row. */
struct refusals {
    size_t n, largest, unplaced; /* lines; row of the largest of late; of the last unplaced need */
    double q;
    int32_t first;
};

static struct refusals refusals_of(const struct ana_events *e, const struct ana_at *at)
{
    struct refusals f = {0};

    for (size_t i = e->from; i < at->upto; i++) {
        enum ana_event k = ana_event_at(e, i);

        if (e->site[i] != at->site || e->product[i] != at->input || e->cause[i] != at->cause ||
            (at->use >= 0 && e->use[i] != at->use))
            continue;
        if (k == ANA_EV_UNPLACED)
            f.unplaced = i;
        if (k != ANA_EV_TURNED_AWAY)
            continue;
        f.first = f.n++ ? f.first : e->day[i];
        f.q += e->quantity[i];
        if (f.largest == 0 || e->day[f.largest] < at->day - LATELY_DAYS ||
            e->quantity[i] >= e->quantity[f.largest])
            f.largest = i;
    }
    return f;
}

int ana_root_refused(const struct ana_why *w, const struct ana_at *at)
{
    struct refusals f = refusals_of(&w->e, at);

    return f.n > 0 || f.unplaced > 0;
}

/* Days from the application to the refusal of the licence of an order; -1: it was no licence. */
static int days_to_refusal(const struct ana_events *e, size_t row, int *office)
{
    int32_t filed = 0;
    int days = -1;

    for (size_t i = e->from; i < row; i++) {
        if (e->order[i] != e->order[row])
            continue;
        if (ana_event_at(e, i) == ANA_EV_FILED)
            filed = e->day[i];
        if (ana_event_at(e, i) == ANA_EV_TURNED_DOWN) {
            days = (int)(e->day[i] - filed);
            *office = e->office[i];
        }
    }
    return days;
}

/* The refusals that left a need without an order. Returns 0 if there are none. */
int ana_root_refusal(struct ana_why *w, const struct ana_at *at)
{
    const struct ana_events *e = &w->e;
    struct refusals f = refusals_of(e, at);
    char a[ANA_SHOW_CELL], b[ANA_SHOW_CELL];
    int days, office = 0;

    if (f.n == 0 && f.unplaced == 0)
        return 0;
    ana_show_cause(&w->s, &w->p, at->cause);
    if (f.n > 0) {
        ana_why_amount(a, w, at->input, f.q);
        ana_para_add(&w->p, ": %zu order line%s of ", f.n, f.n == 1 ? "" : "s");
        ana_why_site(w, at->site);
        ana_para_add(&w->p, " refused since %s, %s in all", ana_why_date(b, w, f.first), a);
        ana_why_amount(a, w, at->input, e->quantity[f.largest]);
        ana_para_add(&w->p, ", such as order %lld of %s by ", (long long)e->order[f.largest], a);
        ana_why_site(w, e->partner[f.largest]);
        ana_para_add(&w->p, " on %s", ana_why_date(b, w, e->day[f.largest]));
        days = days_to_refusal(e, f.largest, &office);
        if (days >= 0)
            ana_para_add(&w->p, ", %d days after the application at %s", days,
                         ana_why_label(w, "office", office));
    }
    if (f.unplaced) {
        ana_why_amount(a, w, at->input, e->quantity[f.unplaced]);
        ana_para_add(&w->p, "%s on %s nobody could be asked for %s", f.n ? ";" : ":",
                     ana_why_date(b, w, e->day[f.unplaced]), a);
    }
    ana_para_add(&w->p, ".");
    root_end(w);
    return 1;
}

/* What a supplier was asked for, made and sent of a product of late. */
void ana_root_capacity(struct ana_why *w, int site, const struct ana_at *at)
{
    const struct ana_events *e = &w->e;
    double owed = 0, asked = 0, started = 0;
    char a[ANA_SHOW_CELL], b[ANA_SHOW_CELL], c[ANA_SHOW_CELL];

    for (size_t i = e->from; i < at->upto; i++) {
        int recent = e->day[i] > at->day - RATE_DAYS;

        if (e->site[i] != site || e->product[i] != at->input)
            continue;
        switch (ana_event_at(e, i)) {
        case ANA_EV_ACCEPTED:
            owed += e->quantity[i];
            asked += recent ? e->quantity[i] : 0;
            break;
        case ANA_EV_SHIPPED:
        case ANA_EV_REFUSED:
        case ANA_EV_CANCELLED:
            owed -= e->quantity[i];
            break;
        case ANA_EV_STARTED:
            started += recent ? e->quantity[i] : 0;
            break;
        default:
            break;
        }
    }
    ana_why_amount(a, w, at->input, owed);
    ana_why_amount(b, w, at->input, asked / RATE_DAYS);
    ana_why_amount(c, w, at->input, started / RATE_DAYS);
    ana_para_add(&w->p, "capacity of ");
    ana_why_site(w, site);
    ana_para_add(&w->p,
                 ": it owes %s. In the last %d days it was asked for %s a day and started %s a "
                 "day; it lacks no input.",
                 a, RATE_DAYS, b, c);
    root_end(w);
}

void ana_root_transport(struct ana_why *w, const struct ana_order *o, const struct ana_fate *f,
                        const struct ana_at *at)
{
    const struct ana_events *e = &w->e;
    char a[ANA_SHOW_CELL], b[ANA_SHOW_CELL];

    if (f->shipped) {
        ana_why_amount(a, w, at->input, f->sent);
        ana_para_add(&w->p, "transport: %s of order %lld left, last on %s, for a way of %.0f days.",
                     a, (long long)o->number, ana_why_date(b, w, e->day[f->shipped]),
                     e->days[f->shipped]);
    } else {
        ana_why_site(w, o->supplier);
        ana_para_add(&w->p, " has order %lld for %d days and has not said what holds it.",
                     (long long)o->number, (int)(at->day - o->placed));
    }
    root_end(w);
}

void ana_root_other(struct ana_why *w, const struct ana_at *at, const struct ana_order *o)
{
    if (ana_why_is(w, at->cause, "own stock policy")) {
        ana_why_site(w, at->site);
        ana_para_add(&w->p, " uses more than it had laid in: its own stock policy.");
    } else if (o && *ana_why_cause(w, "cause_rule", at->cause) &&
               !ana_why_is(w, at->cause, "shock")) {
        ana_why_site(w, o->supplier);
        ana_para_add(&w->p, " is short because orders came to it that others had refused: ");
        ana_show_cause(&w->s, &w->p, at->cause);
        ana_para_add(&w->p, ".");
    } else {
        ana_show_cause(&w->s, &w->p, at->cause);
        ana_para_add(&w->p, ".");
    }
    root_end(w);
}
