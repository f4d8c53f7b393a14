#include "models/entry.h"
#include "models/actors.h"

#include "sim/source.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_ROWS = 64, LINES_OF_A_LANE = 10000000 };

struct chunk {
    struct chunk *next;
    uint32_t n;
    struct mdl_trace_row row[CHUNK_ROWS];
};

/* What one actor has seen, oldest first. */
struct mdl_tracer_list {
    struct chunk *first, *last;
    uint32_t n;
};

struct mdl_tracer {
    const struct mdl_trace_plan *plan;
    int64_t from, until; /* ticks */
    uint32_t n_actor;
    struct mdl_tracer_list *of; /* [n_actor] */
};

/* ---- what is picked ---- */

static int fits_any(const char *const *pattern, int n, const char *text)
{
    for (int i = 0; i < n; i++)
        if (mdl_pick_fits(pattern[i], text))
            return 1;
    return 0;
}

static int says_nothing(const char *option, const char *pattern, const char *const *id, uint32_t n,
                        struct sim_err *err)
{
    const char *near;

    for (uint32_t i = 0; i < n; i++)
        if (mdl_pick_fits(pattern, id[i]))
            return 0;
    near = sim_nearest(pattern, id, n);
    return sim_err_add(err, SIM_EINPUT, "%s = %s: the network has none of that name%s%s%s", option,
                       pattern, near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

static int mask(const char **to, struct sim_arena *a, const char *option, const char *const *id,
                uint32_t n, const char *const *pattern, int n_pattern, struct sim_err *err)
{
    char *m = sim_arena_alloc(a, n, 1);
    int rc = 0;

    *to = n_pattern > 0 ? m : NULL;
    for (uint32_t i = 0; i < n; i++)
        m[i] = (char)fits_any(pattern, n_pattern, id[i]);
    for (int i = 0; i < n_pattern; i++)
        rc |= says_nothing(option, pattern[i], id, n, err);
    return rc ? SIM_EINPUT : 0;
}

int mdl_trace_plan(struct mdl_trace_plan *p, struct sim_arena *a, const struct mdl_network *net,
                   const char *const *site, int n_site, const char *const *product, int n_product,
                   struct sim_err *err)
{
    const char **sites = sim_arena_alloc(a, net->n_site, sizeof *sites),
               **products = sim_arena_alloc(a, net->n_product, sizeof *products);
    int rc;

    for (uint32_t i = 0; i < net->n_site; i++)
        sites[i] = net->site[i].id;
    for (uint32_t i = 0; i < net->n_product; i++)
        products[i] = net->product[i].id;
    rc = mask(&p->site, a, "--trace-site", sites, net->n_site, site, n_site, err);
    rc |=
        mask(&p->product, a, "--trace-product", products, net->n_product, product, n_product, err);
    return rc ? SIM_EINPUT : 0;
}

/* ---- recording ---- */

void mdl_trace_begin(struct mdl_state *w, const struct mdl_trace_plan *plan)
{
    struct mdl_tracer *t = sim_arena_alloc(&w->run.arena, 1, sizeof *t);

    *t = (struct mdl_tracer){
        .plan = plan,
        .from = plan->from == SIM_DAY_NONE ? INT64_MIN
                                           : (int64_t)(plan->from - w->day0) * MDL_TICKS_PER_DAY,
        .until = plan->until == SIM_DAY_NONE
                     ? INT64_MAX
                     : (int64_t)(plan->until - w->day0 + 1) * MDL_TICKS_PER_DAY,
        .n_actor = w->net->n_site};
    t->of = sim_arena_alloc(&w->run.arena, t->n_actor, sizeof *t->of);
    w->trace = t;
}

static int picked(const struct mdl_trace_plan *p, const struct mdl_trace_row *r)
{
    return (p->site == NULL || p->site[r->actor] ||
            (r->partner != UINT32_MAX && p->site[r->partner])) &&
           (p->product == NULL || p->product[r->product] ||
            (r->input != UINT32_MAX && p->product[r->input]));
}

/* Adds the row to its actor's list, if it is picked. */
static void put(struct mdl_state *w, struct mdl_trace_row r)
{
    struct mdl_tracer_list *l = &w->trace->of[r.actor];
    struct chunk *c = l->last;

    if (r.tick < w->trace->from || r.tick >= w->trace->until || !picked(w->trace->plan, &r))
        return;
    if (c == NULL || c->n == CHUNK_ROWS) {
        c = sim_arena_alloc(&w->run.arena, 1, sizeof *c);
        if (l->last)
            l->last->next = c;
        else
            l->first = c;
        l->last = c;
    }
    r.sequence = l->n++;
    c->row[c->n++] = r;
}

static struct mdl_trace_row blank(const struct mdl_state *w, int kind, uint32_t actor,
                                  uint32_t product, double quanta)
{
    return (struct mdl_trace_row){.tick = w->run.now,
                                  .kind = (int8_t)kind,
                                  .actor = actor,
                                  .product = product,
                                  .quantity = (float)mdl_units(w, product, quanta),
                                  .partner = UINT32_MAX,
                                  .plant = UINT32_MAX,
                                  .cause = UINT32_MAX,
                                  .rule = UINT32_MAX,
                                  .input = UINT32_MAX,
                                  .office = -1,
                                  .use = MDL_USES,
                                  .against = NAN,
                                  .days = NAN};
}

static int64_t number(uint32_t lane, uint32_t line)
{
    return ((int64_t)lane + 1) * LINES_OF_A_LANE + line;
}

void mdl_trace_order(struct mdl_state *w, int kind, const struct mdl_order *o, int64_t q,
                     uint32_t cause)
{
    const struct mdl_lane *l = &w->net->lane[o->lane];
    struct mdl_trace_row r = blank(w, kind, l->to, l->product, (double)q);

    r.partner = l->from;
    r.order = number(o->lane, o->number);
    r.use = (int8_t)o->use;
    r.cause = cause ? cause : UINT32_MAX;
    r.against = (float)mdl_units(w, l->product, (double)o->quantity);
    r.days = (float)((double)(w->run.now - o->placed_at) / MDL_TICKS_PER_DAY);
    if (kind == MDL_TRACED_PLACED) {
        r.tick = o->placed_at;
        r.days = (float)(o->promised - o->placed);
    }
    put(w, r);
}

void mdl_trace_notice(struct mdl_state *w, const struct mdl_order *o, const struct mdl_note *n)
{
    if (n->what == MDL_NOTICE_CAUSE)
        mdl_trace_order(w, MDL_TRACED_TOLD, o, o->open, n->cause);
    else
        mdl_trace_order(
            w, n->what == MDL_NOTICE_REFUSED ? MDL_TRACED_TURNED_AWAY : MDL_TRACED_TAKEN_BACK, o,
            n->quantity, n->cause);
}

void mdl_trace_unplaced(struct mdl_state *w, uint32_t point, int use, int64_t q, uint32_t cause)
{
    const struct mdl_point *p = &w->net->point[point];
    struct mdl_trace_row r = blank(w, MDL_TRACED_UNPLACED, p->site, p->product, (double)q);

    r.use = (int8_t)use;
    r.cause = cause ? cause : UINT32_MAX;
    put(w, r);
}

static struct mdl_trace_row of_line(const struct mdl_state *w, int kind, const struct mdl_line *l,
                                    int64_t q)
{
    const struct mdl_lane *lane = &w->net->lane[l->lane];
    struct mdl_trace_row r = blank(w, kind, lane->from, lane->product, (double)q);

    r.partner = lane->to;
    r.order = number(l->lane, l->number);
    r.use = (int8_t)l->use;
    return r;
}

void mdl_trace_line(struct mdl_state *w, int kind, const struct mdl_line *l, int64_t q, double days)
{
    struct mdl_trace_row r = of_line(w, kind, l, q);

    r.against = (float)mdl_units(w, w->net->lane[l->lane].product, (double)l->quantity);
    r.days = (float)days;
    put(w, r);
}

void mdl_trace_refused(struct mdl_state *w, const struct mdl_line *l, int64_t q, uint32_t rule,
                       uint32_t cause)
{
    struct mdl_trace_row r = of_line(w, MDL_TRACED_REFUSED, l, q);

    r.rule = rule < w->sc->n_rule ? rule : UINT32_MAX;
    r.cause = cause;
    put(w, r);
}

void mdl_trace_paper(struct mdl_state *w, int kind, const struct mdl_line *l,
                     const struct mdl_need *need, const struct mdl_note *n, int64_t delay)
{
    const struct mdl_rule *rule = &w->sc->rule[need->rule];
    struct mdl_trace_row r =
        of_line(w, kind, l, l->left + l->held[MDL_FREE] + l->held[MDL_CIVIL_ONLY]);

    r.rule = need->rule;
    if (need->kind == MDL_NEED_LICENCE ||
        (need->kind == MDL_NEED_INSPECTION && rule->licence.office != UINT32_MAX))
        r.office = (int16_t)rule->licence.office;
    r.against = n ? (float)n->applications : NAN;
    if (kind == MDL_TRACED_PREPARED || kind == MDL_TRACED_ASKED)
        r.days = (float)((double)delay / MDL_TICKS_PER_DAY);
    put(w, r);
}

/* What a line needs of an input for so many starts. */
static double own_need(const struct mdl_state *w, uint32_t k, uint32_t point, int64_t starts)
{
    const struct mdl_recipe *r = mdl_recipe_of(w, k);

    for (uint32_t j = 0; j < r->n_in; j++)
        if (w->net->process[k].in_point[j] == point)
            return (double)starts * mdl_ratio(&r->in[j]);
    return 0;
}

void mdl_trace_turn(struct mdl_state *w, uint32_t k, const int64_t n[MDL_USES],
                    const uint32_t binding[MDL_USES])
{
    const struct mdl_process_state *p = &w->process[k];
    uint32_t product = mdl_recipe_of(w, k)->out[0].product, site = w->net->process[k].site;

    for (int u = 0; u < MDL_USES; u++) {
        int64_t plan = p->plan_use[u] > p->fresh_use[u] ? p->plan_use[u] : p->fresh_use[u];
        struct mdl_trace_row r = blank(w, MDL_TRACED_STARTED, site, product, (double)n[u]);

        if (plan == 0)
            continue;
        r.plant = k;
        r.use = (int8_t)u;
        r.against = (float)mdl_units(w, product, (double)plan);
        put(w, r);
        if (n[u] < plan && binding[u] != UINT32_MAX) {
            const struct mdl_point_state *in = &w->point[binding[u]];
            uint32_t input = w->net->point[binding[u]].product;
            double have = (double)mdl_stock_usable(w, binding[u], u),
                   need = own_need(w, k, binding[u], plan);

            r.kind = MDL_TRACED_SHORT;
            r.input = input;
            r.quantity = (float)mdl_units(w, input, have);
            r.against = (float)mdl_units(w, input, fmax(need, (double)in->need[u]));
            r.days = in->forecast[u] > 0 ? (float)(have / in->forecast[u]) : NAN;
            put(w, r);
        }
    }
}

void mdl_trace_missed(struct mdl_state *w, uint32_t k, int use, uint32_t binding, uint32_t cause,
                      double part, int64_t missed)
{
    uint32_t product = mdl_recipe_of(w, k)->out[0].product;
    struct mdl_trace_row r =
        blank(w, MDL_TRACED_MISSED, w->net->process[k].site, product, part * (double)missed);

    r.plant = k;
    r.use = (int8_t)use;
    r.input = binding == UINT32_MAX ? UINT32_MAX : w->net->point[binding].product;
    r.cause = cause;
    r.against = (float)mdl_units(w, product, (double)missed);
    put(w, r);
}

void mdl_trace_finished(struct mdl_state *w, uint32_t k, uint32_t product, int64_t q)
{
    struct mdl_trace_row r =
        blank(w, MDL_TRACED_FINISHED, w->net->process[k].site, product, (double)q);

    r.plant = k;
    put(w, r);
}

void mdl_trace_lost(struct mdl_state *w, uint32_t demand, uint32_t cause, double q)
{
    const struct mdl_demand *d = &w->net->demand[demand];
    struct mdl_trace_row r = blank(w, MDL_TRACED_LOST, d->site, d->product, q);

    r.use = (int8_t)d->use;
    r.cause = cause;
    put(w, r);
}

/* ---- the end of a run ---- */

static int in_order(const void *a, const void *b)
{
    const struct mdl_trace_row *x = *(const struct mdl_trace_row *const *)a,
                               *y = *(const struct mdl_trace_row *const *)b;

    if (x->tick != y->tick)
        return x->tick < y->tick ? -1 : 1;
    if (x->actor != y->actor)
        return x->actor < y->actor ? -1 : 1;
    return x->sequence < y->sequence ? -1 : x->sequence > y->sequence;
}

void mdl_trace_end(struct mdl_state *w, struct mdl_trace *to)
{
    const struct mdl_trace_row **at;
    size_t n = 0;

    for (uint32_t i = 0; i < w->trace->n_actor; i++)
        n += w->trace->of[i].n;
    at = sim_arena_alloc(&w->run.arena, n, sizeof *at);
    n = 0;
    for (uint32_t i = 0; i < w->trace->n_actor; i++)
        for (const struct chunk *c = w->trace->of[i].first; c; c = c->next)
            for (uint32_t k = 0; k < c->n; k++)
                at[n++] = &c->row[k];
    qsort(at, n, sizeof *at, in_order);
    *to = (struct mdl_trace){0};
    to->n = n;
    to->row = sim_arena_alloc(&to->arena, n, sizeof *to->row);
    for (size_t i = 0; i < n; i++)
        to->row[i] = *at[i];
}

void mdl_trace_free(struct mdl_trace *t)
{
    sim_arena_free(&t->arena);
    *t = (struct mdl_trace){0};
}

/* ---- into a result ---- */

enum column {
    SCENARIO,
    RUN,
    DAY,
    KIND,
    SITE,
    PARTNER,
    PRODUCT,
    PLANT,
    ORDER,
    QUANTITY,
    AGAINST,
    DAYS,
    USE,
    CAUSE,
    RULE,
    INPUT,
    OFFICE,
    N_COLUMN
};

static const struct {
    const char *name, *units, *meaning;
    enum sim_type type;
} columns[N_COLUMN] = {
    [SCENARIO] = {"event_scenario", "1", "scenario, its place on the axis", SIM_I32},
    [RUN] = {"event_run", "1", "number of the run", SIM_I32},
    [DAY] = {"event_day", "", "day", SIM_I32},
    [KIND] = {"event_kind", "1", "what happened", SIM_I8},
    [SITE] = {"event_site", "1", "whose event it is, place on the axis site", SIM_I32},
    [PARTNER] = {"event_partner", "1", "other side of the order, place on the axis site; -1 = none",
                 SIM_I32},
    [PRODUCT] = {"event_product", "1", "place on the axis product", SIM_I32},
    [PLANT] = {"event_plant", "1", "line, place on the axis plant; -1 = none", SIM_I32},
    [ORDER] = {"event_order", "1", "number of the order line in its run; 0 = none", SIM_I64},
    [QUANTITY] = {"event_quantity", "product_unit", "how much", SIM_F32},
    [AGAINST] = {"event_against", "product_unit", "what the quantity is to be held against",
                 SIM_F32},
    [DAYS] = {"event_days", "d", "how long it took, takes or lasts", SIM_F32},
    [USE] = {"event_use", "1", "end use", SIM_I8},
    [CAUSE] = {"event_cause", "1", "place on the axis cause; -1 = none", SIM_I32},
    [RULE] = {"event_rule", "1", "place on the axis rule; -1 = none", SIM_I32},
    [INPUT] = {"event_input", "1", "input that binds, place on the axis product; -1 = none",
               SIM_I32},
    [OFFICE] = {"event_office", "1", "place on the axis office; -1 = none", SIM_I32}};

#define WORD(name, word) #word " "
static const char kind_words[] = MDL_TRACE_KINDS(WORD);
#undef WORD

/* Where the rules and offices of a scenario are on the result's axes. */
struct places {
    int32_t *rule, *office;
};

static int32_t place(const struct sim_result *res, const char *axis, const char *id)
{
    const struct sim_axis *a = &res->axis[sim_result_find_axis(res, axis)];
    int32_t i = 0;

    while (strcmp(a->label[i], id) != 0)
        i++;
    return i;
}

static struct places places_of(struct sim_result *res, const struct mdl_scenario *s)
{
    struct places p = {.rule = sim_arena_alloc(&res->arena, s->n_rule, sizeof *p.rule),
                       .office = sim_arena_alloc(&res->arena, s->n_office, sizeof *p.office)};

    for (uint32_t i = 0; i < s->n_rule; i++)
        p.rule[i] = place(res, "rule", s->rule[i].id);
    for (uint32_t i = 0; i < s->n_office; i++)
        p.office[i] = place(res, "office", s->office[i].id);
    return p;
}

static void add_axis(struct sim_result *res, size_t n)
{
    double *at = sim_arena_alloc(&res->arena, n, sizeof *at);

    for (size_t i = 0; i < n; i++)
        at[i] = (double)i;
    sim_result_axis(res, &(struct sim_axis){.name = "event",
                                            .long_name = "event of a trace, in the order of "
                                                         "scenario, run, time, actor",
                                            .units = "1",
                                            .n = n,
                                            .value = at});
}

static void add_columns(struct sim_result *res, const struct mdl_study *st, int at[N_COLUMN])
{
    char start[11], units[40];

    sim_date_print(st->scenario[0].start, start);
    snprintf(units, sizeof units, "days since %s 00:00:00", start);
    for (int c = 0; c < N_COLUMN; c++)
        at[c] = sim_result_column(res, columns[c].name, "event", columns[c].type, SIM_KEEP,
                                  c == DAY ? units : columns[c].units, columns[c].meaning);
    res->column[at[KIND]].meanings = sim_arena_copy(&res->arena, kind_words, sizeof kind_words - 2);
    res->column[at[USE]].meanings = "civil military none";
}

static int32_t day_of(const struct mdl_scenario *s, int64_t tick)
{
    int64_t day = tick >= 0 ? tick / MDL_TICKS_PER_DAY
                            : -((-tick + MDL_TICKS_PER_DAY - 1) / MDL_TICKS_PER_DAY);

    return (int32_t)(day - s->warm_up_d);
}

#define INT(c) ((int32_t *)res->column[at[c]].data)[i]
#define REAL(c) ((float *)res->column[at[c]].data)[i]
#define BYTE(c) ((int8_t *)res->column[at[c]].data)[i]

static void store_row(const struct sim_result *res, const int at[N_COLUMN], size_t i,
                      const struct mdl_trace_row *r, const struct places *p)
{
    BYTE(KIND) = r->kind;
    BYTE(USE) = r->use;
    INT(SITE) = (int32_t)r->actor;
    INT(PARTNER) = (int32_t)r->partner;
    INT(PRODUCT) = (int32_t)r->product;
    INT(PLANT) = (int32_t)r->plant;
    INT(CAUSE) = (int32_t)r->cause;
    INT(INPUT) = (int32_t)r->input;
    INT(RULE) = r->rule == UINT32_MAX ? -1 : p->rule[r->rule];
    INT(OFFICE) = r->office < 0 ? -1 : p->office[r->office];
    ((int64_t *)res->column[at[ORDER]].data)[i] = r->order;
    REAL(QUANTITY) = r->quantity;
    REAL(AGAINST) = r->against;
    REAL(DAYS) = r->days;
}

void mdl_trace_store(struct sim_result *res, const struct mdl_study *st, struct mdl_trace *trace,
                     const double *run, size_t runs)
{
    size_t n = 0, i = 0;
    int at[N_COLUMN];

    for (size_t k = 0; k < runs * st->n_scenario; k++)
        n += trace[k].n;
    add_axis(res, n);
    add_columns(res, st, at);
    for (uint32_t s = 0; s < st->n_scenario; s++) {
        struct places p = places_of(res, &st->scenario[s]);

        for (size_t k = 0; k < runs; k++) {
            struct mdl_trace *t = &trace[k * st->n_scenario + s];

            for (size_t j = 0; j < t->n; j++, i++) {
                INT(SCENARIO) = (int32_t)s;
                INT(RUN) = (int32_t)run[k];
                INT(DAY) = day_of(&st->scenario[s], t->row[j].tick);
                store_row(res, at, i, &t->row[j], &p);
            }
            mdl_trace_free(t);
        }
    }
}
