/* What a rule asks of a shipment that it meets, in numbers and in words. */
#include "models/explain_inner.h"

#include <math.h>
#include <string.h>

/* ---- days ---- */

void mdl_explain_add_days(struct mdl_words *w, const struct sim_dist *d, double speed,
                          const char *unit)
{
    double lo = sim_dist_quantile(d, 0.05) / speed, hi = sim_dist_quantile(d, 0.95) / speed;
    char x[MDL_NUMBER], y[MDL_NUMBER];

    mdl_explain_add(w, "%s %s", mdl_explain_days(sim_dist_quantile(d, 0.5) / speed, x), unit);
    if (hi > lo)
        mdl_explain_add(w, " (90 %%: %s to %s)", mdl_explain_days(lo, x), mdl_explain_days(hi, y));
}

static const struct sim_dist *review_of(const struct mdl_rule *r, const struct mdl_office *o)
{
    return sim_dist_mean(&r->licence.review_d) > 0 ? &r->licence.review_d : &o->review_d;
}

/* Days on the calendar that `days` of an office take from a day on. */
static double on_calendar(const struct mdl_network *n, const struct mdl_office *o, int32_t day,
                          double days)
{
    double left = days;

    if (!o->working_days)
        return days;
    for (int32_t k = 0; k < 100000; k++) {
        int weekday = (int)(((int64_t)day + k + 3) % 7); /* day 0 was a Thursday; Monday is 0 */
        double works = weekday >= 5 || (weekday < 0 && weekday >= -2)
                           ? 0
                           : mdl_network_working(n, o->country, day + k);

        if (works > 0 && works >= left)
            return k + left / works;
        left -= works;
    }
    return INFINITY;
}

static double limit_of(const struct mdl_rule *r, const struct mdl_office *o)
{
    return isnan(r->licence.limit_d) ? o->limit_d : r->licence.limit_d;
}

static int is_on_general_list(const struct mdl_case *c, const struct mdl_licence *l)
{
    return l->general_site &&
           ((c->leg.exporter != UINT32_MAX && l->general_site[c->leg.exporter]) ||
            (c->leg.buyer != UINT32_MAX && l->general_site[c->leg.buyer]));
}

static int32_t general_end(const struct mdl_licence *l)
{
    return l->general_from + (int32_t)ceil(l->general_d);
}

/* Has this pair a general licence by list? One from before the start is settled practice. */
static int has_general(const struct mdl_case *c, const struct mdl_rule *r)
{
    const struct mdl_licence *l = &r->licence;

    return is_on_general_list(c, l) &&
           (c->q->day >= l->general_from || l->general_from <= c->s->start) &&
           c->q->day < general_end(l);
}

struct mdl_step mdl_explain_licence(const struct mdl_case *c, const struct mdl_rule *r)
{
    const struct mdl_office *o = &c->s->office[r->licence.office];
    double file = sim_dist_quantile(&r->licence.file_d, 0.5),
           days = sim_dist_quantile(review_of(r, o), 0.5) / mdl_office_speed(o, c->q->day);

    if (has_general(c, r))
        return (struct mdl_step){.days = 0, .granted = 1};
    return (struct mdl_step){
        .days = file + on_calendar(c->n, o, c->q->day + (int32_t)file, fmin(days, limit_of(r, o))),
        .granted = isnan(r->licence.approval) ? o->approval : r->licence.approval,
        .queue = mdl_office_reviewers(o, c->q->day) > 0,
        .ready = r->licence.apply_at};
}

/* ---- licences ---- */

static const char *office_name(const struct mdl_office *o)
{
    return o->name && *o->name ? o->name : o->id;
}

/* The first entry by rank that is for this buyer and these goods. */
static void add_rank(const struct mdl_case *c, const struct mdl_office *o, struct mdl_words *w)
{
    for (uint32_t i = 0; i < o->n_priority; i++) {
        const struct mdl_priority *p = &o->priority[i];

        if (!p->to[c->leg.to] || p->goods[c->q->product] <= 0 ||
            (p->buyer && (c->leg.buyer == UINT32_MAX || p->buyer[c->leg.buyer] <= 0)))
            continue;
        mdl_explain_also(w, "served with rank %lld (%s; others have 100)", (long long)p->rank,
                         p->id);
        return;
    }
}

