#include "models/actors.h"

#include <math.h>

#define AT(field) offsetof(struct mdl_hoarding, field)

const struct sim_key mdl_hoarding_keys[] = {
    {"id", "", SIM_KEY_ID, 0, 0, NULL, AT(id), "key of the entry", NULL, NULL},
    MDL_PICK_SITES(mdl_hoarding, who),
    MDL_PICK_PRODUCTS(mdl_hoarding, who),
    {"announced", "", SIM_KEY_BOOL, 0, 0, "false", AT(announced),
     "firms react while a rule is announced, and not settled at start, that covers what they buy",
     NULL, NULL},
    {"from", "", SIM_KEY_DATE, 0, 0, "", AT(from), "firms react from this day on; empty = not so",
     NULL, NULL},
    {"until", "", SIM_KEY_DATE, 0, 0, "", AT(until), "first day without, empty = open", NULL, NULL},
    {"lead_ratio", "", SIM_KEY_REAL, 1, 1000, "", AT(lead_ratio),
     "firms react while the lead time that they have learned, before any cap, is more than this "
     "multiple of the one without shortage or control; empty = not so",
     NULL, NULL},
    {"share", "", SIM_KEY_REAL, 0, 1, "1", AT(share),
     "share of companies that react, drawn once per run", NULL, NULL},
    {"delay_d", "d", SIM_KEY_DIST, 0, 3650, "0", AT(delay_d),
     "days until a company reacts, drawn once per run; without effect on cover_lead", NULL, NULL},
    {"cover_d", "d", SIM_KEY_REAL, 0, 3650, "0", AT(cover_d),
     "days of cover added while they react", NULL, NULL},
    {"cover_lead", "", SIM_KEY_REAL, 0, 100, "0", AT(cover_lead),
     "days of cover added for each day that the learned lead time (capped) exceeds the one without "
     "shortage or control; needs nothing to set it off",
     NULL, NULL},
    {"advance_d", "d", SIM_KEY_REAL, 0, 3650, "0", AT(advance_d),
     "days of need bought ahead, from the announcement of a rule that covers it to its first day",
     NULL, NULL},
    {"release_d", "d", SIM_KEY_REAL, 0, 3650, "0", AT(release_d),
     "days over which the cover that was added is let go, 0 = at once", NULL, NULL},
    {"gap_d", "d", SIM_KEY_REAL, 0, 3650, "", AT(gap_d),
     "the scenario's gap_d for who has added cover; empty = the same", NULL, NULL},
    {"source", "", SIM_KEY_STR, 0, 0, "", AT(source), "where it is documented", NULL, NULL},
    {0}};

int mdl_hoarding_read(struct mdl_hoarding **to, uint32_t *n, const struct sim_tree *list,
                      struct sim_arena *a, struct sim_err *err)
{
    static const struct mdl_entries e = {"hoarding", mdl_hoarding_keys, sizeof **to, AT(tree),
                                         NULL};
    void *at;
    int rc = mdl_entries_read(&e, list, &at, n, a, err);

    *to = at;
    for (uint32_t i = 0; rc == 0 && i < *n; i++) {
        struct mdl_hoarding *h = &(*to)[i];

        h->hash = sim_hash(h->id);
        if (h->cover_d > 0 && !h->announced && h->from == SIM_DAY_NONE && isnan(h->lead_ratio))
            rc |= sim_tree_fault(h->tree, err,
                                 "cover_d without what sets it off: give announced = true, from "
                                 "or lead_ratio");
        if (h->until != SIM_DAY_NONE && h->from == SIM_DAY_NONE)
            rc |= sim_tree_fault(sim_tree_get(h->tree, "until"), err, "is without from");
        else if (h->until != SIM_DAY_NONE && h->until < h->from)
            rc |= sim_tree_fault(sim_tree_get(h->tree, "until"), err, "lies before from");
    }
    return rc ? SIM_EINPUT : 0;
}

int mdl_hoarding_link(struct mdl_hoarding *h, uint32_t n, struct sim_arena *a,
                      const struct mdl_network *net, struct sim_err *err)
{
    int rc = 0;

    for (uint32_t i = 0; i < n; i++)
        rc |= mdl_pick_link(&h[i].who, h[i].tree, a, net, err);
    return rc ? SIM_EINPUT : 0;
}

/* ---- in a run ---- */

/* A company reacts as a whole. */
static uint64_t firm_name(const struct mdl_state *w, const struct mdl_hoarding *h, uint32_t site)
{
    const struct mdl_site *s = &w->net->site[site];

    return sim_hash_with(h->hash, s->entity == UINT32_MAX ? s->hash
                                                          : sim_hash(w->net->entity[s->entity].id));
}

