#include "models/actors.h"

#include <math.h>
#include <string.h>

/* Measures of service, lead times, orders and exposure. Definitions are in analysis/README.md,
 * "What is measured". */

void mdl_measure_allocate(struct mdl_state *w)
{
    const struct mdl_network *n = w->net;
    const struct mdl_study *st = w->st;
    struct sim_arena *a = &w->run.arena;
    size_t cohorts = (size_t)st->n_watched * st->n_cohort * MDL_LEAD_BINS;

    w->week_ordered = sim_arena_alloc(a, (size_t)n->n_point * st->n_week, sizeof(float));
    w->week_needed = sim_arena_alloc(a, (size_t)n->n_point * st->n_week, sizeof(float));
    w->month_cover = sim_arena_alloc(a, (size_t)n->n_point * st->n_month, sizeof(float));
    w->month_stock = sim_arena_alloc(a, (size_t)n->n_point * st->n_month, sizeof(float));
    w->month_rate = sim_arena_alloc(a, (size_t)n->n_point * st->n_month, sizeof(float));
    w->site_due = sim_arena_alloc(a, (size_t)n->n_site * st->n_week, sizeof(double));
    w->site_on_time = sim_arena_alloc(a, (size_t)n->n_site * st->n_week, sizeof(double));
    w->site_planned = sim_arena_alloc(a, (size_t)n->n_site * st->n_week, sizeof(double));
    w->site_missed = sim_arena_alloc(a, (size_t)n->n_site * st->n_week, sizeof(double));
    w->period_started = sim_arena_alloc(a, (size_t)n->n_process * st->n_period, sizeof(float));
    w->promised = sim_arena_alloc(a, (size_t)st->n_flow * MDL_LEAD_BINS, sizeof(float));
    for (int k = 0; k < 3; k++)
        w->cohort[k] = sim_arena_alloc(a, cohorts, sizeof(float));
    w->before_cover = sim_arena_alloc(a, n->n_point, sizeof(float));
    w->before_kg = sim_arena_alloc(
        a, (size_t)n->n_point * (size_t)n->n_element * (size_t)n->n_origin, sizeof(float));
}

/* ---- order lines ---- */

/* Was it placed on a recorded day and promised for one? */
static int is_due(const struct mdl_state *w, const struct mdl_order *o)
{
    return mdl_recording(w, o->placed) && o->promised < w->sc->start + (int32_t)w->sc->horizon_d;
}

static struct mdl_point_state *buyer(const struct mdl_state *w, const struct mdl_order *o)
{
    return &w->point[w->net->lane[o->lane].to_point];
}

static double usd(const struct mdl_state *w, uint32_t product, double quanta)
{
    return mdl_units(w, product, quanta) * w->net->product[product].value_usd;
}

/* Adds the value of q of an order that is due to its buyer's week. */
static void add_due(const struct mdl_state *w, double *to, const struct mdl_order *o, int64_t q)
{
    const struct mdl_lane *l = &w->net->lane[o->lane];

    to[(size_t)l->to * w->st->n_week + (size_t)(o->promised - w->sc->start) / 7] +=
        usd(w, l->product, (double)q);
}

void mdl_measure_placed(struct mdl_state *w, const struct mdl_order *o)
{
    uint32_t flow = w->st->lane_flow[o->lane];
    int32_t bin = (o->promised - o->placed) / MDL_LEAD_BIN_D;

    buyer(w, o)->week_ordered += (double)o->quantity;
    if (is_due(w, o)) {
        buyer(w, o)->due += o->quantity;
        add_due(w, w->site_due, o, o->quantity);
    }
    if (flow == UINT32_MAX || !mdl_recording(w, o->placed))
        return;
    bin = bin < MDL_LEAD_BINS ? bin : MDL_LEAD_BINS - 1;
    w->promised[(size_t)flow * MDL_LEAD_BINS + (size_t)bin] +=
        (float)mdl_units(w, w->net->lane[o->lane].product, (double)o->quantity);
}