static void add_general(const struct mdl_case *c, const struct mdl_rule *r, struct mdl_words *w)
{
    const struct mdl_licence *l = &r->licence;
    char from[11], until[11], x[MDL_NUMBER];

    if (is_on_general_list(c, l))
        mdl_explain_also(w, "this pair %s a general licence by the list %s from %s until %s",
                         has_general(c, r)            ? "has"
                         : c->q->day < general_end(l) ? "will have"
                                                      : "had",
                         l->general_list, mdl_explain_date(l->general_from, from),
                         mdl_explain_date(general_end(l), until));
    if (l->general_after > 0)
        mdl_explain_also(w, "%lld licences granted give the pair a general one for %s d",
                         (long long)l->general_after, mdl_explain_number(l->general_d, x));
}

static void add_filing(const struct mdl_licence *l, struct mdl_words *w)
{
    mdl_explain_also(w, "filed %s", l->apply_at ? "when the goods are ready" : "with the order");
    if (sim_dist_mean(&l->file_d) > 0) {
        mdl_explain_add(w, " after ");
        mdl_explain_add_days(w, &l->file_d, 1, "d");
        mdl_explain_add(w, " for the papers of the end user");
    }
    if (l->make_at)
        mdl_explain_also(w, "the goods are made once it is granted");
}

static void add_licence(const struct mdl_case *c, const struct mdl_rule *r, struct mdl_words *w)
{
    const struct mdl_licence *l = &r->licence;
    const struct mdl_office *o = &c->s->office[l->office];
    struct mdl_step step = mdl_explain_licence(c, r);
    double limit = limit_of(r, o);
    char x[MDL_NUMBER];

    if (has_general(c, r)) {
        mdl_explain_add(w, "a licence from %s (%s)", office_name(o), o->id);
        add_general(c, r, w);
        return;
    }
    mdl_explain_add(w, "a licence from %s (%s): review about ", office_name(o), o->id);
    mdl_explain_add_days(w, review_of(r, o), mdl_office_speed(o, c->q->day),
                         o->working_days ? "working days" : "d");
    if (o->working_days)
        mdl_explain_add(w, ", %s d on the calendar",
                        mdl_explain_days(step.days - sim_dist_quantile(&l->file_d, 0.5), x));
    if (step.queue)
        mdl_explain_add(w, ", after its queue");
    mdl_explain_also(w, "%s are granted", mdl_explain_percent(step.granted, x));
    if (isfinite(limit))
        mdl_explain_also(w, "decided within %s %sdays", mdl_explain_number(limit, x),
                         o->working_days ? "working " : "");
    if (o->return_share > 0) {
        mdl_explain_also(w, "%s of reviews send the papers back for ",
                         mdl_explain_percent(o->return_share, x));
        mdl_explain_add_days(w, &o->return_d, 1, "d");
    }
    if (isfinite(l->validity_d))
        mdl_explain_also(w, "good for %s d", mdl_explain_number(l->validity_d, x));
    add_filing(l, w);
    add_rank(c, o, w);
    add_general(c, r, w);
}

/* ---- the kinds ---- */

/* A kind's own key, by its name: the structs are known to the files of the kinds only. */
static const void *own(const struct mdl_rule *r, const char *name)
{
    const struct sim_key *k = mdl_policies[r->action]->keys;

    while (k->name && strcmp(k->name, name) != 0)
        k++;
    sim_bug_if(k->name == NULL);
    return (const char *)r->own + k->offset;
}

static double own_real(const struct mdl_rule *r, const char *name)
{
    return *(const double *)own(r, name);
}

static void ask(struct mdl_finding *f, uint32_t k, int kind, double days)
{
    f->alone.ask[f->alone.n_ask++] = (struct mdl_ask){k, kind, MDL_STRAIGHT, days, SIM_DAY_NONE};
}

typedef void telling(const struct mdl_case *c, uint32_t k, struct mdl_finding *f,
                     struct mdl_words *w);

