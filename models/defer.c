#include "models/content.h"
#include "models/maker.h"

#include <math.h>
#include <string.h>

static int deferrable(const struct mdl_recipe *r, uint32_t j)
{
    return r->in[j].kind == MDL_DEFERRABLE;
}

/* The yard takes so many days of what the process makes in the steady state; of its capacity where
 * that is nothing. */
void mdl_defer_init(struct mdl_state *w, uint32_t k)
{
    const struct mdl_process *q = &w->net->process[k];
    const struct mdl_recipe *r = mdl_recipe_of(w, k);
    double rate = w->st->balance.level[0][k] + w->st->balance.level[1][k];
    struct mdl_yard *y;

    if (r->n_deferrable == 0)
        return;
    if (rate <= 0)
        rate = q->capacity == INT64_MAX ? 0 : (double)q->capacity;
    y = sim_arena_alloc(&w->run.arena, 1, sizeof *y);
    y->limit = (int64_t)fmin(rate * w->net->site[q->site].yard_d, 4e18);
    y->ring =
        sim_arena_alloc(&w->run.arena, (size_t)w->process[k].n_ring * MDL_MARKS, sizeof *y->ring);
    for (int m = 0; m < MDL_MARKS; m++)
        y->share[m] = sim_arena_alloc(&w->run.arena, (size_t)r->n_el * (size_t)w->net->n_share,
                                      sizeof(double));
    w->process[k].yard = y;
}

int64_t mdl_defer_limit(struct mdl_state *w, uint32_t k, int use, int64_t n, int64_t military,
                        uint32_t *binding)
{
    const struct mdl_process *q = &w->net->process[k];
    const struct mdl_recipe *r = mdl_recipe_of(w, k);
    const struct mdl_process_state *p = &w->process[k];
    struct mdl_yard *y = p->yard;
    int64_t whole = n, room = y->limit - y->wip[0] - y->wip[1], before = 0;
    uint32_t scarce = UINT32_MAX;
    double worst = 2;

    if (use == MDL_CIVIL) {
        before = military - y->now[MDL_MILITARY];
        room -= y->now[MDL_MILITARY];
    }
    for (uint32_t j = 0; j < r->n_in; j++) {
        double a;
        int64_t can;

        if (!deferrable(r, j))
            continue;
        a = mdl_produce_allowed(w, q->in_point[j], use, 0);
        can = mdl_produce_room(w, q->in_point[j], &r->in[j], p->rem_in[j], use) - before;
        if (a < 1 && can > (int64_t)((double)p->plan_use[use] * a))
            can = (int64_t)((double)p->plan_use[use] * a);
        whole = can < whole ? can : whole;
        if (a < worst) {
            worst = a;
            scarce = q->in_point[j];
        }
    }
    whole = whole > 0 ? whole : 0;
    room = room > 0 ? room : 0;
    y->now[use] = n - whole < room ? n - whole : room;
    if (whole + y->now[use] < n)
        *binding = scarce;
    return whole + y->now[use];
}

void mdl_defer_enter(struct mdl_state *w, uint32_t k, int mark, int64_t n,
                     const double mass[MDL_MAX_ELEMENTS], double part, int32_t due, int at_once)
{
    const struct mdl_recipe *r = mdl_recipe_of(w, k);
    struct mdl_yard *y = w->process[k].yard;
    size_t width = (size_t)w->net->n_share;

    if (n == 0)
        return;
    for (int e = 0; e < r->n_el; e++)
        if (mass[e] > 0) {
            mdl_content_mix(y->share[mark] + (size_t)e * width, y->mass[mark][e],
                            w->scratch + (size_t)e * width, mass[e] * part, width);
            y->mass[mark][e] += mass[e] * part;
        }
    y->wip[mark] += n;
    if (at_once)
        y->waiting[mark] += n;
    else
        y->ring[(size_t)((due - w->day0) % w->process[k].n_ring) * MDL_MARKS + (size_t)mark] += n;
}

/* Part of the waiting units of the site for which there are parts, by the scarcest of a process. */
static double part_of_waiting(const struct mdl_state *w, uint32_t k)
{
    const struct mdl_process *q = &w->net->process[k];
    const struct mdl_recipe *r = mdl_recipe_of(w, k);
    double f = 1;

    for (uint32_t j = 0; j < r->n_in; j++) {
        const struct mdl_point_state *s = &w->point[q->in_point[j]];

        if (deferrable(r, j) && s->need[MDL_CIVIL] > 0)
            f = fmin(f, (double)(s->on_hand[0] + s->on_hand[1]) / (double)s->need[MDL_CIVIL]);
    }
    return f;
}

/* Fits parts to at most `most` waiting units of one mark, as far as they suffice. Free units take
 * free parts, or with `bind` any, and are civil-only then; civil-only units take any. */
