#include "models/explain_inner.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- words ---- */

static void add(struct mdl_words *w, const char *fmt, va_list ap)
{
    int n = vsnprintf(w->text + w->n, sizeof w->text - w->n, fmt, ap);

    if (n > 0)
        w->n += (size_t)n;
    if (w->n >= sizeof w->text)
        w->n = sizeof w->text - 1;
}

void mdl_explain_add(struct mdl_words *w, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    add(w, fmt, ap);
    va_end(ap);
}

void mdl_explain_also(struct mdl_words *w, const char *fmt, ...)
{
    va_list ap;

    if (w->n > 0)
        mdl_explain_add(w, "; ");
    va_start(ap, fmt);
    add(w, fmt, ap);
    va_end(ap);
}

const char *mdl_explain_keep(const struct mdl_words *w, struct sim_arena *a)
{
    return sim_arena_copy(a, w->text, w->n);
}

const char *mdl_explain_number(double x, char to[MDL_NUMBER])
{
    char digits[MDL_NUMBER];
    size_t n, k = 0;

    if (fabs(x) < 999.5 || fabs(x) >= 1e15) {
        snprintf(to, MDL_NUMBER, "%.3g", x);
        return to;
    }
    n = (size_t)snprintf(digits, sizeof digits, "%.0f", fabs(x));
    if (x < 0)
        to[k++] = '-';
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            to[k++] = ',';
        to[k++] = digits[i];
    }
    to[k] = 0;
    return to;
}

const char *mdl_explain_percent(double share, char to[MDL_NUMBER])
{
    snprintf(to, MDL_NUMBER, "%.3g %%", 100 * share);
    return to;
}

const char *mdl_explain_days(double d, char to[MDL_NUMBER])
{
    if (d < 99.95)
        snprintf(to, MDL_NUMBER, "%.3g", round(d * 10) / 10);
    else
        mdl_explain_number(round(d), to);
    return to;
}

const char *mdl_explain_date(int32_t day, char to[11])
{
    sim_date_print(day, to);
    return to;
}

/* ---- firms and contents ---- */

static double row_chance(const struct mdl_network *n, const char *list, uint32_t entity)
{
    double most = 0;

    for (uint32_t i = 0; i < n->n_list; i++)
        if (n->list[i].kind == MDL_LIST_ENTITY && strcmp(n->list[i].list, list) == 0 &&
            strcmp(n->list[i].value, n->entity[entity].id) == 0)
            most = fmax(most, n->list[i].probability);
    return most;
}

enum { MAX_OWNERS = 32 };

/* "Arms (arms), owned 60 % by Top (top), ..." up to the owner number `depth`. */
static void add_chain(const struct mdl_network *n, uint32_t entity, int depth, struct mdl_words *w)
{
    char x[MDL_NUMBER];

    mdl_explain_add(w, "%s (%s)", n->entity[entity].name, n->entity[entity].id);
    for (int k = 0; k < depth; k++) {
        mdl_explain_add(w, ", owned %s by ",
                        mdl_explain_percent(n->entity[entity].parent_share, x));
        entity = n->entity[entity].parent_id;
        mdl_explain_add(w, "%s (%s)", n->entity[entity].name, n->entity[entity].id);
    }
}