static void draw_firm(struct mdl_state *w, uint32_t i, uint32_t site)
{
    const struct mdl_hoarding *h = &w->sc->hoarding[i];
    struct sim_stream s =
        sim_stream_make(w->run.seed, w->run.index, firm_name(w, h, site), MDL_FOR_HOARD);
    struct sim_draws reacts = sim_draws_at(s, 0), delay = sim_draws_at(s, 1);

    w->hoard[i].delay[site] = h->who.sites[site] && sim_uniform(&reacts) < h->share
                                  ? (int32_t)fmin(ceil(sim_dist_draw(&h->delay_d, &delay)), 1e6)
                                  : -1;
}

void mdl_hoard_start(struct mdl_state *w)
{
    w->hoard = sim_arena_alloc(&w->run.arena, w->sc->n_hoarding, sizeof *w->hoard);
    for (uint32_t i = 0; i < w->sc->n_hoarding; i++) {
        struct mdl_hoard_state *s = &w->hoard[i];

        s->delay = sim_arena_alloc(&w->run.arena, w->net->n_site, sizeof *s->delay);
        s->at = sim_arena_alloc(&w->run.arena, w->net->n_point, sizeof *s->at);
        for (uint32_t k = 0; k < w->net->n_site; k++)
            draw_firm(w, i, k);
        for (uint32_t k = 0; k < w->net->n_point; k++)
            s->at[k].since = SIM_DAY_NONE;
    }
}

static int set_off(const struct mdl_state *w, const struct mdl_hoarding *h, uint32_t point,
                   int32_t today, const struct mdl_lead *lead)
{
    return (h->announced && mdl_gate_announced(w->gate, &w->world, point, today)) ||
           (h->from != SIM_DAY_NONE && today >= h->from &&
            (h->until == SIM_DAY_NONE || today < h->until)) ||
           lead->learned > h->lead_ratio * lead->nominal;
}

/* The cover that is wanted rises at once and is let go in equal daily parts of the most it was. */
static void let_go(struct mdl_hoard_point *s, double wish, int32_t today, double release_d)
{
    if (wish >= s->level || release_d <= 0) {
        s->level = s->most = wish;
    } else {
        s->level = fmax(wish, s->level - s->most * (double)(today - s->day) / release_d);
    }
    s->day = today;
}

static double cover_of(struct mdl_state *w, uint32_t i, uint32_t point, int32_t today,
                       const struct mdl_lead *lead, double *gap_d)
{
    const struct mdl_hoarding *h = &w->sc->hoarding[i];
    const struct mdl_point *p = &w->net->point[point];
    struct mdl_hoard_point *s = &w->hoard[i].at[point];
    int32_t delay = w->hoard[i].delay[p->site], first;
    double wish;

    if (delay < 0 || !h->who.products[p->product])
        return 0;
    if (!set_off(w, h, point, today, lead))
        s->since = SIM_DAY_NONE;
    else if (s->since == SIM_DAY_NONE)
        s->since = today;
    wish = h->cover_lead * fmax(0, lead->capped - lead->nominal);
    if (s->since != SIM_DAY_NONE && today - s->since >= delay)
        wish += h->cover_d;
    if (h->advance_d > 0 &&
        (first = mdl_gate_coming(w->gate, &w->world, point, today, delay)) != SIM_DAY_NONE) {
        wish += h->advance_d;
        *gap_d = fmin(*gap_d, (double)(first - today));
    }
    let_go(s, wish, today, h->release_d);
    if (s->level > 0 && !isnan(h->gap_d))
        *gap_d = fmin(*gap_d, h->gap_d);
    return s->level;
}

double mdl_hoard_cover(struct mdl_state *w, uint32_t point, int32_t today,
                       const struct mdl_lead *lead, double *gap_d)
{
    double most = mdl_gate_hoard_d(w->gate, &w->world, point, today);

    for (uint32_t i = 0; i < w->sc->n_hoarding; i++)
        most = fmax(most, cover_of(w, i, point, today, lead, gap_d));
    return most;
}

void mdl_hoard_record(struct mdl_state *w, uint32_t point)
{
    const struct mdl_point *p = &w->net->point[point];
    const struct mdl_site *site = &w->net->site[p->site];
    struct mdl_point_state *s = &w->point[point];
    double usual = (double)site->review_d + (isnan(p->cover_d) ? site->cover_d : p->cover_d);

    if (p->n_lane_in > 0 && p->policy == MDL_ORDER_UP_TO)
        s->hoarded += fmax(0, (double)(s->on_hand[0] + s->on_hand[1]) -
                                  (s->forecast[0] + s->forecast[1]) * usual);
}
