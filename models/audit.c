#include "models/maker.h"
#include "models/stockpile.h"

#include <math.h>

/* Every product, in quanta: what was there at the beginning and was made = what was used, sold,
 * given up or destroyed and is left, on shelves, at gates and on the way. Exact. */
static int audit_products(struct mdl_state *w, struct sim_err *err)
{
    const struct mdl_network *n = w->net;
    int rc = 0;

    for (uint32_t p = 0; p < n->n_product; p++) {
        mdl_wide gap = 0;
        int64_t least = 0;

        for (uint32_t i = 0; i < n->n_point; i++) {
            const struct mdl_point_state *s = &w->point[i];

            if (n->point[i].product != p)
                continue;
            gap += (mdl_wide)s->a_initial + s->a_made + s->a_in - s->a_out - s->a_used - s->a_sold -
                   s->a_surplus - (w->a_destroyed ? w->a_destroyed[i] : 0) - s->on_hand[0] -
                   s->on_hand[1] - s->held;
            for (int m = 0; m < MDL_MARKS; m++)
                least = s->on_hand[m] < least ? s->on_hand[m] : least;
        }
        for (uint32_t i = 0; w->stockpile && i < w->stockpile->n_depot; i++) {
            const struct mdl_depot *d = &w->stockpile->depot[i];

            if (d->product != p)
                continue;
            gap += (mdl_wide)d->target + d->a_in - d->a_out - d->held;
            least = d->held < least ? d->held : least;
        }
        if (gap != 0 || least < 0)
            rc = sim_err_add(err, SIM_ERUN,
                             "audit: product %s does not balance: %lld quanta, least stock %lld",
                             n->product[p].id, (long long)gap, (long long)least);
    }
    return rc;
}

/* What a point is said to owe, to hold and to have ordered is what its lines and orders say. */
static int audit_books(struct mdl_state *w, struct sim_err *err)
{
    int rc = 0;

    for (uint32_t i = 0; i < w->net->n_point; i++) {
        const struct mdl_point_state *p = &w->point[i];
        const struct mdl_list *const list[] = {&p->open, &p->waiting};
        int64_t owed[MDL_USES] = {0}, pipe[MDL_USES] = {0}, held = 0;

        for (int k = 0; k < 2; k++)
            for (uint32_t id = list[k]->first; id;) {
                const struct mdl_line *l = sim_pool_at(&w->line, id);

                owed[l->use] += l->parked ? 0 : l->left;
                held += l->held[MDL_FREE] + l->held[MDL_CIVIL_ONLY];
                id = l->next;
            }
        for (uint32_t id = p->order_first; id;) {
            const struct mdl_order *o = mdl_order_at(w, id);

            pipe[o->use] += o->open;
            id = o->next;
        }
        if (owed[0] != p->owed[0] || owed[1] != p->owed[1] || held != p->held ||
            pipe[0] != p->pipe[0] || pipe[1] != p->pipe[1])
            rc = sim_err_add(err, SIM_ERUN, "audit: the books of %s are not those of its lines",
                             w->net->point[i].id);
    }
    return rc;
}

/* What is on the way: the notes of the shipments that have not been handled, and of goods from and
 * to reserves. Empties the queue. */
struct on_the_way {
    size_t n, n_report;
    const struct mdl_note **note;
    const struct mdl_report **report;
};

static struct on_the_way empty_queue(struct mdl_state *w)
{
    struct on_the_way s = {0};
    struct sim_msg m;

    s.note = sim_arena_alloc(&w->run.arena, sim_queue_size(w->run.queue), sizeof *s.note);
    s.report = sim_arena_alloc(&w->run.arena, sim_queue_size(w->run.queue), sizeof *s.report);
    while (sim_queue_pop(w->run.queue, &m))
        if (m.kind == MDL_MSG_SHIP)
            s.note[s.n++] = sim_pool_at(&w->note, (uint32_t)m.arg);
        else if (m.kind == MDL_MSG_RELIEF || m.kind == MDL_MSG_REPORT)
            s.report[s.n_report++] = sim_pool_at(&w->stockpile->report, (uint32_t)m.arg);
    return s;
}

/* Reserves: what left a depot came to the points that it serves or is on the way to them, and the
 * other way round; what a point expects is what it was promised and has not got. */
