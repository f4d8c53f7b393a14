#include "analysis/why_inner.h"

#include <stdlib.h>
#include <string.h>

enum { STEPS_MAX = 16, ORDERS_SAID = 3 };

/* ---- orders ---- */

static int is_late(const struct ana_order *o, int32_t day)
{
    return day >= o->promised;
}

static int fits_cause(const struct ana_why *w, const struct ana_order *o, int cause)
{
    return o->cause == cause || (o->cause < 0 && ana_why_is(w, cause, "transport"));
}

static int goes_before(const struct ana_why *w, const struct ana_order *x,
                       const struct ana_order *y, int cause)
{
    int fx = fits_cause(w, x, cause), fy = fits_cause(w, y, cause);

    if (fx != fy)
        return fx > fy;
    if (x->weight != y->weight)
        return x->weight > y->weight;
    if (x->open != y->open)
        return x->open > y->open;
    return x->number < y->number;
}

/* Which orders of a site count: of one end use, overdue or, with `held`, such that somebody has
 * said what holds them. */
struct choice {
    int use, held;
};

static int counts(const struct ana_order *o, struct choice c, int32_t day)
{
    return o->use == c.use && (c.held ? o->cause >= 0 : is_late(o, day));
}

/* Puts the orders that count first: those of the followed cause, by what is open at their supplier
 * for it, then by what is open of them. Returns how many count. */
static size_t sort_late(const struct ana_why *w, struct ana_orders *all, int32_t day,
                        struct choice c, int cause)
{
    size_t n = 0;

    for (size_t i = 0; i < all->n; i++)
        if (counts(&all->o[i], c, day)) {
            struct ana_order x = all->o[i];

            all->o[i] = all->o[n];
            all->o[n++] = x;
        }
    for (size_t i = 0; i < n; i++) {
        all->o[i].weight = 0;
        for (size_t k = 0; k < n; k++)
            if (all->o[k].supplier == all->o[i].supplier &&
                fits_cause(w, &all->o[k], cause) == fits_cause(w, &all->o[i], cause))
                all->o[i].weight += all->o[k].open;
    }
    for (size_t i = 1; i < n; i++)
        for (size_t k = i; k > 0 && goes_before(w, &all->o[k], &all->o[k - 1], cause); k--) {
            struct ana_order x = all->o[k];

            all->o[k] = all->o[k - 1];
            all->o[k - 1] = x;
        }
    return n;
}

static void say_order(struct ana_why *w, const struct ana_order *o, int product, int32_t day)
{
    char a[ANA_SHOW_CELL];

    ana_why_amount(a, w, product, o->open);
    ana_para_add(&w->p, "order %lld: %s from ", (long long)o->number, a);
    ana_why_site(w, o->supplier);
    ana_para_add(&w->p, ", placed %s,", ana_why_date(a, w, o->placed));
    ana_para_add(&w->p, " due %s", ana_why_date(a, w, o->promised));
    if (is_late(o, day))
        ana_para_add(&w->p, ", %d day%s late", (int)(day - o->promised),
                     day - o->promised == 1 ? "" : "s");
    ana_para_add(&w->p, ": ");
    if (o->cause < 0)
        ana_para_add(&w->p, "nobody has said why");
    else
        ana_show_cause(&w->s, &w->p, o->cause);
    if (o->cause >= 0)
        ana_para_add(&w->p, ", since %s", ana_why_date(a, w, o->since));
    ana_para_end(&w->s, &w->p, "      ", 10);
}

/* n: those that count, which come first. */
static void say_late(struct ana_why *w, const struct ana_orders *all, size_t n,
                     const struct ana_at *at, struct choice c)
{
    const char *whose = c.use == 1 ? " for military use" : "";
    char a[ANA_SHOW_CELL];
    double open = 0, rest = 0;
    int32_t due = INT32_MAX;
    size_t others = 0;

    for (size_t i = 0; i < all->n; i++) {
        open += i < n ? all->o[i].open : 0;
        rest += i >= ORDERS_SAID && i < n ? all->o[i].open : 0;
        if (i < n || all->o[i].use != c.use)
            continue;
        others++;
        due = all->o[i].promised < due ? all->o[i].promised : due;
    }
    if (n > 0) {
        ana_why_amount(a, w, at->input, open);
        ana_para_add(&w->p, "%s%s: %zu order line%s, %s.",
                     c.held ? "Held up, though not overdue yet" : "Overdue", whose, n,
                     n == 1 ? "" : "s", a);
    } else if (others > 0) {
        ana_para_add(&w->p, "No order for it%s is overdue; the next of %zu is due %s.", whose,
                     others, ana_why_date(a, w, due));
    } else {
        ana_para_add(&w->p, "There is no order for it%s.", whose);
    }
    ana_para_end(&w->s, &w->p, "    ", 4);
    for (size_t i = 0; i < n && i < ORDERS_SAID; i++)
        say_order(w, &all->o[i], at->input, at->day);
    if (n > ORDERS_SAID) {
        ana_why_amount(a, w, at->input, rest);
        ana_para_add(&w->p, "and %zu more, %s", n - ORDERS_SAID, a);
        ana_para_end(&w->s, &w->p, "      ", 10);
    }
}