static void fit(struct mdl_state *w, uint32_t k, int mark, int bind, int64_t *most)
{
    const struct mdl_process *q = &w->net->process[k];
    const struct mdl_recipe *r = mdl_recipe_of(w, k);
    struct mdl_process_state *p = &w->process[k];
    struct mdl_yard *y = p->yard;
    int any = bind || mark == MDL_CIVIL_ONLY, use = any ? MDL_CIVIL : MDL_MILITARY;
    size_t width = (size_t)w->net->n_share;
    int64_t n = y->waiting[mark] < *most ? y->waiting[mark] : *most;
    double mass[MDL_MAX_ELEMENTS], gone;

    for (uint32_t j = 0; j < r->n_in; j++)
        if (deferrable(r, j)) {
            const struct mdl_point_state *s = &w->point[q->in_point[j]];
            int64_t have = s->on_hand[MDL_FREE] + (any ? s->on_hand[MDL_CIVIL_ONLY] : 0);
            mdl_wide room = (mdl_wide)have * r->in[j].den - p->rem_in[j];

            if (room < (mdl_wide)n * r->in[j].num)
                n = room > 0 ? (int64_t)(room / r->in[j].num) : 0;
        }
    if (n <= 0)
        return;
    *most -= n;
    gone = (double)n / (double)y->wip[mark];
    memcpy(w->scratch, y->share[mark], (size_t)r->n_el * width * sizeof(double));
    for (int e = 0; e < r->n_el; e++) {
        mass[e] = y->mass[mark][e] * gone;
        y->mass[mark][e] -= mass[e];
    }
    y->wip[mark] -= n;
    y->waiting[mark] -= n;
    for (uint32_t j = 0; j < r->n_in; j++)
        if (deferrable(r, j))
            (void)mdl_produce_take(w, r, q->in_point[j],
                                   mdl_produce_scale(n, r->in[j].num, r->in[j].den, &p->rem_in[j]),
                                   n, use, mass);
    mdl_produce_add_work(w, k, any ? MDL_CIVIL_ONLY : MDL_FREE, n, mass, 1);
    mdl_produce_finish(w, k, any ? MDL_CIVIL_ONLY : MDL_FREE, n);
}

void mdl_defer_arrive(struct mdl_state *w, uint32_t k, int32_t today)
{
    const struct mdl_process *q = &w->net->process[k];
    const struct mdl_recipe *r = mdl_recipe_of(w, k);
    struct mdl_process_state *p = &w->process[k];
    struct mdl_yard *y = p->yard;
    int64_t *due = y->ring + (size_t)((today - w->day0) % p->n_ring) * MDL_MARKS;

    for (int m = 0; m < MDL_MARKS; m++) {
        y->waiting[m] += due[m];
        due[m] = 0;
    }
    for (uint32_t j = 0; j < r->n_in; j++)
        if (deferrable(r, j))
            w->point[q->in_point[j]].need[MDL_CIVIL] +=
                (int64_t)ceil((double)(y->waiting[0] + y->waiting[1]) * mdl_ratio(&r->in[j]));
}

static void fit_all(struct mdl_state *w, uint32_t k, int64_t most)
{
    const struct mdl_yard *y = w->process[k].yard;
    const struct mdl_point_state *out = &w->point[w->net->process[k].out_point[0]];

    if (y->waiting[MDL_CIVIL_ONLY] > 0)
        fit(w, k, MDL_CIVIL_ONLY, 0, &most);
    if (y->waiting[MDL_FREE] > 0)
        fit(w, k, MDL_FREE, 0, &most);
    if (y->waiting[MDL_FREE] > 0 && out->owed[MDL_MILITARY] == 0 &&
        out->forecast[MDL_MILITARY] <= 0)
        fit(w, k, MDL_FREE, 1, &most);
}

void mdl_defer_complete(struct mdl_state *w, uint32_t site)
{
    const struct mdl_site *s = &w->net->site[site];
    uint32_t end = s->first_process + s->n_process;

    for (uint32_t k = s->first_process; k < end; k++) {
        const struct mdl_yard *y = w->process[k].yard;

        if (y)
            w->turn_key[k - s->first_process] =
                ceil((double)(y->waiting[0] + y->waiting[1]) * part_of_waiting(w, k));
    }
    for (uint32_t k = s->first_process; k < end; k++)
        if (w->process[k].yard && w->turn_key[k - s->first_process] > 0)
            fit_all(w, k, (int64_t)w->turn_key[k - s->first_process]);
    for (uint32_t i = s->first_point; i < s->first_point + s->n_point; i++)
        w->point[i].need[MDL_CIVIL] = 0;
}

void mdl_defer_close(struct mdl_state *w, uint32_t k, int recording)
{
    const struct mdl_process *q = &w->net->process[k];
    const struct mdl_recipe *r = mdl_recipe_of(w, k);
    const struct mdl_point_state *out = &w->point[q->out_point[0]];
    struct mdl_yard *y = w->process[k].yard;
    int64_t waits = y->waiting[0] + y->waiting[1];
    double all = (double)(y->wip[0] + y->wip[1]), rate = out->forecast[0] + out->forecast[1],
           military = rate > 0 ? (double)y->wip[MDL_FREE] * out->forecast[MDL_MILITARY] / rate : 0;

    for (uint32_t j = 0; j < r->n_in; j++)
        if (deferrable(r, j)) {
            double *behind = w->point[q->in_point[j]].behind;

            behind[MDL_MILITARY] += military * mdl_ratio(&r->in[j]);
            behind[MDL_CIVIL] += (all - military) * mdl_ratio(&r->in[j]);
        }
    if (!recording)
        return;
    y->sum += (double)waits;
    y->top = waits > y->top ? waits : y->top;
}
