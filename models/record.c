#include "models/maker.h"
#include "models/reclaim.h"
#include "models/stockpile.h"

#include <math.h>
#include <string.h>

static int64_t stock_of(const struct mdl_point_state *p)
{
    return p->on_hand[0] + p->on_hand[1] + p->held;
}

/* On the last day of a month, and of the horizon. */
static void record_month(struct mdl_state *w, const struct mdl_site *s, int32_t today)
{
    const int32_t *first = w->st->month_first;
    int last = today == w->sc->start + (int32_t)w->sc->horizon_d - 1;

    for (uint32_t k = 0; k < w->st->n_month; k++)
        if (today + 1 == first[k + 1] || (last && today >= first[k] && today < first[k + 1]))
            for (uint32_t i = s->first_point; i < s->first_point + s->n_point; i++) {
                mdl_order_record_month(w, i, k);
                mdl_measure_month(w, i, k);
            }
}

void mdl_record_day(struct mdl_state *w, uint32_t site)
{
    const struct mdl_site *s = &w->net->site[site];
    int32_t today = mdl_today(w), since = today - w->sc->start;
    double weight = 1 / w->sc->forecast_d;

    for (uint32_t i = s->first_point; i < s->first_point + s->n_point; i++) {
        struct mdl_point_state *p = &w->point[i];
        uint32_t week = (uint32_t)(since / 7);

        p->week_needed += p->want[0] + p->want[1];
        for (int u = 0; u < MDL_USES; u++) {
            p->forecast[u] += weight * (p->want[u] - p->forecast[u]);
            p->want[u] = 0;
            p->diverted[u] -= weight * p->diverted[u];
        }
        if (today == w->st->before)
            mdl_measure_before(w, i);
        if (since < 0) {
            p->week_made = p->week_ordered = p->week_needed = 0;
            continue;
        }
        if (w->day_stock) {
            size_t at = (size_t)i * (size_t)w->sc->horizon_d + (size_t)since;
            uint32_t product = w->net->point[i].product;

            w->day_stock[at] = (float)mdl_units(w, product, (double)stock_of(p));
            w->day_made[at] = (float)mdl_units(w, product, p->week_made - p->day_made);
        }
        p->day_made = p->week_made;
        if (w->sc->n_hoarding > 0)
            mdl_hoard_record(w, i);
        p->stock_sum += (double)stock_of(p);
        for (uint32_t k = 0; k < w->net->point[i].n_demand; k++) {
            struct mdl_market_state *m = &w->market[w->net->point[i].demand[k]];

            m->backlog_sum += (double)m->backlog;
        }
        p->week_stock += (double)stock_of(p);
        if (since % 7 == 6 || since == (int32_t)w->sc->horizon_d - 1) {
            size_t at = (size_t)i * w->st->n_week + week;

            w->week_stock[at] =
                (float)mdl_units(w, w->net->point[i].product, p->week_stock / (since % 7 + 1));
            w->week_made[at] = (float)mdl_units(w, w->net->point[i].product, p->week_made);
            mdl_measure_week(w, i, week);
            p->week_stock = p->week_made = p->day_made = 0;
        }
    }
    if (since >= 0)
        record_month(w, s, today);
}

/* ---- into the result ---- */

void *mdl_record_slot(const struct mdl_state *w, const char *name)
{
    const struct sim_column *c = sim_result_find(w->res, name);
    size_t runs, n;

    if (c == NULL)
        return NULL;
    n = sim_column_slot(w->res, c);
    runs = w->res->axis[c->axis[1]].n;
    return (char *)c->data +
           ((size_t)w->scenario * runs + w->opt.slot) * n * sim_type_size(c->type);
}

double mdl_days_since(const struct mdl_state *w, int32_t day)
{
    return day == SIM_DAY_NONE ? NAN : (double)(day - w->sc->start);
}

static void *slot(const struct mdl_state *w, const char *name)
{
    return mdl_record_slot(w, name);
}