static int audit_reserves(struct mdl_state *w, const struct on_the_way *way, struct sim_err *err)
{
    const struct mdl_stockpiles *s = w->stockpile;
    uint32_t n = s ? s->n_depot : 0;
    int64_t *out = sim_arena_alloc(&w->run.arena, n, sizeof *out),
            *in = sim_arena_alloc(&w->run.arena, n, sizeof *in),
            *due = sim_arena_alloc(&w->run.arena, w->net->n_point, sizeof *due);
    int rc = 0;

    for (size_t i = 0; i < way->n_report; i++) {
        const struct mdl_report *r = way->report[i];

        out[s->relief[r->relief].depot] += r->what == MDL_GOODS ? r->quantity : 0;
        in[s->relief[r->relief].depot] += r->what == MDL_GIVE ? r->quantity : 0;
    }
    for (uint32_t i = 0; s && i < s->n_relief; i++) {
        const struct mdl_relief *x = &s->relief[i];

        out[x->depot] += x->came;
        in[x->depot] -= x->given;
        due[x->point] +=
            w->sc->reserve[x->reserve].kind == MDL_RESERVE_STATE ? x->promised - x->came : 0;
    }
    for (uint32_t i = 0; i < n; i++)
        if (out[i] != s->depot[i].a_out || in[i] + s->depot[i].a_in != 0)
            rc = sim_err_add(err, SIM_ERUN, "audit: reserve %s, %s: the goods on the way are lost",
                             w->sc->reserve[s->depot[i].reserve].id,
                             w->net->product[s->depot[i].product].id);
    for (uint32_t i = 0; i < w->net->n_point; i++)
        if (due[i] != w->point[i].relief)
            rc = sim_err_add(err, SIM_ERUN, "audit: %s expects %lld of a reserve, not %lld",
                             w->net->point[i].id, (long long)w->point[i].relief, (long long)due[i]);
    return rc;
}

/* Every lane: sent = received + seized + on the way. */
static int audit_lanes(struct mdl_state *w, const struct on_the_way *s, struct sim_err *err)
{
    int64_t *way = sim_arena_alloc(&w->run.arena, w->net->n_lane, sizeof *way);
    int rc = 0;

    for (size_t i = 0; i < s->n; i++)
        way[s->note[i]->lane] += s->note[i]->quantity;
    for (uint32_t i = 0; i < w->net->n_lane; i++)
        if (w->lane[i].a_sent - w->lane[i].a_received - w->lane[i].a_seized != way[i])
            rc = sim_err_add(
                err, SIM_ERUN,
                "audit: lane %s: sent %lld, received %lld, seized %lld, on the way %lld",
                w->net->lane[i].id, (long long)w->lane[i].a_sent, (long long)w->lane[i].a_received,
                (long long)w->lane[i].a_seized, (long long)way[i]);
    return rc;
}

static void add_content(const struct mdl_state *w, double *sum, uint32_t product, double quanta,
                        const double *share)
{
    const struct mdl_product *p = &w->net->product[product];
    size_t no2 = (size_t)w->net->n_share;

    for (int e = 0; e < p->n_el; e++)
        for (size_t o = 0; o < no2; o++)
            sum[(size_t)p->el[e] * no2 + o] += mdl_units(w, product, quanta) * p->el_g[p->el[e]] /
                                               1000 * share[(size_t)e * no2 + o];
}

static void add_held(struct mdl_state *w, double *sum, uint32_t product, uint32_t first)
{
    for (uint32_t id = first; id;) {
        const struct mdl_line *l = sim_pool_at(&w->line, id);

        for (int m = 0; m < MDL_MARKS; m++)
            if (l->held[m] > 0 && l->share[m])
                add_content(w, sum, product, (double)l->held[m],
                            mdl_stock_share_at(w, product, l->share[m]));
        id = l->next;
    }
}

static void stand_in_reserves(struct mdl_state *w, const struct on_the_way *way, double *sum)
{
    const struct mdl_stockpiles *s = w->stockpile;

    for (uint32_t i = 0; s && i < s->n_depot; i++)
        add_content(w, sum, s->depot[i].product, (double)s->depot[i].held, s->depot[i].share);
    for (size_t i = 0; i < way->n_report; i++) {
        const struct mdl_report *r = way->report[i];
        uint32_t product = w->net->point[s->relief[r->relief].point].product;

        if (r->share)
            add_content(w, sum, product, (double)r->quantity,
                        mdl_stock_share_at(w, product, r->share));
    }
}