double mdl_explain_firm(const struct mdl_case *c, const struct mdl_rule *r, const char *list,
                        uint32_t site, struct mdl_words *w)
{
    const struct mdl_network *n = c->n;
    uint32_t first = site == UINT32_MAX ? UINT32_MAX : n->site[site].entity, e = first;
    double owned = 1, missed = 1, part = 0;
    int listed = -1, too_little = -1;
    char has[MDL_NUMBER], wants[MDL_NUMBER];

    if (site == UINT32_MAX)
        mdl_explain_add(w, "a trader in between, whom no list names");
    else if (first == UINT32_MAX)
        mdl_explain_add(w, "%s is run by no company that the list %s could name", n->site[site].id,
                        list);
    for (int depth = 0; depth < MAX_OWNERS && e != UINT32_MAX; depth++) {
        double p = row_chance(n, list, e);

        if (p > 0 && owned >= r->ownership_min - 1e-12) {
            missed *= 1 - p;
            listed = listed < 0 ? depth : listed;
        } else if (p > 0 && too_little < 0) {
            too_little = depth;
            part = owned;
        }
        owned *= n->entity[e].parent_share;
        e = n->entity[e].parent_id;
        if (e == first)
            break; /* owns itself */
    }
    if (first == UINT32_MAX)
        return 0;
    add_chain(n, first, listed > 0 ? listed : listed < 0 && too_little > 0 ? too_little : 0, w);
    if (listed >= 0)
        mdl_explain_add(w, ", on the list %s", list);
    else if (too_little >= 0)
        mdl_explain_add(w, ", on the list %s, but to %s in all, and the rule wants %s", list,
                        mdl_explain_percent(part, has),
                        mdl_explain_percent(r->ownership_min, wants));
    else
        mdl_explain_add(w, " is not on the list %s, nor owned by a firm that is", list);
    return 1 - missed;
}

double mdl_explain_content(const struct mdl_case *c, const struct mdl_rule *r, double *usd)
{
    const struct mdl_network *n = c->n;
    double grams = 0;

    *usd = 0;
    for (int e = 0; e < n->n_element; e++) {
        double part = c->q->share && r->content_origin.n ? 0 : 1, g;

        if (!(r->content >> e & 1) || c->product->slot[e] < 0)
            continue;
        for (int o = 1; part < 1 && c->q->share && o < n->n_origin; o++)
            if (r->content_from[n->origin[o]])
                part += c->q->share[c->product->slot[e] * n->n_share + n->n_mined + o];
        g = c->product->el_g[e] * part;
        grams += g;
        if (!isnan(n->element_usd_kg[e]))
            *usd += g / 1000 * n->element_usd_kg[e];
    }
    return grams;
}

/* ---- one rule ---- */

static double taken_for_military(const struct mdl_case *c, const struct mdl_rule *r)
{
    double grows = 1 + r->mistaken_by_share * mdl_rule_military_share(c->n, c->leg.buyer);
    double suspect = mdl_rule_suspicion(r, c->n, c->leg.buyer);

    return 1 - (1 - suspect) * (1 - fmin(1, r->mistaken_civil * grows));
}

/* What each chance is, where it is one. */
static const char *say_chances(const struct mdl_case *c, const struct mdl_rule *r,
                               const struct mdl_finding *f, struct sim_arena *a)
{
    const struct {
        double is;
        const char *what;
    } each[] = {{f->exists, "the rule exists"},
                {f->listed, "the goods are on its list"},
                {f->buyer, "the buyer is on its list"},
                {f->exporter, "the exporter is on its list"},
                {f->taken, "the order is taken for a military one"},
                {f->picked, "the order line is picked"}};
    double grows = 1 + r->mistaken_by_share * mdl_rule_military_share(c->n, c->leg.buyer);
    struct mdl_words w = {0};
    char x[MDL_NUMBER];

    if (f->chance >= 1)
        return "";
    mdl_explain_add(&w, "%s: ", mdl_explain_percent(f->chance, x));
    for (size_t i = 0, n = 0; i < sizeof each / sizeof *each; i++)
        if (each[i].is < 1)
            mdl_explain_add(&w, "%s%s (%s)", n++ ? ", " : "", each[i].what,
                            mdl_explain_percent(each[i].is, x));
    if (f->taken < 1 && r->suspect_buyer > 0 && c->leg.buyer != UINT32_MAX) {
        mdl_explain_also(&w, "the buyer is suspected in %s of runs, a single order is mistaken ",
                         mdl_explain_percent(mdl_rule_suspicion(r, c->n, c->leg.buyer), x));
        mdl_explain_add(&w, "with chance %s",
                        mdl_explain_percent(fmin(1, r->mistaken_civil * grows), x));
    }
    return mdl_explain_keep(&w, a);
}