static void store_market(struct mdl_state *w)
{
    const struct mdl_network *n = w->net;
    double *demand = slot(w, "demand"), *served = slot(w, "served"),
           *once = slot(w, "served_at_once");
    double *lost = slot(w, "lost"), *backlog = slot(w, "backlog"), *usd = slot(w, "loss_usd");
    double *mean = slot(w, "backlog_mean");
    double *cause = slot(w, "loss_by_cause"), *by_goods = slot(w, "loss_by_goods");
    float *kg = slot(w, "delivered_kg");
    size_t no = (size_t)n->n_origin;

    for (uint32_t i = 0; i < n->n_demand; i++) {
        const struct mdl_product *p = &n->product[n->demand[i].product];
        struct mdl_market_state *m = &w->market[i];
        double value = p->value_usd / (double)p->qpu;

        demand[i] = mdl_units(w, n->demand[i].product, m->demand);
        served[i] = mdl_units(w, n->demand[i].product, m->served);
        once[i] = mdl_units(w, n->demand[i].product, m->at_once);
        lost[i] = mdl_units(w, n->demand[i].product, m->lost);
        backlog[i] = mdl_units(w, n->demand[i].product, (double)m->backlog);
        mean[i] = mdl_units(w, n->demand[i].product, m->backlog_sum) / (double)w->sc->horizon_d;
        usd[i] = (m->lost + (double)m->backlog) * value;
        for (uint32_t c = 0; c < w->st->n_cause; c++) {
            cause[c] += m->cause[c] * value;
            by_goods[(size_t)w->st->demand_goods[i] * w->st->n_cause + c] += m->cause[c] * value;
        }
        for (int e = 0; e < p->n_el; e++)
            for (size_t o = 0; o < no; o++)
                kg[((size_t)i * (size_t)n->n_element + p->el[e]) * no + o] =
                    (float)m->delivered[(size_t)e * (size_t)n->n_share + (size_t)n->n_mined + o];
    }
}

/* Customers who still wait at the horizon count as lost, by the causes that hold their goods then.
 */
static void book_backlog(struct mdl_state *w)
{
    for (uint32_t i = 0; i < w->net->n_demand; i++)
        if (w->market[i].backlog > 0)
            mdl_market_book(w, i, (double)w->market[i].backlog, 1);
}

static void store_plants(struct mdl_state *w)
{
    const struct mdl_network *n = w->net;
    double *planned = slot(w, "planned"), *started = slot(w, "started"),
           *missed = slot(w, "missed");
    float *first = slot(w, "stop_first"), *days = slot(w, "stop_days"),
          *slow = slot(w, "slow_days");
    float *longest = slot(w, "stop_longest"), *longest_first = slot(w, "stop_longest_first");
    float *why = slot(w, "missed_by_why"), *amount = slot(w, "missed_by_cause");
    int32_t *cause = slot(w, "missed_cause");

    for (uint32_t k = 0; k < n->n_process; k++) {
        const struct mdl_process_state *p = &w->process[k];
        uint32_t product = n->recipe[n->process[k].recipe].out[0].product;
        char taken[MDL_TOP] = {0};

        planned[k] = mdl_units(w, product, p->planned);
        started[k] = mdl_units(w, product, p->started);
        missed[k] = mdl_units(w, product, p->missed);
        first[k] = (float)mdl_days_since(w, p->stop_first);
        days[k] = (float)p->stop_days;
        slow[k] = (float)p->slow_days;
        longest[k] = (float)p->longest;
        longest_first[k] = (float)mdl_days_since(w, p->longest_first);
        for (int i = 0; i < MDL_TOP && p->cause_amount[i] > 0; i++)
            why[(size_t)k * (size_t)w->st->n_why + (size_t)w->st->cause[p->cause_id[i]].why] +=
                (float)mdl_units(w, product, p->cause_amount[i]);
        for (int r = 0; r < MDL_RANKS; r++) {
            int best = -1;

            for (int i = 0; i < MDL_TOP; i++)
                if (!taken[i] && p->cause_amount[i] > 0 &&
                    (best < 0 || p->cause_amount[i] > p->cause_amount[best]))
                    best = i;
            cause[(size_t)k * MDL_RANKS + (size_t)r] = best < 0 ? -1 : (int32_t)p->cause_id[best];
            if (best < 0)
                continue;
            taken[best] = 1;
            amount[(size_t)k * MDL_RANKS + (size_t)r] =
                (float)mdl_units(w, product, p->cause_amount[best]);
        }
    }
}