void mdl_measure_received(struct mdl_state *w, const struct mdl_order *o, int64_t q)
{
    if (!is_due(w, o))
        return;
    buyer(w, o)->due_received += q;
    if (w->run.now <= (int64_t)(o->promised - w->day0) * MDL_TICKS_PER_DAY) {
        buyer(w, o)->on_time += q;
        add_due(w, w->site_on_time, o, q);
    }
}

void mdl_measure_taken_back(struct mdl_state *w, const struct mdl_order *o, int64_t q)
{
    if (is_due(w, o)) {
        buyer(w, o)->due -= q;
        add_due(w, w->site_due, o, -q);
    }
}

void mdl_measure_lead(struct mdl_state *w, const struct mdl_order *o, int64_t q, int32_t bin,
                      int which)
{
    uint32_t at = w->st->flow_watched[w->st->lane_flow[o->lane]], k = 0;

    if (at == UINT32_MAX)
        return;
    while (k + 1 < w->st->n_cohort && o->placed >= w->st->cohort_first[k + 1])
        k++;
    w->cohort[which][((size_t)at * w->st->n_cohort + k) * MDL_LEAD_BINS + (size_t)bin] +=
        (float)mdl_units(w, w->net->lane[o->lane].product, (double)q);
}

/* ---- by day, week and month ---- */

void mdl_measure_started(struct mdl_state *w, uint32_t process, int32_t today, int64_t q)
{
    uint32_t product = mdl_recipe_of(w, process)->out[0].product,
             period = (uint32_t)((today - w->sc->start) / MDL_PERIOD_D);

    w->period_started[(size_t)process * w->st->n_period + period] +=
        (float)mdl_units(w, product, (double)q);
}

void mdl_measure_week(struct mdl_state *w, uint32_t point, uint32_t week)
{
    struct mdl_point_state *p = &w->point[point];
    size_t at = (size_t)point * w->st->n_week + week;
    uint32_t product = w->net->point[point].product;

    w->week_ordered[at] = (float)mdl_units(w, product, p->week_ordered);
    w->week_needed[at] = (float)mdl_units(w, product, p->week_needed);
    p->week_ordered = p->week_needed = 0;
}

/* Stock, with what is held at the gate, over the forecast of a day; NAN if nothing is required. */
static float cover_of(const struct mdl_point_state *p)
{
    double rate = p->forecast[0] + p->forecast[1];

    return rate > 0 ? (float)((double)(p->on_hand[0] + p->on_hand[1] + p->held) / rate) : NAN;
}

/* What rules keep back of the lines in a list, by lane. */
static void add_kept(struct mdl_state *w, const struct mdl_list *list, uint32_t month)
{
    for (uint32_t id = list->first; id; id = mdl_line_at(w, id)->next) {
        const struct mdl_line *l = mdl_line_at(w, id);

        if (!l->closed)
            w->kept[(size_t)l->lane * w->st->n_month + month] += mdl_papers_keep(w, l);
    }
}

void mdl_measure_month(struct mdl_state *w, uint32_t point, uint32_t month)
{
    const struct mdl_point_state *p = &w->point[point];
    size_t at = (size_t)point * w->st->n_month + month;

    w->month_cover[at] = cover_of(p);
    w->month_stock[at] = (float)(p->on_hand[0] + p->on_hand[1] + p->held);
    w->month_rate[at] = (float)(p->forecast[0] + p->forecast[1]);
    if (w->kept) {
        add_kept(w, &p->open, month);
        add_kept(w, &p->waiting, month);
    }
}