/* ---- the chain ---- */

/* The last row in which a line of the order's supplier that makes the product missed starts for the
 * cause; 0 = none. */
static size_t missed_before(const struct ana_events *e, const struct ana_order *o,
                            const struct ana_at *at, int use)
{
    for (size_t i = at->upto; i-- > e->from;)
        if (e->site[i] == o->supplier && ana_event_at(e, i) == ANA_EV_MISSED &&
            e->product[i] == at->input && e->cause[i] == at->cause && e->use[i] == use)
            return i;
    return 0;
}

static int makes(const struct ana_events *e, int site, int product, size_t upto)
{
    for (size_t i = upto; i-- > e->from;)
        if (e->site[i] == site && e->product[i] == product && e->plant[i] >= 0)
            return 1;
    return 0;
}

/* From a followed order to its supplier: 1 where the chain goes on there, 0 where it ends. */
static int to_supplier(struct ana_why *w, struct ana_at *at, const struct ana_order *o)
{
    struct ana_fate f = ana_fate_of(w, o->number, at->upto, at->cause);
    const char *site = ana_why_cause(w, "cause_site", at->cause);
    size_t row;

    if (f.paper) {
        ana_root_paper(w, &f, at);
        return 0;
    }
    if (at->cause < 0 || ana_why_is(w, at->cause, "transport")) {
        ana_root_transport(w, o, &f, at);
        return 0;
    }
    row = missed_before(&w->e, o, at, o->use);
    if (row == 0)
        row = missed_before(&w->e, o, at, !o->use);
    if (row) {
        at->use = w->e.use[row];
        at->site = o->supplier;
        at->plant = w->e.plant[row];
        at->day = w->e.day[row];
        return 1;
    }
    if (*site && strcmp(site, ana_why_label(w, "site", o->supplier)) == 0) {
        ana_root_capacity(w, o->supplier, at);
        return 0;
    }
    if (makes(&w->e, o->supplier, at->input, at->upto)) {
        ana_root_other(w, at, o);
        return 0;
    }
    at->site = o->supplier;
    at->use = o->use;
    at->plant = ANA_WHY_ANY;
    return 1;
}

/* The orders that missed starts are booked to: overdue ones for the end use, else those that are
 * held; if there are none, and no need for it was refused, the same for the other end use. */
static size_t choose(const struct ana_why *w, struct ana_orders *all, const struct ana_at *at,
                     struct choice *c)
{
    size_t n;

    *c = (struct choice){.use = at->use};
    n = sort_late(w, all, at->day, *c, at->cause);
    if (n > 0 || (at->cause >= 0 && ana_root_refused(w, at)))
        return n;
    for (int k = 1; k < 4 && n == 0; k++) {
        *c = (struct choice){.use = k < 2 ? at->use : !at->use, .held = k & 1};
        n = sort_late(w, all, at->day, *c, at->cause);
    }
    if (n == 0)
        c->use = at->use;
    return n;
}

/* What a site has on order of what it lacks; follows the largest. 1: the chain goes on. */
static int follow(struct ana_why *w, struct ana_at *at, struct ana_mix *mix, int *rc)
{
    struct ana_orders all = {0};
    struct choice c;
    size_t n;
    int go_on = 0;

    *rc = ana_orders_open(&all, &w->e, at->site, at->input, at->upto, w->err);
    if (*rc != 0)
        return 0;
    n = choose(w, &all, at, &c);
    for (size_t i = 0; mix->n == 0 && i < n; i++)
        ana_mix_add(mix, all.o[i].cause, all.o[i].open);
    if (at->cause < 0 && (at->cause = ana_mix_most(mix)) >= 0)
        (void)sort_late(w, &all, at->day, c, at->cause);
    say_late(w, &all, n, at, c);
    if (n > 0 && (at->cause < 0 || fits_cause(w, &all.o[0], at->cause)))
        go_on = to_supplier(w, at, &all.o[0]);
    else if (!ana_root_refusal(w, at))
        ana_root_other(w, at, n > 0 ? &all.o[0] : NULL);
    free(all.o);
    return go_on;
}