/* What makers did about missing inputs. */
static void store_makers(struct mdl_state *w)
{
    const struct mdl_network *n = w->net;
    double *with = slot(w, "substituted"), *idle = slot(w, "substitution_idle"),
           *mean = slot(w, "yard_mean"), *top = slot(w, "yard_max"), *end = slot(w, "yard_end");
    float *first = slot(w, "substitution_first");

    for (uint32_t k = 0; k < n->n_process; k++) {
        const struct mdl_process_state *p = &w->process[k];
        const struct mdl_yard *y = p->yard;
        uint32_t product = n->recipe[n->process[k].recipe].out[0].product;

        if (with) {
            with[k] = mdl_units(w, product, p->substituted);
            idle[k] = mdl_units(w, product, p->idle);
            first[k] = (float)mdl_days_since(w, p->turned);
        }
        if (mean && y) {
            mean[k] = mdl_units(w, product, y->sum) / (double)w->sc->horizon_d;
            top[k] = mdl_units(w, product, (double)y->top);
            end[k] = mdl_units(w, product, (double)(y->waiting[0] + y->waiting[1]));
        }
    }
}

static void store_points(struct mdl_state *w)
{
    static const char *const names[] = {"ordered", "received", "refused", "cancelled", "unplaced",
                                        "made",    "used",     "shipped", "surplus"};
    float *to[sizeof names / sizeof *names];
    float *stock = slot(w, "stock_mean"), *cover = slot(w, "cover_mean"),
          *lead = slot(w, "lead_mean"), *lines = slot(w, "order_lines");

    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        to[k] = slot(w, names[k]);
    for (uint32_t i = 0; i < w->net->n_point; i++) {
        const struct mdl_point_state *p = &w->point[i];
        const int64_t from[] = {p->ordered, p->received, p->refused, p->cancelled, p->unplaced,
                                p->made,    p->used,     p->shipped, p->surplus};
        double used = (double)(p->used + p->shipped + p->sold),
               mean = p->stock_sum / (double)w->sc->horizon_d;
        uint32_t product = w->net->point[i].product;

        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            to[k][i] = (float)mdl_units(w, product, (double)from[k]);
        lines[i] = (float)p->order_lines;
        stock[i] = (float)mdl_units(w, product, mean);
        cover[i] = used > 0 ? (float)(mean / (used / (double)w->sc->horizon_d)) : NAN;
        lead[i] = p->lead_weight > 0 ? (float)(p->lead_sum / p->lead_weight) : NAN;
    }
    memcpy(slot(w, "week_stock"), w->week_stock,
           (size_t)w->net->n_point * w->st->n_week * sizeof(float));
    memcpy(slot(w, "week_made"), w->week_made,
           (size_t)w->net->n_point * w->st->n_week * sizeof(float));
}

/* Daily series, with outputs = full. */
static void store_days(struct mdl_state *w)
{
    size_t size = (size_t)w->net->n_point * (size_t)w->sc->horizon_d * sizeof(float);

    if (w->day_stock == NULL)
        return;
    memcpy(slot(w, "day_stock"), w->day_stock, size);
    memcpy(slot(w, "day_made"), w->day_made, size);
}

static void store_groups(struct mdl_state *w)
{
    const struct mdl_study *st = w->st;
    float *made = slot(w, "group_made"), *stock = slot(w, "group_stock");

    for (uint32_t i = 0; i < w->net->n_point; i++) {
        uint32_t g = st->point_group[i];

        if (g == UINT32_MAX)
            continue;
        for (uint32_t k = 0; k < st->n_week; k++) {
            made[(size_t)g * st->n_week + k] += w->week_made[(size_t)i * st->n_week + k];
            stock[(size_t)g * st->n_week + k] += w->week_stock[(size_t)i * st->n_week + k];
        }
    }
}