/* What was planned and missed at a site from start to the end of a week. */
static void site_week(struct mdl_state *w, uint32_t site, uint32_t week)
{
    const struct mdl_site *s = &w->net->site[site];
    size_t at = (size_t)site * w->st->n_week + week;

    for (uint32_t k = s->first_process; k < s->first_process + s->n_process; k++) {
        uint32_t product = mdl_recipe_of(w, k)->out[0].product;

        w->site_planned[at] += usd(w, product, w->process[k].planned);
        w->site_missed[at] += usd(w, product, w->process[k].missed);
    }
    for (uint32_t i = s->first_point; i < s->first_point + s->n_point; i++)
        for (uint32_t k = 0; k < w->net->point[i].n_demand; k++) {
            const struct mdl_market_state *m = &w->market[w->net->point[i].demand[k]];

            w->site_planned[at] += usd(w, w->net->point[i].product, m->demand);
            w->site_missed[at] += usd(w, w->net->point[i].product, m->demand - m->at_once);
        }
}

void mdl_measure_morning(struct mdl_state *w, uint32_t site)
{
    int32_t since = mdl_today(w) - w->sc->start;

    if (since > 0 && since % 7 == 0)
        site_week(w, site, (uint32_t)since / 7 - 1);
}

static uint32_t this_month(const struct mdl_state *w)
{
    return w->st->day_month[mdl_today(w) - w->sc->start];
}

void mdl_measure_asked(struct mdl_state *w, uint32_t demand, int64_t q)
{
    w->market[demand].demand += (double)q;
    w->market[demand].asked[this_month(w)] += (double)q;
}

static void add_loss(struct mdl_state *w, uint32_t demand, uint32_t cause, uint32_t month, double q)
{
    struct mdl_market_state *m = &w->market[demand];
    uint32_t id = m->loss;
    struct mdl_month_loss *l;

    while (id && (l = sim_pool_at(&w->loss, id))->month == month && l->cause != cause)
        id = l->next;
    if (id && l->month == month) {
        l->quanta += q;
        return;
    }
    id = sim_pool_take_raw(&w->loss);
    *(struct mdl_month_loss *)sim_pool_at(&w->loss, id) =
        (struct mdl_month_loss){m->loss, month, cause, q};
    m->loss = id;
}

void mdl_measure_lost(struct mdl_state *w, uint32_t demand, uint32_t cause, double q)
{
    add_loss(w, demand, cause, this_month(w), q);
}

void mdl_measure_waits(struct mdl_state *w, uint32_t demand, uint32_t cause, double part)
{
    const struct mdl_market_state *m = &w->market[demand];
    double left = (double)m->backlog;

    for (uint32_t k = this_month(w) + 1; k-- > 0 && left > 0;) {
        double q = k > 0 ? fmin(left, m->asked[k]) : left; /* from before start too */

        if (q > 0)
            add_loss(w, demand, cause, k, part * q);
        left -= q;
    }
}

void mdl_measure_before(struct mdl_state *w, uint32_t point)
{
    const struct mdl_network *n = w->net;
    const struct mdl_product *prod = &n->product[n->point[point].product];
    const struct mdl_point_state *p = &w->point[point];
    size_t no = (size_t)n->n_origin;

    w->before_cover[point] = cover_of(p);
    for (int e = 0; e < prod->n_el; e++) {
        float *to = w->before_kg + ((size_t)point * (size_t)n->n_element + prod->el[e]) * no;

        for (int m = 0; m < MDL_MARKS; m++)
            for (size_t o = 0; o < no; o++)
                to[o] +=
                    (float)((double)p->on_hand[m] * prod->kg[prod->el[e]] *
                            p->share[m][(size_t)e * (size_t)n->n_share + (size_t)n->n_mined + o]);
    }
}

/* ---- into the result ---- */

/* Coefficient of variation of x[n], variance over n - 1; NAN without two values or a mean. */
static double variation(const double x[], uint32_t n)
{
    double mean = 0, square = 0;

    for (uint32_t i = 0; i < n; i++)
        mean += x[i] / n;
    for (uint32_t i = 0; i < n; i++)
        square += (x[i] - mean) * (x[i] - mean);
    return n > 1 && mean > 0 ? sqrt(square / (n - 1)) / mean : NAN;
}