static void look_at(const struct mdl_case *c, uint32_t k, struct mdl_finding *f,
                    struct sim_arena *a)
{
    const struct mdl_rule *r = &c->s->rule[k];
    struct mdl_words why = {0}, who = {0};
    unsigned failed = mdl_explain_match(c, r, &why);
    int mistaken = failed == 0 && !r->matches_use[c->use];
    double known;

    *f = (struct mdl_finding){.exists = r->probability,
                              .listed = r->list_chance[c->q->product],
                              .buyer = 1,
                              .exporter = 1,
                              .picked = 1,
                              .taken = 1,
                              .why = mdl_explain_keep(&why, a),
                              .chances = "",
                              .asks = "",
                              .also = ""};
    while (failed && !(failed >> f->reason & 1))
        f->reason++;
    if (failed & ~(unsigned)MDL_OF_TIME)
        return;
    if (r->buyer_chance)
        f->buyer = mdl_explain_firm(c, r, r->entity_list, c->leg.buyer, &who);
    if (r->exporter_chance)
        f->exporter = mdl_explain_firm(c, r, r->exporter_list, c->leg.exporter, &who);
    known = f->exists * f->listed * f->buyer * f->exporter;
    if (c->use == MDL_CIVIL && r->undertaking && (failed & ~(1u << MDL_NOT_USE)) == 0 &&
        mdl_explain_grace(c, r) == SIM_DAY_NONE) {
        f->bound = known;
        f->alone.civil_only = known > 0;
    }
    if (failed == 0) {
        f->taken = mistaken ? taken_for_military(c, r) : 1;
        mdl_explain_asks(c, k, mistaken, f, a);
        f->chance = known * f->taken * f->picked;
        f->chances = say_chances(c, r, f, a);
    }
    mdl_explain_besides(c, k, known, f, a);
}

/* ---- all rules of a way ---- */

static void join(struct mdl_verdict *v, const struct mdl_verdict *more)
{
    v->denied = v->denied ? v->denied : more->denied;
    for (int i = 0; i < more->n_ask && v->n_ask < MDL_MAX_NEEDS; i++)
        v->ask[v->n_ask++] = more->ask[i];
    for (int i = 0; i < more->n_tax && v->n_tax < MDL_MAX_NEEDS; i++)
        v->tax[v->n_tax++] = more->tax[i];
}

static void conclude(const struct mdl_case *c, struct mdl_path *p)
{
    double passes = 1;

    for (uint32_t k = 0; k < c->s->n_rule; k++) {
        const struct mdl_finding *f = &p->rule[k];

        if (f->chance >= 1)
            join(&p->surely, &f->alone);
        if (f->chance > 0)
            join(&p->possibly, &f->alone);
        p->surely.civil_only |= f->bound >= 1;
        p->possibly.civil_only |= f->bound > 0;
        if (f->declined >= 1 && !p->surely.declined)
            p->surely.declined = (int)k + 1;
        if (f->declined > 0 && !p->possibly.declined)
            p->possibly.declined = (int)k + 1;
        if (f->alone.denied)
            passes *= 1 - f->chance;
    }
    p->refused = 1 - passes;
}

static void walk(const struct mdl_case *c, struct mdl_path *p, struct sim_arena *a)
{
    p->leg = c->leg;
    p->rule = sim_arena_alloc(a, c->s->n_rule, sizeof *p->rule);
    for (uint32_t k = 0; k < c->s->n_rule; k++)
        look_at(c, k, &p->rule[k], a);
    conclude(c, p);
}

/* ---- what takes time ---- */

static int step_of(int need)
{
    return need == MDL_NEED_LICENCE || need == MDL_NEED_NOTICE ? MDL_STEP_PAPERS
           : need == MDL_NEED_QUOTA                            ? MDL_STEP_QUOTA
                                                               : MDL_STEP_INSPECTION;
}