static void store_flows(struct mdl_state *w)
{
    const struct mdl_study *st = w->st;
    float *exports = slot(w, "exports"), *imports = slot(w, "imports"),
          *open = slot(w, "open_orders"), *moved = slot(w, "link_moved"),
          *held = slot(w, "link_held");
    static const char *const names[] = {"lead_received", "lead_open", "lead_refused"};

    for (uint32_t i = 0; i < w->net->n_lane; i++) {
        uint32_t f = st->lane_flow[i], product = w->net->lane[i].product;

        for (uint32_t k = 0; k < st->n_month; k++) {
            size_t from = (size_t)i * st->n_month + k, to = (size_t)f * st->n_month + k,
                   link = (size_t)st->lane_link[i] * st->n_month + k;

            moved[link] += (float)mdl_units(w, product, (double)w->arrived[from]);
            held[link] += (float)mdl_units(w, product, w->kept ? (double)w->kept[from] : 0);
            if (f == UINT32_MAX)
                continue;
            exports[to] += (float)mdl_units(w, product, (double)w->exported[from]);
            imports[to] += (float)mdl_units(
                w, product, (double)(w->arrived[from] - (w->came_round ? w->came_round[from] : 0)));
            open[to] += (float)mdl_units(w, product, (double)w->still_open[from]);
        }
    }
    for (int k = 0; k < 3; k++)
        memcpy(slot(w, names[k]), w->bin[k], (size_t)st->n_flow * MDL_LEAD_BINS * sizeof(float));
}

static void store_offices(struct mdl_state *w)
{
    static const char *const names[] = {"applied",  "granted",     "refused_licences",
                                        "returned", "review_days", "office_backlog"};
    int axis = sim_result_find_axis(w->res, "office");
    uint32_t n_office = axis < 0 ? 0 : (uint32_t)w->res->axis[axis].n;
    double *waiting = slot(w, "waiting");

    for (uint32_t i = 0; i < w->sc->n_office; i++) {
        const struct mdl_office_state *s = &w->office[i];
        const double *from[] = {s->applied,  s->granted, s->refused,
                                s->returned, s->days,    s->backlog};
        uint32_t at = 0;

        for (uint32_t k = 0; k < w->st->n_month;
             k++) /* no news: as at the end of the month before */
            if (isnan(s->backlog[k]))
                s->backlog[k] = k > 0 ? s->backlog[k - 1] : 0;

        while (at < n_office && strcmp(w->res->axis[axis].label[at], w->sc->office[i].id) != 0)
            at++;
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            memcpy((double *)slot(w, names[k]) + (size_t)at * w->st->n_month, from[k],
                   w->st->n_month * sizeof(double));
        waiting[at] = (double)s->open;
        ((double *)slot(w, "queue_wait"))[at] = s->wait_n > 0 ? s->wait_sum / s->wait_n : NAN;
    }
}

/* Place of a rule on the axis of all scenarios' rules. */
static size_t rule_at(const struct mdl_state *w, uint32_t rule)
{
    int axis = sim_result_find_axis(w->res, "rule");
    size_t i = 0;

    while (strcmp(w->res->axis[axis].label[i], w->sc->rule[rule].id) != 0)
        i++;
    return i;
}

static void store_drawn(const struct mdl_state *w, const char *name, char *const *drawn,
                        const double *const *sure, size_t n)
{
    int8_t *to = slot(w, name);

    for (uint32_t r = 0; to && r < w->sc->n_rule; r++)
        for (size_t i = 0; i < n; i++)
            to[rule_at(w, r) * n + i] =
                (int8_t)(drawn[r] ? drawn[r][i] : sure != NULL && sure[r][i] > 0);
}

/* What was true in the run. */
static void store_world(struct mdl_state *w)
{
    const struct mdl_network *n = w->net;
    const double **chance = sim_arena_alloc(&w->run.arena, w->sc->n_rule, sizeof *chance);
    int8_t *exists = slot(w, "rule_exists");

    for (uint32_t r = 0; r < w->sc->n_rule; r++) {
        exists[rule_at(w, r)] = w->world.exists[r];
        chance[r] = w->sc->rule[r].chance;
    }
    store_drawn(w, "item_listed", w->world.goods, chance, n->n_product);
    store_drawn(w, "buyer_suspected", w->world.suspect, NULL, n->n_site);
    store_drawn(w, "exporter_declines", w->world.declines, NULL, n->n_site);
}

static void store_rules(struct mdl_state *w)
{
    double *tax = slot(w, "tax_usd"), *used = slot(w, "quota_used");

    for (uint32_t r = 0; tax && r < w->sc->n_rule; r++)
        for (uint32_t s = 0; s < w->net->n_site; s++)
            tax[rule_at(w, r)] += w->tax_usd[(size_t)s * w->sc->n_rule + r];
    for (uint32_t i = 0; used && i < w->n_quota; i++)
        memcpy(used + rule_at(w, w->quota[i].rule) * w->st->n_month, w->quota[i].used,
               w->st->n_month * sizeof(double));
}