static double bullwhip(double orders, double needs)
{
    return needs > 0 ? orders / needs * (orders / needs) : NAN;
}

enum { SUM_WEEKS = MDL_PERIOD_D / 7 };

/* Whole periods only. */
static uint32_t whole_periods(const struct mdl_state *w)
{
    return (uint32_t)(w->sc->horizon_d / MDL_PERIOD_D);
}

/* Adds scale x the weeks of a point to sums over four weeks each. */
static void add_weeks(double to[], const float week[], uint32_t n, double scale)
{
    for (uint32_t k = 0; k < n * SUM_WEEKS; k++)
        to[k / SUM_WEEKS] += scale * (double)week[k];
}

static void store_orders(struct mdl_state *w)
{
    uint32_t n = whole_periods(w);
    double *x = sim_arena_alloc(&w->run.arena, n, sizeof *x),
           *y = sim_arena_alloc(&w->run.arena, n, sizeof *y);
    float *due = mdl_record_slot(w, "due"), *received = mdl_record_slot(w, "due_received"),
          *on_time = mdl_record_slot(w, "on_time"), *ordered = mdl_record_slot(w, "order_cv"),
          *needed = mdl_record_slot(w, "need_cv"), *whip = mdl_record_slot(w, "bullwhip");

    for (uint32_t i = 0; i < w->net->n_point; i++) {
        const struct mdl_point_state *p = &w->point[i];
        uint32_t product = w->net->point[i].product;
        double a, b;

        due[i] = (float)mdl_units(w, product, (double)p->due);
        received[i] = (float)mdl_units(w, product, (double)p->due_received);
        on_time[i] = (float)mdl_units(w, product, (double)p->on_time);
        memset(x, 0, n * sizeof *x);
        memset(y, 0, n * sizeof *y);
        add_weeks(x, w->week_ordered + (size_t)i * w->st->n_week, n, 1);
        add_weeks(y, w->week_needed + (size_t)i * w->st->n_week, n, 1);
        a = w->net->point[i].n_lane_in > 0 ? variation(x, n) : NAN;
        b = variation(y, n);
        ordered[i] = (float)a;
        needed[i] = (float)b;
        whip[i] = (float)bullwhip(a, b);
    }
}

static void store_stages(struct mdl_state *w)
{
    const struct mdl_study *st = w->st;
    uint32_t n = whole_periods(w);
    double *x = sim_arena_alloc(&w->run.arena, (size_t)st->n_stage * n, sizeof *x),
           *y = sim_arena_alloc(&w->run.arena, (size_t)st->n_stage * n, sizeof *y);
    double *due = mdl_record_slot(w, "stage_due"),
           *received = mdl_record_slot(w, "stage_due_received"),
           *on_time = mdl_record_slot(w, "stage_on_time"),
           *whip = mdl_record_slot(w, "stage_bullwhip");

    for (uint32_t i = 0; i < w->net->n_point; i++) {
        const struct mdl_point *q = &w->net->point[i];
        const struct mdl_point_state *p = &w->point[i];
        uint32_t s = st->site_stage[q->site];
        double value = w->net->product[q->product].value_usd;

        if (q->n_lane_in == 0)
            continue;
        due[s] += value * mdl_units(w, q->product, (double)p->due);
        received[s] += value * mdl_units(w, q->product, (double)p->due_received);
        on_time[s] += value * mdl_units(w, q->product, (double)p->on_time);
        add_weeks(x + (size_t)s * n, w->week_ordered + (size_t)i * st->n_week, n, value);
        add_weeks(y + (size_t)s * n, w->week_needed + (size_t)i * st->n_week, n, value);
    }
    for (uint32_t s = 0; s < st->n_stage; s++)
        whip[s] = bullwhip(variation(x + (size_t)s * n, n), variation(y + (size_t)s * n, n));
}