/* Kilograms by element and origin that are somewhere at the end. */
static void stand(struct mdl_state *w, const struct on_the_way *s, double *sum)
{
    const struct mdl_network *n = w->net;
    size_t no2 = (size_t)n->n_share;

    for (uint32_t i = 0; i < n->n_point; i++) {
        for (int m = 0; m < MDL_MARKS; m++)
            add_content(w, sum, n->point[i].product, (double)w->point[i].on_hand[m],
                        w->point[i].share[m]);
        add_held(w, sum, n->point[i].product, w->point[i].open.first);
        add_held(w, sum, n->point[i].product, w->point[i].waiting.first);
    }
    for (size_t i = 0; i < s->n; i++)
        if (s->note[i]->share) {
            const struct mdl_note *m = s->note[i];

            add_content(w, sum, n->lane[m->lane].product, (double)m->quantity,
                        mdl_stock_share_at(w, n->lane[m->lane].product, m->share));
        }
    stand_in_reserves(w, s, sum);
    for (uint32_t k = 0; k < n->n_process; k++) {
        const struct mdl_recipe *r = &n->recipe[n->process[k].recipe];

        const struct mdl_yard *y = w->process[k].yard;

        for (int m = 0; m < MDL_MARKS; m++)
            for (int e = 0; e < r->n_el; e++)
                for (size_t o = 0; o < no2; o++) {
                    size_t at = (size_t)e * no2 + o, to = (size_t)r->el[e] * no2 + o;

                    sum[to] += w->process[k].mass[m][e] * w->process[k].share[m][at];
                    sum[to] += y ? y->mass[m][e] * y->share[m][at] : 0;
                }
    }
}

static const char *place_name(const struct mdl_network *n, size_t o)
{
    if (o < (size_t)n->n_mined)
        return n->country[n->mined[o]];
    o -= (size_t)n->n_mined;
    return o == 0 ? "no country yet" : n->country[n->origin[o]];
}

/* Every element by origin, mined in and controlled: in = out + standing, to 1e-9 of all that came
 * in. */
static int audit_elements(struct mdl_state *w, const struct on_the_way *way,
                          struct mdl_run_report *report, struct sim_err *err)
{
    const struct mdl_network *n = w->net;
    size_t no2 = (size_t)n->n_share, size = (size_t)n->n_element * no2;
    double *sum = sim_arena_alloc(&w->run.arena, size + 1, sizeof *sum);
    int rc = 0;

    stand(w, way, sum);
    for (int e = 0; e < n->n_element; e++) {
        double all = 0;

        for (size_t o = 0; o < no2; o++)
            for (uint32_t s = 0; s < n->n_site; s++)
                all += mdl_ledger(w, w->el_in, s)[(size_t)e * no2 + o];
        for (size_t o = 0; o < no2 && all > 0; o++) {
            double in = 0, out = 0, gap;

            for (uint32_t s = 0; s < n->n_site; s++) {
                in += mdl_ledger(w, w->el_in, s)[(size_t)e * no2 + o];
                out += mdl_ledger(w, w->el_out, s)[(size_t)e * no2 + o];
            }
            gap = fabs(in - out - sum[(size_t)e * no2 + o]) / all;
            report->element_error = fmax(report->element_error, gap);
            if (gap > 1e-9)
                rc = sim_err_add(
                    err, SIM_ERUN, "audit: element %s, %s %s: in %.9g kg, out %.9g, standing %.9g",
                    n->element[e], o < (size_t)n->n_mined ? "mined in" : "separated in",
                    place_name(n, o), in, out, sum[(size_t)e * no2 + o]);
        }
    }
    return rc;
}

int mdl_audit(struct mdl_state *w, struct mdl_run_report *report, struct sim_err *err)
{
    struct on_the_way s = empty_queue(w);
    int rc[] = {audit_products(w, err), audit_books(w, err), audit_lanes(w, &s, err),
                audit_reserves(w, &s, err), audit_elements(w, &s, report, err)};

    for (size_t i = 0; i < sizeof rc / sizeof *rc; i++)
        if (rc[i] != 0)
            return rc[i];
    return 0;
}