static int step(struct ana_why *w, struct ana_at *at, int number, int wanted_input, int *rc)
{
    struct ana_line l = {.input = at->input};
    char first[16];

    if (at->plant >= 0) {
        ana_line_look(&w->e, &l, at, wanted_input);
        ana_line_say(w, number, at->site, at->day, &l);
        if (l.input < 0 && l.mix.n > 0) { /* for no want of an input */
            at->cause = at->cause < 0 ? ana_mix_most(&l.mix) : at->cause;
            ana_line_causes(w, &l.mix, at->cause);
            ana_root_other(w, at, NULL);
            return 0;
        }
        if (l.input < 0) {
            ana_para_add(&w->p, "No input kept it from starting what it planned.");
            ana_para_end(&w->s, &w->p, "    ", 4);
            return 0;
        }
        at->cause = at->cause < 0 ? ana_mix_most(&l.mix) : at->cause;
        ana_line_causes(w, &l.mix, at->cause);
        at->input = l.input;
        at->use = l.use;
        at->upto = l.row + 1;
    } else {
        snprintf(first, sizeof first, "%2d  ", number);
        ana_why_site(w, at->site);
        ana_para_add(&w->p, " deals in ");
        ana_why_product(w, at->input);
        ana_para_add(&w->p, " and does not make it.");
        ana_para_end(&w->s, &w->p, first, 4);
    }
    return follow(w, at, &l.mix, rc);
}

static void say_head(struct ana_why *w, const struct ana_why_question *q)
{
    char date[ANA_SHOW_CELL];

    ana_para_add(&w->p, "%s, run %lld, %s: ", ana_why_label(w, "scenario", q->scenario),
                 (long long)q->run, ana_why_date(date, w, q->day));
    ana_why_site(w, q->site);
    ana_para_end(&w->s, &w->p, "", 0);
    ana_show_line(&w->s, "%s", "");
}

static int no_beginning(const struct ana_why *w, const struct ana_why_question *q)
{
    char date[ANA_SHOW_CELL];

    return sim_err_add(
        w->err, SIM_EINPUT,
        "--date = %s: no line of %s planned to start anything%s%s, and no customer of it is lost",
        ana_why_date(date, w, q->day), ana_why_label(w, "site", q->site),
        q->product >= 0 ? " with or of " : "",
        q->product >= 0 ? ana_why_label(w, "product", q->product) : "");
}

/* The steps from where the chain stands; `wanted` is the input of the first. */
static int walk(struct ana_why *w, struct ana_at *at, int number, int wanted)
{
    int rc = 0;

    for (; rc == 0 && number <= STEPS_MAX; number++, wanted = ANA_WHY_ANY)
        if (!step(w, at, number, wanted, &rc))
            break;
    return rc;
}

static int chain(struct ana_why *w, const struct ana_why_question *q)
{
    struct ana_at at = {.site = q->site,
                        .plant = ANA_WHY_ANY,
                        .cause = ANA_WHY_ANY,
                        .input = ANA_WHY_ANY,
                        .use = ANA_WHY_ANY,
                        .day = q->day};
    struct ana_mix mix;
    int rc = 0, wanted = ANA_WHY_ANY;

    at.plant = ana_line_pick(w, q);
    if (at.plant >= 0) {
        say_head(w, q);
        if (q->product >= 0 && ana_line_input(&w->e, &at, q->product) >= 0)
            wanted = q->product;
        return walk(w, &at, 1, wanted);
    }
    if (!ana_market_look(w, q, &at, &mix))
        return no_beginning(w, q);
    say_head(w, q);
    ana_market_say(w, &at, &mix, q);
    return follow(w, &at, &mix, &rc) && rc == 0 ? walk(w, &at, 2, wanted) : rc;
}

/* Of a site without a line: the day on which its customers lost most. */
static int find_day(const struct ana_why *w, struct ana_why_question *q)
{
    q->day = ana_market_worst_day(w, q);
    return q->day != SIM_DAY_NONE
               ? 0
               : sim_err_add(w->err, SIM_EINPUT,
                             "--site = %s: it has no line, and in run %lld no customer of it%s%s "
                             "is lost or waits at the end",
                             ana_why_label(w, "site", q->site), (long long)q->run,
                             q->product >= 0 ? " for " : "",
                             q->product >= 0 ? ana_why_label(w, "product", q->product) : "");
}

int ana_why_chain(FILE *to, const struct sim_result *r, const struct ana_why_question *q,
                  struct sim_err *err)
{
    struct ana_why *w = calloc(1, sizeof *w);
    struct ana_why_question on = *q;
    int rc;

    if (w == NULL)
        return sim_err_add(err, SIM_ENOMEM, "out of memory");
    rc = ana_why_begin(w, to, r, q, err);
    if (rc == 0 && on.day == SIM_DAY_NONE)
        rc = find_day(w, &on);
    if (rc == 0)
        rc = chain(w, &on);
    ana_why_end(w);
    free(w);
    return rc;
}