static void store_sites(struct mdl_state *w)
{
    uint32_t n = w->st->n_week;
    float *due = mdl_record_slot(w, "site_due"), *on_time = mdl_record_slot(w, "site_on_time"),
          *planned = mdl_record_slot(w, "site_planned"),
          *missed = mdl_record_slot(w, "site_missed");

    for (uint32_t i = 0; i < w->net->n_site; i++) {
        site_week(w, i, n - 1);
        for (size_t at = (size_t)i * n, k = 0; k < n; k++, at++) {
            due[at] = (float)fmax(0, w->site_due[at]); /* less what was taken back, rounded */
            on_time[at] = (float)w->site_on_time[at];
            planned[at] = (float)(w->site_planned[at] - (k ? w->site_planned[at - 1] : 0));
            missed[at] = (float)(w->site_missed[at] - (k ? w->site_missed[at - 1] : 0));
        }
    }
}

static void store_losses(struct mdl_state *w)
{
    double *to = mdl_record_slot(w, "month_loss");

    for (uint32_t i = 0; i < w->net->n_demand; i++)
        for (uint32_t id = w->market[i].loss; id;) {
            const struct mdl_month_loss *l = sim_pool_at(&w->loss, id);

            to[(size_t)l->cause * w->st->n_month + l->month] +=
                usd(w, w->net->demand[i].product, l->quanta);
            id = l->next;
        }
}

/* To the nearest number of 12 binary digits, so that the file compresses. */
static float rounded(float x)
{
    int e;
    double m = frexp((double)x, &e);

    return (float)ldexp(nearbyint(ldexp(m, 12)), e - 12);
}

static void store_group_cover(struct mdl_state *w)
{
    const struct mdl_study *st = w->st;
    size_t n = (size_t)st->n_group * st->n_month;
    float *to = mdl_record_slot(w, "group_cover");
    double *stock = sim_arena_alloc(&w->run.arena, n, sizeof *stock),
           *rate = sim_arena_alloc(&w->run.arena, n, sizeof *rate);

    for (uint32_t i = 0; i < w->net->n_point; i++)
        for (uint32_t k = 0; st->point_group[i] != UINT32_MAX && k < st->n_month; k++) {
            size_t from = (size_t)i * st->n_month + k,
                   at = (size_t)st->point_group[i] * st->n_month + k;

            stock[at] += (double)w->month_stock[from];
            rate[at] += (double)w->month_rate[from];
        }
    for (size_t k = 0; k < n; k++)
        to[k] = rate[k] > 0 ? rounded((float)(stock[k] / rate[k])) : NAN;
}

static void store_floats(const struct mdl_state *w, const char *name, const float *from, size_t n)
{
    memcpy(mdl_record_slot(w, name), from, n * sizeof(float));
}

void mdl_measure_store(struct mdl_state *w)
{
    static const char *const cohort[] = {"cohort_received", "cohort_open", "cohort_refused"};
    const struct mdl_network *n = w->net;
    const struct mdl_study *st = w->st;
    float *started = mdl_record_slot(w, "period_started");

    store_orders(w);
    store_stages(w);
    store_sites(w);
    store_losses(w);
    store_group_cover(w);
    for (size_t i = 0; i < (size_t)n->n_process * st->n_period; i++)
        started[i] = rounded(w->period_started[i]);
    store_floats(w, "month_cover", w->month_cover, (size_t)n->n_point * st->n_month);
    store_floats(w, "before_cover", w->before_cover, n->n_point);
    store_floats(w, "before_kg", w->before_kg,
                 (size_t)n->n_point * (size_t)n->n_element * (size_t)n->n_origin);
    store_floats(w, "lead_promised", w->promised, (size_t)st->n_flow * MDL_LEAD_BINS);
    for (int k = 0; k < 3; k++)
        store_floats(w, cohort[k], w->cohort[k],
                     (size_t)st->n_watched * st->n_cohort * MDL_LEAD_BINS);
}
