#include "analysis/why_inner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What is known of an order line while its events go by. */
struct life {
    size_t placed; /* row */
    int32_t filed;
    double ordered, received, refused, taken_back;
    int32_t last; /* day of the last event */
};

static void say_paper(struct ana_why *w, size_t i, const struct life *l)
{
    const struct ana_events *e = &w->e;
    int days = (int)(e->day[i] - l->filed);

    switch (ana_event_at(e, i)) {
    case ANA_EV_PREPARED:
        ana_para_add(&w->p, "puts papers together for %.0f days, under ", e->days[i]);
        break;
    case ANA_EV_FILED:
        ana_para_add(&w->p, "applies at %s (%.0f application%s) under ",
                     ana_why_label(w, "office", e->office[i]), e->against[i],
                     e->against[i] == 1 ? "" : "s");
        break;
    case ANA_EV_GRANTED:
        ana_para_add(&w->p, "has the licence, %d days after the application, under ", days);
        break;
    case ANA_EV_TURNED_DOWN:
        ana_para_add(&w->p,
                     "hears that the licence is refused, %d days after the application, "
                     "under ",
                     days);
        break;
    case ANA_EV_ASKED:
        ana_para_add(&w->p, "inspection, notice or quota asked for under ");
        break;
    case ANA_EV_CLEARED:
        ana_para_add(&w->p, "done, or met by a general licence, under ");
        break;
    default:
        ana_para_add(&w->p, "takes back what was asked for under ");
        break;
    }
    ana_why_rule(w, e->rule[i]);
}

/* What an event says; 0 = nothing worth a line. */
static int say_event(struct ana_why *w, size_t i, const struct life *l)
{
    const struct ana_events *e = &w->e;
    char a[ANA_SHOW_CELL], b[ANA_SHOW_CELL];
    int piece = e->product[i];

    ana_why_amount(a, w, piece, e->quantity[i]);
    switch (ana_event_at(e, i)) {
    case ANA_EV_PLACED:
        ana_para_add(&w->p, "orders %s, promised for %s", a,
                     ana_why_date(b, w, e->day[i] + (int32_t)e->days[i]));
        break;
    case ANA_EV_TOLD:
        ana_para_add(&w->p, "hears what holds it, %s still open: ", a);
        ana_show_cause(&w->s, &w->p, e->cause[i]);
        break;
    case ANA_EV_TURNED_AWAY:
        ana_para_add(&w->p, "hears that %s will not come: ", a);
        ana_show_cause(&w->s, &w->p, e->cause[i]);
        break;
    case ANA_EV_ASKED_BACK:
        ana_para_add(&w->p, "wants to take back %s", a);
        break;
    case ANA_EV_TAKEN_BACK:
        ana_para_add(&w->p, "hears that %s are taken back", a);
        break;
    case ANA_EV_RECEIVED:
        ana_why_amount(b, w, piece, fmax(0, l->ordered - l->received - l->refused - l->taken_back));
        ana_para_add(&w->p, "receives %s; %s still open", a, b);
        break;
    case ANA_EV_ACCEPTED:
        ana_para_add(&w->p, "has the order in its book");
        break;
    case ANA_EV_REFUSED:
        ana_para_add(&w->p, "refuses %s: ", a);
        ana_show_cause(&w->s, &w->p, e->cause[i]);
        break;
    case ANA_EV_DUE:
        ana_para_add(&w->p, "may deliver: the time of making to order is over");
        break;
    case ANA_EV_HELD:
        ana_para_add(&w->p, "sets %s aside, that may not leave yet", a);
        break;
    case ANA_EV_CANCELLED:
        ana_para_add(&w->p, "stops %s that the buyer takes back", a);
        break;
    case ANA_EV_SHIPPED:
        ana_para_add(&w->p, "sends %s, for a way of %.1f days", a, e->days[i]);
        break;
    case ANA_EV_SEIZED:
        ana_para_add(&w->p, "loses %s, seized on the way", a);
        break;
    case ANA_EV_OTHER:
    case ANA_EV_UNPLACED:
    case ANA_EV_STARTED:
    case ANA_EV_SHORT:
    case ANA_EV_MISSED:
        return 0;
    default:
        say_paper(w, i, l);
        break;
    }
    return 1;
}

