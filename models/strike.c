#include "models/actors.h"

#include <math.h>
#include <string.h>

/* What shocks do to the actors. The calendar says when; each actor reads its own part of it. */

static uint32_t cause_of(const struct mdl_state *w, uint32_t spell)
{
    return w->st->shock_cause[w->scenario][w->calendar.spell[spell].shock];
}

static const struct mdl_shock *shock_of(const struct mdl_state *w, uint32_t spell)
{
    return &w->sc->shock[w->calendar.spell[spell].shock];
}

static uint32_t on(const struct mdl_state *w, const uint32_t *list, uint32_t place, int32_t day)
{
    return list ? mdl_spell_on(&w->calendar, list[place], day) : 0;
}

static uint32_t next_on(const struct mdl_state *w, uint32_t spell, int32_t day)
{
    return mdl_spell_on(&w->calendar, w->calendar.spell[spell].next, day);
}

/* The product of the factors that are on at a day; the one that differs most from 1 is the cause.
 */
static double factors(const struct mdl_state *w, const uint32_t *list, uint32_t place, int32_t day,
                      uint32_t *cause)
{
    double all = 1, most = 0;

    for (uint32_t i = on(w, list, place, day); i; i = next_on(w, i, day)) {
        double f = shock_of(w, i)->factor;

        all *= f;
        if (fabs(f - 1) > most) {
            most = fabs(f - 1);
            *cause = cause_of(w, i);
        }
    }
    return all;
}

/* ---- sites ---- */

uint32_t mdl_strike_down(const struct mdl_state *w, uint32_t site, int32_t day)
{
    uint32_t at = on(w, w->calendar.site, site, day);

    return at ? cause_of(w, at) : 0;
}

uint32_t mdl_strike_gone(const struct mdl_state *w, uint32_t site, int32_t day)
{
    for (uint32_t i = on(w, w->calendar.site, site, day); i; i = next_on(w, i, day))
        if (shock_of(w, i)->kind == MDL_SHOCK_INSOLVENT)
            return cause_of(w, i);
    return 0;
}

double mdl_strike_growth(const struct mdl_state *w, uint32_t process, int32_t day)
{
    uint32_t cause;

    return fmax(1, factors(w, w->calendar.process, process, day, &cause));
}

/* What shocks leave of a process's capacity, and the cause. */
static double part_left(const struct mdl_state *w, uint32_t process, int32_t day, uint32_t *cause)
{
    *cause = mdl_strike_down(w, w->net->process[process].site, day);
    return *cause ? 0 : factors(w, w->calendar.process, process, day, cause);
}

int64_t mdl_strike_most(const struct mdl_state *w, uint32_t process, int32_t day, uint32_t *cause)
{
    double f = part_left(w, process, day, cause);

    if (f <= 0)
        return 0;
    return f >= 1 || w->net->process[process].capacity == INT64_MAX
               ? INT64_MAX
               : (int64_t)floor(w->process[process].cap * f + 1e-9);
}

uint32_t mdl_strike_halts(const struct mdl_state *w, uint32_t point, int32_t day)
{
    const struct mdl_point *p = &w->net->point[point];
    uint32_t cause = 0;

    for (uint32_t i = 0; i < p->n_maker; i++)
        if (part_left(w, p->maker[i], day, &cause) > 0)
            return 0;
    return cause;
}

void mdl_strike_move(struct mdl_state *w, uint32_t point, int use, double q, uint32_t cause)
{
    w->point[point].diverted[use] += q / w->sc->forecast_d;
    w->point[point].diverted_cause[use] = cause;
}

/* Part of what stands at a point is lost. */
static void destroy(struct mdl_state *w, uint32_t point, double share, uint32_t cause)
{
    struct mdl_point_state *p = &w->point[point];
    uint32_t product = w->net->point[point].product;
    int64_t all = 0;

    for (int m = 0; m < MDL_MARKS; m++) {
        int64_t q = llround((double)p->on_hand[m] * share);

        mdl_stock_lose(w, point, m, q);
        all += q;
    }
    for (int u = 0; u < MDL_USES; u++)
        if (p->forecast[u] > 0)
            mdl_strike_move(w, point, u,
                            (double)all * p->forecast[u] / (p->forecast[0] + p->forecast[1]),
                            cause);
    w->a_destroyed[point] += all;
    if (mdl_recording(w, mdl_today(w)))
        w->destroyed[point] += mdl_units(w, product, (double)all);
}

/* Open lines end, and buyers are told not to come again; what is on order is taken back. */
static void close_down(struct mdl_state *w, uint32_t point, uint32_t cause)
{
    struct mdl_point_state *p = &w->point[point];

    while (p->waiting.first)
        mdl_supply_wake(w, p->waiting.first);
    for (uint32_t id = p->open.first; id; id = mdl_line_at(w, id)->next)
        if (!mdl_line_at(w, id)->closed)
            mdl_supply_end(w, id, MDL_NO_RULE, cause);
    mdl_order_take_back(w, point);
}