/* An inspection with an office is a test there. */
static int has_queue(const struct mdl_case *c, const struct mdl_ask *ask)
{
    uint32_t office = c->s->rule[ask->rule].licence.office;

    if (ask->kind == MDL_NEED_QUOTA)
        return 1;
    return ask->kind == MDL_NEED_INSPECTION && office != UINT32_MAX &&
           mdl_office_reviewers(&c->s->office[office], c->q->day) > 0;
}

static void add_needs(const struct mdl_case *c, const struct mdl_path *p, int kind,
                      struct mdl_course *to)
{
    for (uint32_t k = 0; k < c->s->n_rule; k++) {
        const struct mdl_finding *f = &p->rule[k];

        for (int i = 0; i < f->alone.n_ask && f->chance > 0; i++) {
            const struct mdl_ask *ask = &f->alone.ask[i];
            struct mdl_step step = {.days = ask->days, .granted = 1, .queue = has_queue(c, ask)};

            if (step_of(ask->kind) != kind)
                continue;
            if (ask->kind == MDL_NEED_LICENCE)
                step = mdl_explain_licence(c, &c->s->rule[k]);
            step.kind = kind;
            step.rule = k;
            step.chance = f->chance;
            step.from = ask->from;
            step.text = f->asks;
            if (step.from == SIM_DAY_NONE)
                to->granted *= 1 - f->chance * (1 - step.granted);
            to->step[to->n_step++] = step;
        }
    }
}

static void add_days(struct mdl_course *to, int kind, const struct sim_dist *d, struct sim_arena *a)
{
    struct mdl_words w = {0};

    mdl_explain_add_days(&w, d, 1, "d");
    to->step[to->n_step++] = (struct mdl_step){.kind = kind,
                                               .rule = UINT32_MAX,
                                               .chance = 1,
                                               .granted = 1,
                                               .days = sim_dist_quantile(d, 0.5),
                                               .from = SIM_DAY_NONE,
                                               .text = mdl_explain_keep(&w, a)};
}

/* Papers side by side and beside the making, all else one after the other. */
static double add_up(const struct mdl_course *c, int all)
{
    double order = 0, papers = 0, after = 0, rest = 0;

    for (uint32_t i = 0; i < c->n_step; i++) {
        const struct mdl_step *s = &c->step[i];

        if ((!all && s->chance < 1) || s->from != SIM_DAY_NONE)
            continue;
        if (s->kind == MDL_STEP_ORDER)
            order = s->days;
        else if (s->kind == MDL_STEP_PAPERS && s->ready)
            after = fmax(after, s->days);
        else if (s->kind == MDL_STEP_PAPERS)
            papers = fmax(papers, s->days);
        else
            rest += s->days;
    }
    return fmax(papers, order + after) + rest;
}

/* One leg or two; lane UINT32_MAX = none: nothing before and after the border; extra: further days
 * on the way, or NULL. */
static void time_it(struct mdl_course *to, const struct mdl_case *leg, const struct mdl_path *path,
                    int n_leg, uint32_t lane, const struct sim_dist *extra, struct sim_arena *a)
{
    const struct mdl_lane *l = lane == UINT32_MAX ? NULL : &leg->n->lane[lane];
    size_t most = (size_t)leg->s->n_rule * MDL_MAX_NEEDS * (size_t)n_leg + 4;

    *to = (struct mdl_course){.granted = 1, .step = sim_arena_alloc(a, most, sizeof *to->step)};
    if (l && sim_dist_mean(&l->order_d) > 0)
        add_days(to, MDL_STEP_ORDER, &l->order_d, a);
    for (int kind = MDL_STEP_PAPERS; kind <= MDL_STEP_QUOTA; kind++)
        for (int i = 0; i < n_leg; i++)
            add_needs(&leg[i], &path[i], kind, to);
    if (l && l->border)
        add_days(to, MDL_STEP_CUSTOMS, &l->customs_d, a);
    if (l)
        add_days(to, MDL_STEP_TRANSIT, &l->transit_d, a);
    if (extra)
        add_days(to, MDL_STEP_EXTRA, extra, a);
    to->least_d = add_up(to, 0);
    to->most_d = add_up(to, 1);
}