static void tell_deny(const struct mdl_case *c, uint32_t k, struct mdl_finding *f,
                      struct mdl_words *w)
{
    (void)c;
    f->alone.denied = (int)k + 1;
    mdl_explain_add(w, "refused");
}

static void tell_licence(const struct mdl_case *c, uint32_t k, struct mdl_finding *f,
                         struct mdl_words *w)
{
    ask(f, k, MDL_NEED_LICENCE, 0);
    add_licence(c, &c->s->rule[k], w);
}

static void tell_notify(const struct mdl_case *c, uint32_t k, struct mdl_finding *f,
                        struct mdl_words *w)
{
    const struct sim_dist *d = own(&c->s->rule[k], "delay_d");

    ask(f, k, MDL_NEED_NOTICE, sim_dist_quantile(d, 0.5));
    mdl_explain_add(w, "a notification with the order, then ");
    mdl_explain_add_days(w, d, 1, "d");
}

static void tell_inspect(const struct mdl_case *c, uint32_t k, struct mdl_finding *f,
                         struct mdl_words *w)
{
    const struct mdl_rule *r = &c->s->rule[k];
    const struct sim_dist *d = own(r, "delay_d");
    char x[MDL_NUMBER];

    f->picked = own_real(r, "share");
    if (f->picked > 0)
        ask(f, k, MDL_NEED_INSPECTION, sim_dist_quantile(d, 0.5));
    mdl_explain_add(w, "inspection of %s of order lines, ", mdl_explain_percent(f->picked, x));
    mdl_explain_add_days(w, d, 1, "d");
    if (r->licence.office != UINT32_MAX) {
        const struct mdl_office *o = &c->s->office[r->licence.office];

        mdl_explain_add(w, " in the laboratory %s (%s)%s", office_name(o), o->id,
                        mdl_office_reviewers(o, c->q->day) > 0 ? ", after its queue" : "");
    }
}

static void tell_quota(const struct mdl_case *c, uint32_t k, struct mdl_finding *f,
                       struct mdl_words *w)
{
    static const char *const period[] = {[MDL_MONTH] = "month",
                                         [MDL_QUARTER] = "quarter",
                                         [MDL_HALF_YEAR] = "half-year",
                                         [MDL_YEAR] = "year"};
    static const char *const per[] = {[MDL_PER_ALL] = "for all together",
                                      [MDL_PER_DESTINATION] = "split by destination",
                                      [MDL_PER_EXPORTER] = "split by exporter"};
    const struct mdl_quota *q = c->s->rule[k].own;
    char x[MDL_NUMBER];

    ask(f, k, MDL_NEED_QUOTA, 0);
    mdl_explain_add(w, "part of a quota: %s %s a %s, %s, %s", mdl_explain_number(q->amount, x),
                    q->measure ? "USD" : "units", period[q->period], per[q->per],
                    q->pro_rata ? "what is left in proportion" : "first come, first served");
    if (q->carry_over > 0)
        mdl_explain_also(w, "%s of what is left goes to the next %s",
                         mdl_explain_percent(q->carry_over, x), period[q->period]);
}

static void tell_tax(const struct mdl_case *c, uint32_t k, struct mdl_finding *f,
                     struct mdl_words *w)
{
    double rate = own_real(&c->s->rule[k], "rate");
    char x[MDL_NUMBER], y[MDL_NUMBER];

    f->alone.tax[f->alone.n_tax++] = (struct mdl_levy){k, rate};
    mdl_explain_add(w, "a tax of %s of the value, %s USD for this order",
                    mdl_explain_percent(rate, x),
                    mdl_explain_number(rate * c->units * c->product->value_usd, y));
}

/* A kind that is not known here: its meaning, and what it asks by its own word. */
static void tell_other(const struct mdl_case *c, uint32_t k, struct mdl_finding *f,
                       struct mdl_words *w)
{
    const struct mdl_rule *r = &c->s->rule[k];
    const struct mdl_lane lane = {
        .id = "", .from = c->q->from, .to = c->q->to, .product = c->q->product, .border = 1};
    const struct mdl_shipment s = {.net = c->n,
                                   .lane = &lane,
                                   .leg = &c->leg,
                                   .use = c->use,
                                   .quantity = c->q->quantity,
                                   .day = c->q->day,
                                   .placed = c->q->placed,
                                   .share = c->q->share,
                                   .caught = c->caught};