/* Does a closure of one of the point's lanes begin or end today? */
static int lanes_change(const struct mdl_state *w, uint32_t point, int32_t today)
{
    const struct mdl_point *p = &w->net->point[point];

    for (uint32_t i = 0; i < p->n_lane_out; i++)
        for (uint32_t s = w->calendar.lane[p->lane_out[i]]; s; s = w->calendar.spell[s].next)
            if (w->calendar.spell[s].begin == today || w->calendar.spell[s].end == today)
                return 1;
    return 0;
}

void mdl_strike_day(struct mdl_state *w, uint32_t site)
{
    const struct mdl_site *s = &w->net->site[site];
    const struct mdl_calendar *c = &w->calendar;
    int32_t today = mdl_today(w);

    for (uint32_t i = s->first_point; i < s->first_point + s->n_point; i++) {
        for (uint32_t k = on(w, c->point, i, today); k; k = next_on(w, k, today))
            destroy(w, i, shock_of(w, k)->share, cause_of(w, k));
        for (uint32_t k = on(w, c->site, site, today); k; k = next_on(w, k, today))
            if (c->spell[k].begin == today && shock_of(w, k)->kind == MDL_SHOCK_INSOLVENT)
                close_down(w, i, cause_of(w, k));
        if (lanes_change(w, i, today)) {
            while (w->point[i].waiting.first)
                mdl_supply_wake(w, w->point[i].waiting.first);
            w->point[i].news = 1;
        }
    }
}

/* ---- shocks that wait ---- */

void mdl_strike_told(struct mdl_state *w, const struct sim_msg *m)
{
    int32_t tomorrow = mdl_today(w) + 1;

    for (uint32_t i = 1; i <= w->calendar.n_spell; i++) {
        struct mdl_spell *s = &w->calendar.spell[i];

        if (s->site != m->dst || w->sc->shock[s->shock].after_trigger != (uint32_t)m->arg)
            continue;
        s->begin = s->delay < INT32_MAX - tomorrow ? tomorrow + s->delay : INT32_MAX;
        s->end = s->days < INT32_MAX - s->begin ? s->begin + s->days : INT32_MAX;
    }
}

/* ---- lanes ---- */

uint32_t mdl_strike_closed(const struct mdl_state *w, uint32_t lane, int32_t day)
{
    for (uint32_t i = on(w, w->calendar.lane, lane, day); i; i = next_on(w, i, day))
        if (shock_of(w, i)->closes || shock_of(w, i)->kind == MDL_SHOCK_DOWN)
            return cause_of(w, i);
    return 0;
}

double mdl_strike_transit(const struct mdl_state *w, uint32_t lane, double days, uint64_t index,
                          uint32_t *cause)
{
    int32_t today = mdl_today(w);
    double extra = 0, most = 0;

    *cause = 0;
    if (on(w, w->calendar.lane, lane, today) == 0)
        return days;
    for (uint32_t i = on(w, w->calendar.lane, lane, today); i; i = next_on(w, i, today)) {
        const struct mdl_shock *k = shock_of(w, i);
        struct sim_draws d = sim_draws_at(
            sim_stream_make(w->run.seed, w->run.index,
                            sim_hash_with(w->net->lane[lane].hash, k->hash), MDL_FOR_SHOCK_DELAY),
            index);
        double more = sim_dist_draw(&k->extra_d, &d), late = more + days * (k->factor - 1);

        days *= k->factor;
        extra += more;
        if (late > most) {
            most = late;
            *cause = cause_of(w, i);
        }
    }
    return days + extra;
}

/* ---- markets ---- */

double mdl_strike_demand(const struct mdl_state *w, uint32_t demand, int32_t day, uint32_t *cause)
{
    *cause = 0;
    return factors(w, w->calendar.demand, demand, day, cause);
}

/* ---- into the result ---- */

/* Shocks that waited for a trigger came on the days of their spells. */
static void settle(struct mdl_state *w)
{
    for (uint32_t i = 1; w->watches && i <= w->calendar.n_spell; i++) {
        const struct mdl_spell *s = &w->calendar.spell[i];

        if (w->sc->shock[s->shock].after_trigger != UINT32_MAX && s->begin != INT32_MAX)
            mdl_calendar_span(&w->calendar, s);
    }
}

/* First and last day of every shock of the run; one that lasts for ever lasts to the last recorded
 * day. */
void mdl_strike_store(struct mdl_state *w)
{
    int axis = sim_result_find_axis(w->res, "shock");
    float *first = mdl_record_slot(w, "shock_first"), *last = mdl_record_slot(w, "shock_last"),
          *lost = mdl_record_slot(w, "destroyed");

    settle(w);
    for (size_t k = 0; first && k < w->res->axis[axis].n; k++) {
        first[k] = last[k] = NAN;
        for (uint32_t i = 0; i < w->sc->n_shock; i++)
            if (w->calendar.first[i] != SIM_DAY_NONE &&
                strcmp(w->res->axis[axis].label[k], w->sc->shock[i].id) == 0) {
                double end = (double)w->calendar.end[i] - 1 - w->sc->start;

                first[k] = (float)mdl_days_since(w, w->calendar.first[i]);
                last[k] = (float)fmin(end, fmax(first[k], (double)w->sc->horizon_d - 1));
            }
    }
    for (uint32_t i = 0; lost && w->destroyed && i < w->net->n_point; i++)
        lost[i] = (float)w->destroyed[i];
}