/* ---- ways through third countries ---- */

static int takes_detour(const struct mdl_case *c, const struct mdl_detour *d)
{
    return c->q->day >= d->from && (d->until == SIM_DAY_NONE || c->q->day < d->until) &&
           d->via != c->leg.from && d->via != c->leg.to && d->matches_origin[c->leg.from] &&
           d->matches_destination[c->leg.to] && d->goods[c->q->product] > 0 && d->share > 0;
}

static const char *say_detour(const struct mdl_case *c, const struct mdl_detour *d,
                              struct sim_arena *a)
{
    struct mdl_words w = {0};
    char x[MDL_NUMBER];

    mdl_explain_add(&w, "%s of orders that rules refuse try a trader in %s: ",
                    mdl_explain_percent(d->share, x), c->n->country[d->via]);
    mdl_explain_add_days(&w, &d->extra_d, 1, "d");
    mdl_explain_add(&w, " more");
    if (d->cost_share > 0)
        mdl_explain_also(&w, "%s of the value more", mdl_explain_percent(d->cost_share, x));
    if (d->seizure > 0) {
        mdl_explain_also(&w, "seized with chance %s", mdl_explain_percent(d->seizure, x));
        mdl_explain_add(&w, ", and the buyer is listed %s d later",
                        mdl_explain_number(d->listing_d, x));
    }
    return mdl_explain_keep(&w, a);
}

static void look_around(struct mdl_explanation *e, const struct mdl_case *direct,
                        struct sim_arena *a)
{
    const struct mdl_scenario *s = direct->s;

    e->bypass = sim_arena_alloc(a, s->n_detour, sizeof *e->bypass);
    for (uint32_t i = 0; i < s->n_detour; i++) {
        const struct mdl_detour *d = &s->detour[i];
        struct mdl_bypass *b = &e->bypass[e->n_bypass];
        struct mdl_case leg[2] = {*direct, *direct};

        if (!takes_detour(direct, d))
            continue;
        leg[0].leg = (struct mdl_leg){direct->leg.from, d->via, direct->leg.exporter, UINT32_MAX};
        leg[0].use = MDL_CIVIL;
        leg[0].caught = 0; /* the trader was not */
        leg[1].leg = (struct mdl_leg){d->via, direct->leg.to, UINT32_MAX, direct->leg.buyer};
        b->detour = i;
        b->text = say_detour(direct, d, a);
        walk(&leg[0], &b->leg[0], a);
        walk(&leg[1], &b->leg[1], a);
        time_it(&b->course, leg, b->leg, 2, e->lane, &d->extra_d, a);
        e->n_bypass++;
    }
}

void mdl_explain(struct mdl_explanation *e, struct sim_arena *a, const struct mdl_scenario *s,
                 const struct mdl_network *n, const struct mdl_question *q)
{
    const struct mdl_product *p = &n->product[q->product];
    const struct mdl_case c = {
        .s = s,
        .n = n,
        .q = q,
        .product = p,
        .use = q->use,
        .leg = {n->site[q->from].country, n->site[q->to].country, q->from, q->to},
        .caught = q->caught,
        .units = (double)q->quantity / (double)p->qpu};

    *e = (struct mdl_explanation){.lane = UINT32_MAX};
    for (uint32_t l = 0; l < n->n_lane && e->lane == UINT32_MAX; l++)
        if (n->lane[l].from == q->from && n->lane[l].to == q->to &&
            n->lane[l].product == q->product)
            e->lane = l;
    walk(&c, &e->way, a);
    time_it(&e->course, &c, &e->way, 1, e->lane, NULL, a);
    if (e->way.refused > 0)
        look_around(e, &c, a);
}