static void live(struct life *l, const struct ana_events *e, size_t i)
{
    double q = e->quantity[i];

    switch (ana_event_at(e, i)) {
    case ANA_EV_PLACED:
        l->placed = i;
        l->ordered = q;
        break;
    case ANA_EV_FILED:
        l->filed = e->day[i];
        break;
    case ANA_EV_RECEIVED:
        l->received += q;
        l->last = e->day[i];
        break;
    case ANA_EV_TURNED_AWAY:
        l->refused += q;
        l->last = e->day[i];
        break;
    case ANA_EV_TAKEN_BACK:
        l->taken_back += q;
        l->last = e->day[i];
        break;
    default:
        break;
    }
}

static void say_all(struct ana_why *w, int64_t order, struct life *l)
{
    const struct ana_events *e = &w->e;

    for (size_t i = e->from; i < e->until; i++) {
        char date[ANA_SHOW_CELL], first[64];

        if (e->order[i] != order)
            continue;
        live(l, e, i);
        snprintf(first, sizeof first, "%s %6d  ", ana_why_date(date, w, e->day[i]),
                 (int)(e->day[i] - e->day[l->placed]));
        ana_para_add(&w->p, "%s: ", ana_why_label(w, "site", e->site[i]));
        if (say_event(w, i, l))
            ana_para_end(&w->s, &w->p, first, 19);
        w->p.n = 0;
    }
}

static void say_part(struct ana_why *w, int product, double q, double whole, const char *what)
{
    char a[ANA_SHOW_CELL];

    if (q <= 1e-6 * whole)
        return;
    ana_why_amount(a, w, product, q);
    ana_para_add(&w->p, " %s %s (%.0f %%).", a, what, 100 * q / whole);
}

static void say_sum(struct ana_why *w, const struct life *l)
{
    int product = w->e.product[l->placed];
    double open = l->ordered - l->received - l->refused - l->taken_back;

    if (open <= 1e-6 * l->ordered)
        ana_para_add(&w->p, "Over after %d days.", (int)(l->last - w->e.day[l->placed]));
    else
        ana_para_add(&w->p, "Still open at the end.");
    say_part(w, product, l->received, l->ordered, "received");
    say_part(w, product, l->refused, l->ordered, "refused");
    say_part(w, product, l->taken_back, l->ordered, "taken back");
    say_part(w, product, open, l->ordered, "open");
    ana_show_line(&w->s, "%s", "");
    ana_para_end(&w->s, &w->p, "", 0);
}

static void say_head(struct ana_why *w, const struct ana_why_question *q, size_t placed)
{
    const struct ana_events *e = &w->e;
    char a[ANA_SHOW_CELL];

    ana_why_amount(a, w, e->product[placed], e->quantity[placed]);
    ana_para_add(&w->p, "%s, run %lld, order %lld: %s of %s, %s use, for ",
                 ana_why_label(w, "scenario", q->scenario), (long long)q->run, (long long)q->order,
                 a, ana_why_label(w, "product", e->product[placed]),
                 e->use[placed] ? "military" : "civil");
    ana_why_site(w, e->site[placed]);
    ana_para_add(&w->p, " from ");
    ana_why_site(w, e->partner[placed]);
    ana_para_end(&w->s, &w->p, "", 0);
    ana_show_line(&w->s, "%s", "");
    ana_show_line(&w->s, "%s", "date          day  who and what");
}

int ana_why_order(FILE *to, const struct sim_result *r, const struct ana_why_question *q,
                  struct sim_err *err)
{
    struct ana_why *w = calloc(1, sizeof *w);
    struct life l = {0};
    size_t i = 0;
    int rc;

    if (w == NULL)
        return sim_err_add(err, SIM_ENOMEM, "out of memory");
    rc = ana_why_begin(w, to, r, q, err);
    for (i = w->e.from; rc == 0 && i < w->e.until; i++)
        if (w->e.order[i] == q->order && ana_event_at(&w->e, i) == ANA_EV_PLACED)
            break;
    if (rc == 0 && i == w->e.until)
        rc = sim_err_add(
            err, SIM_EINPUT, "--order = %lld: run %lld of %s has no order of that number",
            (long long)q->order, (long long)q->run, ana_why_label(w, "scenario", q->scenario));
    if (rc == 0) {
        say_head(w, q, i);
        l.placed = i;
        say_all(w, q->order, &l);
        say_sum(w, &l);
    }
    ana_why_end(w);
    free(w);
    return rc;
}
