#include "models/actors.h"

#include <math.h>
#include <string.h>

/* A trigger is an actor. At the end of each day from `start` on the sites that it watches report;
 * when what it waits for has held for long enough, it tells the sites that its shocks strike. */

enum { WINDOW_D = 28 };

struct mdl_watch_report {
    double stock, use;     /* USD, USD a day */
    double demand, served; /* USD from start on */
    double ratio;          /* highest price heard, over its base */
};

struct mdl_watch {
    struct mdl_watch_report today;
    double demand[WINDOW_D + 1], served[WINDOW_D + 1]; /* at the end of the last days */
    int64_t held;                                      /* days on which it holds by now */
    int done;
};

struct mdl_watches {
    struct mdl_watch *watch; /* [n_trigger] */
    struct sim_pool report;
    char *told; /* [n_site] */
};

/* ---- the sites ---- */

static void add_point(const struct mdl_state *w, uint32_t point, struct mdl_watch_report *r)
{
    const struct mdl_point *p = &w->net->point[point];
    const struct mdl_point_state *s = &w->point[point];
    const struct mdl_product *prod = &w->net->product[p->product];
    double usd = prod->value_usd / (double)prod->qpu, use = s->forecast[0] + s->forecast[1];

    if (use > 0) {
        r->stock += usd * (double)(s->on_hand[0] + s->on_hand[1]);
        r->use += usd * use;
    }
    for (uint32_t i = 0; i < p->n_demand; i++) {
        r->demand += usd * w->market[p->demand[i]].demand;
        r->served += usd * w->market[p->demand[i]].served;
    }
    r->ratio = fmax(r->ratio, mdl_price_ratio(w, p->site, p->product));
}

void mdl_watch_report(struct mdl_state *w, uint32_t site)
{
    const struct mdl_site *s = &w->net->site[site];

    if (!mdl_recording(w, mdl_today(w)))
        return;
    for (uint32_t k = 0; k < w->sc->n_trigger; k++) {
        struct mdl_watch_report r = {0};
        int some = 0;
        uint32_t id;

        for (uint32_t i = s->first_point; i < s->first_point + s->n_point; i++)
            if (mdl_trigger_watches(&w->sc->trigger[k], &w->net->point[i])) {
                add_point(w, i, &r);
                some = 1;
            }
        if (!some)
            continue;
        id = sim_pool_take(&w->watches->report);
        memcpy(sim_pool_at(&w->watches->report, id), &r, sizeof r);
        sim_send(&w->run, site, mdl_actor(w, MDL_ACTOR_TRIGGER, k), w->run.lookahead,
                 MDL_MSG_WATCHED, MDL_MSG_WATCHED, id);
    }
}

/* ---- the trigger ---- */

static void hear(struct mdl_state *w, struct mdl_watch *k, uint32_t id)
{
    const struct mdl_watch_report *r = sim_pool_at(&w->watches->report, id);

    k->today.stock += r->stock;
    k->today.use += r->use;
    k->today.demand += r->demand;
    k->today.served += r->served;
    k->today.ratio = fmax(k->today.ratio, r->ratio);
    sim_pool_give(&w->watches->report, id);
}

/* Does all that it waits for hold at the end of day `since` from start? */
static int holds(const struct mdl_trigger *t, struct mdl_watch *k, int32_t since)
{
    const int32_t n = WINDOW_D + 1;
    double demand, served, all; /* all: before start it was as since then, and met */

    k->demand[since % n] = k->today.demand;
    k->served[since % n] = k->today.served;
    demand = k->today.demand - k->demand[(since + 1) % n];
    all = since + 1 < WINDOW_D ? demand * WINDOW_D / (since + 1) : demand;
    served = k->today.served - k->served[(since + 1) % n];
    return (isnan(t->cover_d) || k->today.stock < t->cover_d * k->today.use) &&
           (isnan(t->unmet) || demand - served > t->unmet * all) &&
           (isnan(t->price_ratio) || k->today.ratio >= t->price_ratio);
}

/* Tells the sites that have a spell of a shock which waits for it, each once. */
static void tell(struct mdl_state *w, uint32_t trigger)
{
    const struct mdl_calendar *c = &w->calendar;

    memset(w->watches->told, 0, w->net->n_site);
    for (uint32_t i = 1; i <= c->n_spell; i++) {
        uint32_t site = c->spell[i].site;

        if (w->sc->shock[c->spell[i].shock].after_trigger != trigger || w->watches->told[site])
            continue;
        w->watches->told[site] = 1;
        sim_send(&w->run, mdl_actor(w, MDL_ACTOR_TRIGGER, trigger), site, w->run.lookahead,
                 MDL_MSG_STRUCK, MDL_MSG_STRUCK, trigger);
    }
}

void mdl_watch_handle(struct mdl_state *w, const struct sim_msg *m)
{
    uint32_t trigger = m->dst - mdl_actor(w, MDL_ACTOR_TRIGGER, 0);
    const struct mdl_trigger *t = &w->sc->trigger[trigger];
    struct mdl_watch *k = &w->watches->watch[trigger];
    int32_t day = w->day0 + (int32_t)((w->run.now - w->run.lookahead) / MDL_TICKS_PER_DAY);

    if (m->kind == MDL_MSG_WATCHED) {
        hear(w, k, (uint32_t)m->arg);
        return;
    }
    if (holds(t, k, day - w->sc->start) && (t->from == SIM_DAY_NONE || day >= t->from))
        k->held++;
    else
        k->held = 0;
    k->today = (struct mdl_watch_report){0};
    if (k->held >= t->days && !k->done) {
        k->done = 1;
        tell(w, trigger);
    }
    sim_send(&w->run, m->dst, m->dst, MDL_TICKS_PER_DAY, MDL_MSG_TRIGGER, MDL_MSG_TRIGGER, 0);
}

/* ---- the beginning ---- */

void mdl_watch_start(struct mdl_state *w)
{
    if (w->sc->n_trigger == 0)
        return;
    w->watches = sim_arena_alloc(&w->run.arena, 1, sizeof *w->watches);
    w->watches->watch = sim_arena_alloc(&w->run.arena, w->sc->n_trigger, sizeof *w->watches->watch);
    w->watches->told = sim_arena_alloc(&w->run.arena, w->net->n_site, 1);
    sim_pool_init(&w->watches->report, &w->run.arena, sizeof(struct mdl_watch_report));
    for (uint32_t k = 0; k < w->sc->n_trigger; k++) {
        uint32_t actor = mdl_actor(w, MDL_ACTOR_TRIGGER, k);

        /* when the reports of the day are there */
        sim_send(&w->run, actor, actor,
                 (w->sc->start - w->day0) * (int64_t)MDL_TICKS_PER_DAY + w->run.lookahead,
                 MDL_MSG_TRIGGER, MDL_MSG_TRIGGER, 0);
    }
}