/* One depot: of a company, one site's part of it. */
static void store_depot(struct mdl_state *w, const struct mdl_depot *d, size_t at)
{
    double *level = slot(w, "reserve_level"), *out = slot(w, "reserve_released"),
           *in = slot(w, "reserve_filled"), *usd = slot(w, "reserve_usd");
    float *empty = slot(w, "reserve_empty");
    int64_t held = d->target + d->before;

    for (uint32_t k = 0; k < w->st->n_month; k++) {
        size_t to = at * w->st->n_month + k;
        double q = mdl_units(w, d->product, (double)d->released[k]);

        held += d->taken[k] - d->released[k];
        level[to] += mdl_units(w, d->product, (double)held);
        out[to] += q;
        in[to] += mdl_units(w, d->product, (double)d->taken[k]);
        usd[at] += q * w->net->product[d->product].value_usd;
    }
    if (d->empty != SIM_DAY_NONE)
        empty[at] =
            fminf(isnan(empty[at]) ? INFINITY : empty[at], (float)mdl_days_since(w, d->empty));
}

static void store_reserves(struct mdl_state *w)
{
    float *got = slot(w, "from_reserve"), *empty = slot(w, "reserve_empty");
    int axis = sim_result_find_axis(w->res, "reserve");

    for (uint32_t i = 0; got && i < w->net->n_point; i++)
        got[i] = (float)mdl_units(w, w->net->point[i].product, (double)w->point[i].from_reserve);
    for (size_t i = 0; empty && i < w->res->axis[axis].n; i++)
        empty[i] = NAN;
    for (uint32_t i = 0; w->stockpile && i < w->stockpile->n_depot; i++) {
        const struct mdl_depot *d = &w->stockpile->depot[i];
        const struct mdl_reserve *r = &w->sc->reserve[d->reserve];
        const char *label;
        uint32_t k = 0;
        size_t at = 0;

        while (r->stock[k].product != d->product)
            k++;
        label = mdl_reserve_label(r, k, w->net, &w->run.arena);
        while (strcmp(w->res->axis[axis].label[at], label) != 0)
            at++;
        store_depot(w, d, at);
    }
}

/* What buyers did about it. */
static void store_responses(struct mdl_state *w)
{
    const struct mdl_network *n = w->net;
    float *hoarded = slot(w, "hoarded"), *first = slot(w, "qualified_first"),
          *moved = slot(w, "share_moved"), *lines = slot(w, "lines_switched"),
          *switched = slot(w, "switched");
    double *usd = slot(w, "qualify_usd"), days = (double)w->sc->horizon_d;
    int32_t end = w->sc->start + (int32_t)w->sc->horizon_d;

    for (uint32_t i = 0; hoarded && i < n->n_point; i++)
        hoarded[i] = (float)mdl_units(w, n->point[i].product, w->point[i].hoarded / days);
    for (uint32_t i = 0; first && i < n->n_point; i++) {
        const struct mdl_point_state *p = &w->point[i];

        first[i] = NAN;
        moved[i] = (float)(p->share_moved / days);
        lines[i] = (float)p->lines_switched;
        switched[i] = (float)mdl_units(w, n->point[i].product, (double)p->switched);
    }
    for (uint32_t i = 0; first && i < n->n_lane; i++) {
        int32_t day = w->lane[i].qualified;
        uint32_t at = n->lane[i].to_point;

        usd[at] += w->lane[i].qualify_usd;
        if (!n->lane[i].qualified && day < end)
            first[at] =
                fminf(isnan(first[at]) ? INFINITY : first[at], (float)mdl_days_since(w, day));
    }
}

void mdl_record_store(struct mdl_state *w)
{
    mdl_order_record_open(w);
    book_backlog(w);
    store_market(w);
    store_plants(w);
    store_makers(w);
    store_points(w);
    store_days(w);
    store_groups(w);
    store_flows(w);
    store_offices(w);
    store_world(w);
    store_rules(w);
    mdl_evade_store(w);
    mdl_strike_store(w);
    mdl_spot_store(w);
    store_reserves(w);
    mdl_reclaim_store(w);
    mdl_measure_store(w);
    store_responses(w);
    *(double *)slot(w, "events") = (double)w->run.handled;
}