    mdl_policies[r->action]->judge(r, k, &s, &f->alone);
    mdl_explain_add(w, "%s: %s", mdl_policies[r->action]->name, mdl_policies[r->action]->meaning);
}

static const struct {
    const struct mdl_policy *kind;
    telling *tell;
} tellings[] = {{&mdl_policy_deny, tell_deny},     {&mdl_policy_licence, tell_licence},
                {&mdl_policy_notify, tell_notify}, {&mdl_policy_inspect, tell_inspect},
                {&mdl_policy_quota, tell_quota},   {&mdl_policy_tax, tell_tax}};

/* What is asked of orders from before the rule is not waited for in its days of grace. */
static void add_grace(const struct mdl_case *c, const struct mdl_rule *r, struct mdl_finding *f,
                      struct mdl_words *w)
{
    int32_t end = mdl_explain_grace(c, r);
    char day[11];

    for (int i = 0; i < f->alone.n_ask; i++)
        f->alone.ask[i].from = end;
    if (end != SIM_DAY_NONE && f->alone.n_ask > 0)
        mdl_explain_also(w,
                         "grace: ordered before it came into force, so the goods may leave without "
                         "it until %s",
                         mdl_explain_date(end, day));
}

void mdl_explain_asks(const struct mdl_case *c, uint32_t k, int mistaken, struct mdl_finding *f,
                      struct sim_arena *a)
{
    const struct mdl_rule *r = &c->s->rule[k];
    telling *tell = tell_other;
    struct mdl_words w = {0};

    f->picked = 1;
    for (size_t i = 0; i < sizeof tellings / sizeof *tellings; i++)
        if (tellings[i].kind == mdl_policies[r->action])
            tell = tellings[i].tell;
    if (mistaken) {
        mdl_explain_add(&w, "if taken for a military one, ");
        tell = r->mistaken_action ? tell_deny : tell_licence;
    }
    tell(c, k, f, &w);
    add_grace(c, r, f, &w);
    f->asks = mdl_explain_keep(&w, a);
}

/* ---- what a rule does besides ---- */

static void add_announcement(const struct mdl_case *c, const struct mdl_rule *r,
                             struct mdl_words *w)
{
    int32_t from = r->announced, day = c->q->day;
    char text[11], x[MDL_NUMBER];

    if (!mdl_rule_announced(c->s->start, r, day))
        return;
    if (r->hoard_d > 0)
        mdl_explain_also(w, "buyers aim at %s d more of cover since %s",
                         mdl_explain_number(r->hoard_d, x), mdl_explain_date(from, text));
    if (r->front_load && day < r->from)
        mdl_explain_also(w, "exporters serve such orders first until %s",
                         mdl_explain_date(r->from, text));
}

void mdl_explain_besides(const struct mdl_case *c, uint32_t k, double known, struct mdl_finding *f,
                         struct sim_arena *a)
{
    const struct mdl_rule *r = &c->s->rule[k];
    int32_t end = r->announced + (int32_t)ceil(r->decline_d);
    struct mdl_words w = {0};
    char from[11], until[11], x[MDL_NUMBER];

    if (f->bound > 0)
        mdl_explain_also(&w, "civil goods that pass are promised to civil use and may not enter "
                             "military output");
    if (r->decline > 0 && mdl_rule_announced(c->s->start, r, c->q->day) &&
        c->leg.exporter != UINT32_MAX) {
        int inside = c->q->placed >= r->announced && c->q->placed < end;

        if (inside)
            f->declined = known * r->decline;
        mdl_explain_also(&w,
                         "the exporter takes no such order, with chance %s, placed from %s until "
                         "%s%s",
                         mdl_explain_percent(r->decline, x), mdl_explain_date(r->announced, from),
                         mdl_explain_date(end, until), inside ? "" : " (this one was not)");
    }
    add_announcement(c, r, &w);
    f->also = mdl_explain_keep(&w, a);
}
