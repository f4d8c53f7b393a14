#include "analysis/report_flow_inner.h"

#include "analysis/plot.h"
#include "sim/date.h"

#include <stdlib.h>
#include <string.h>

/* Sites by what they miss of their plans, and what crosses borders, by month. */
struct site {
    size_t at;          /* on the axis */
    double plan;        /* USD a week, in the first scenario */
    double now;         /* missed beyond the first scenario in the month that is shown, USD */
    double worst, gone; /* most missed beyond the first scenario, a part; all of it, USD */
    double *part;       /* [n_scenario * n_month] missed / planned; NaN: nothing planned */
    double *missed;     /* [n_scenario * n_month] USD */
};
struct lane {
    const char *tier, *from, *to; /* tier: of the sender */
    double size, share;           /* USD, over scenarios; part of what leaves countries there */
    int focus;                    /* 1: the focus country is one of the two */
    double *moved;                /* [n_scenario * n_month] USD */
};
struct map {
    struct ana_report *p;
    struct ana_cube planned, missed;
    const struct sim_axis *site_axis;
    const char *const *country, *const *tier, *const *name;
    const char **stage; /* [n_stage] */
    const double *lat, *lon;
    size_t n_scenario, n_month, n_week, n_all_week;
    size_t *month_of; /* [n_week]; n_month: none */
    struct site *site;
    struct lane *lane;
    size_t n_stage, n_site, n_lane;
    size_t n_more, n_full;  /* sites that miss more than LITTLE; of these, those with series */
    size_t scenario, month; /* in which most is missed */
};

/* Bytes of series of sites and of lanes. Sites that never miss so much of a month's
 * plan beyond the baseline are drawn without one. Bars of a static page. */
enum { ROOM_SITES = 34 << 10, ROOM_LANES = 24 << 10, BARS = 20 };
#define LITTLE 0.01
/* The part of what crosses borders from a stage under which a lane is left out. */
#define SMALL 0.01

/* ---- sites ---- */

static void take_site(struct map *m, size_t i)
{
    size_t n = m->n_scenario * m->n_month;
    double *planned = sim_arena_alloc(&m->p->arena, n, sizeof *planned);
    struct site *x = &m->site[m->n_site];

    x->at = i;
    x->part = sim_arena_alloc(&m->p->arena, n, sizeof *x->part);
    x->missed = sim_arena_alloc(&m->p->arena, n, sizeof *x->missed);
    for (size_t s = 0; s < m->n_scenario; s++)
        for (size_t w = 0; w < m->n_week; w++) {
            double plan = ana_cube_at(&m->planned, s, 0, i * m->n_all_week + w),
                   miss = ana_cube_at(&m->missed, s, 0, i * m->n_all_week + w);

            x->plan += s == 0 && !isnan(plan) ? plan / (double)m->n_week : 0.0;
            if (m->month_of[w] == m->n_month || isnan(plan) || isnan(miss))
                continue;
            planned[s * m->n_month + m->month_of[w]] += plan;
            x->missed[s * m->n_month + m->month_of[w]] += miss;
        }
    for (size_t k = 0; k < n; k++)
        x->part[k] = planned[k] > 0.0 ? x->missed[k] / planned[k] : (double)NAN;
    for (size_t k = 0; k < n; k++) {
        size_t b = k % m->n_month;
        double more =
            k < m->n_month ? m->n_scenario > 1 ? 0.0 : x->part[k] : x->part[k] - x->part[b];

        x->worst = more > x->worst ? more : x->worst;
        x->gone += fmax(0.0, x->missed[k] - x->missed[b]);
    }
    m->n_site += x->plan > 0.0 || x->worst > 0.0;
}

static int by_gone(const void *a, const void *b)
{
    const struct site *x = a, *y = b;
    int c = (x->worst < LITTLE) - (y->worst < LITTLE);

    c = c ? c : (x->gone < y->gone) - (x->gone > y->gone);
    c = c ? c : (x->worst < y->worst) - (x->worst > y->worst);
    return c ? c : (x->at > y->at) - (x->at < y->at);
}

static void take_sites(struct map *m)
{
    double *sum = sim_arena_alloc(&m->p->arena, m->n_scenario * m->n_month, sizeof *sum);
    size_t row = m->n_scenario * m->n_month * ANA_PACKED;

    m->site = sim_arena_alloc(&m->p->arena, m->site_axis->n, sizeof *m->site);
    for (size_t i = 0; i < m->site_axis->n; i++)
        if (isfinite(m->lat[i]) && isfinite(m->lon[i]))
            take_site(m, i);
    if (m->n_site > 0)
        qsort(m->site, m->n_site, sizeof *m->site, by_gone);
    while (m->n_more < m->n_site && m->site[m->n_more].worst >= LITTLE)
        m->n_more++;
    m->n_full = m->n_more * row <= ROOM_SITES ? m->n_more : ROOM_SITES / row;
    for (size_t k = 0; k < m->n_scenario * m->n_month; k++) {
        for (size_t i = 0; i < m->n_site; i++)
            sum[k] += m->site[i].missed[k] -
                      (m->n_scenario > 1 ? m->site[i].missed[k % m->n_month] : 0.0);
        if (sum[k] > sum[m->scenario * m->n_month + m->month]) {
            m->scenario = k / m->n_month;
            m->month = k % m->n_month;
        }
    }
}

/* ---- lanes ---- */

static struct lane *lane_of(struct map *m, const char *tier, const char *from, const char *to)
{
    const char *focus = m->p->c->country;
    size_t k = 0;

    while (k < m->n_lane && (strcmp(m->lane[k].tier, tier) != 0 ||
                             strcmp(m->lane[k].from, from) != 0 || strcmp(m->lane[k].to, to) != 0))
        k++;
    if (k == m->n_lane) {
        m->lane[m->n_lane++] = (struct lane){
            .tier = tier,
            .from = from,
            .to = to,
            .focus = focus && (strcmp(focus, from) == 0 || strcmp(focus, to) == 0),
            .moved = sim_arena_alloc(&m->p->arena, m->n_scenario * m->n_month, sizeof(double))};
    }
    return &m->lane[k];
}

static int by_share(const void *a, const void *b)
{
    const struct lane *x = a, *y = b;
    int c = y->focus - x->focus;

    c = c ? c : (x->share < y->share) - (x->share > y->share);
    c = c ? c : strcmp(x->tier, y->tier);
    c = c ? c : strcmp(x->from, y->from);
    return c ? c : strcmp(x->to, y->to);
}

/* What crosses borders, by value; the largest of each stage as far as there is room. */
static void take_lanes(struct map *m)
{
    struct ana_flows f;
    const double *value = ana_coord_value(ana_axis(m->p->r, "product"), "product_value");
    size_t row = m->n_scenario * m->n_month * ANA_PACKED, n = 0;

    if (!value || !ana_flow_open(&f, m->p))
        return;
    m->lane = sim_arena_alloc(&m->p->arena, f.n_link, sizeof *m->lane);
    for (size_t i = 0; i < f.n_link; i++) {
        struct lane *x;

        if (strcmp(f.country[0][i], f.country[1][i]) == 0)
            continue;
        x = lane_of(m, f.tier[0][i], f.country[0][i], f.country[1][i]);
        for (size_t k = 0; k < m->n_scenario * m->n_month; k++) {
            double usd = value[f.product_at[i]] *
                         ana_flow_at(&f, &f.moved, k / m->n_month, i, k % m->n_month);

            x->moved[k] += usd;
            x->size += usd;
        }
    }
    for (size_t i = 0; i < m->n_lane; i++) {
        double all = 0.0;

        for (size_t k = 0; k < m->n_lane; k++)
            all += strcmp(m->lane[k].tier, m->lane[i].tier) == 0 ? m->lane[k].size : 0.0;
        m->lane[i].share = all > 0.0 ? m->lane[i].size / all : 0.0;
    }
    for (size_t i = 0; i < m->n_lane; i++)
        if (m->lane[i].share >= SMALL)
            m->lane[n++] = m->lane[i];
    m->n_lane = n;
    if (n > 0)
        qsort(m->lane, n, sizeof *m->lane, by_share);
    if (m->n_lane * row > ROOM_LANES)
        m->n_lane = ROOM_LANES / row;
}

/* ---- out ---- */

static size_t stage_at(struct map *m, const char *name)
{
    size_t i = 0;

    while (i < m->n_stage && strcmp(m->stage[i], name) != 0)
        i++;
    if (i == m->n_stage)
        m->stage[m->n_stage++] = name;
    return i;
}

static void put_number(struct map *m, double x)
{
    ana_json_number(m->p->to, x, ANA_REPORT_DIGITS);
}

static void put_series(struct map *m, const double *x)
{
    ana_json_open(m->p->to, '[');
    for (size_t s = 0; s < m->n_scenario; s++)
        ana_json_packed(m->p->to, x + s * m->n_month, m->n_month);
    ana_json_close(m->p->to, ']');
}

/* [id, stage, country, latitude, longitude, USD a week, series], in this order. */
static void put_site(struct map *m, size_t k)
{
    struct ana_text *to = m->p->to;
    const struct site *x = &m->site[k];

    ana_json_open(to, '[');
    ana_json_text(to, m->site_axis->label[x->at]);
    put_number(m, (double)stage_at(m, m->tier[x->at]));
    ana_json_text(to, m->country[x->at]);
    put_number(m, m->lat[x->at]);
    put_number(m, m->lon[x->at]);
    put_number(m, x->plan);
    if (k < m->n_full)
        put_series(m, x->part);
    ana_json_close(to, ']');
}

/* A country is where its largest site is. */
static void put_countries(struct map *m)
{
    ana_json_key(m->p->to, "countries");
    ana_json_open(m->p->to, '{');
    for (size_t i = 0; i < m->n_site; i++) {
        const char *country = m->country[m->site[i].at];
        int largest = 1;

        for (size_t k = 0; k < m->n_site; k++)
            if (k != i && strcmp(m->country[m->site[k].at], country) == 0)
                largest &= m->site[k].plan < m->site[i].plan ||
                           (m->site[k].plan == m->site[i].plan && i < k);
        if (!largest)
            continue;
        ana_json_key(m->p->to, country);
        ana_json_open(m->p->to, '[');
        put_number(m, m->lat[m->site[i].at]);
        put_number(m, m->lon[m->site[i].at]);
        ana_json_close(m->p->to, ']');
    }
    ana_json_close(m->p->to, '}');
}

static void put_data(struct map *m)
{
    struct ana_text *to = m->p->to;

    ana_report_data(m->p, "map");
    ana_json_key(to, "scenario");
    put_number(m, (double)m->scenario);
    ana_json_key(to, "month");
    put_number(m, (double)m->month);
    ana_json_key(to, "left_out");
    put_number(m, (double)(m->n_more - m->n_full));
    put_countries(m);
    ana_json_key(to, "sites");
    ana_json_open(to, '[');
    for (size_t i = 0; i < m->n_site; i++)
        put_site(m, i);
    ana_json_close(to, ']');
    ana_json_key(to, "lanes");
    ana_json_open(to, '[');
    for (size_t i = 0; i < m->n_lane; i++) {
        ana_json_open(to, '[');
        put_number(m, (double)stage_at(m, m->lane[i].tier));
        ana_json_text(to, m->lane[i].from);
        ana_json_text(to, m->lane[i].to);
        put_series(m, m->lane[i].moved);
        ana_json_close(to, ']');
    }
    ana_json_close(to, ']');
    ana_json_key(to, "stages");
    ana_json_texts(to, m->stage, m->n_stage);
    ana_report_data_end(m->p);
}

static const char *name_of(const struct map *m, const struct site *s)
{
    return m->name ? m->name[s->at] : m->site_axis->label[s->at];
}

static int by_missed(const void *a, const void *b)
{
    const struct site *x = a, *y = b;
    int c = (x->now < y->now) - (x->now > y->now);

    return c ? c : (x->at > y->at) - (x->at < y->at);
}

static void put_rows(struct map *m, const char *title, size_t n)
{
    static const char *const column[] = {"site",       "country", "stage",
                                         "USD a week", "missed",  "missed in the baseline"};
    enum { N_COLUMN = sizeof column / sizeof *column };
    struct ana_report_cell *cell = sim_arena_alloc(&m->p->arena, n * N_COLUMN, sizeof *cell),
                           *x = cell;

    for (size_t i = 0; i < n; i++) {
        const struct site *s = &m->site[i];

        *x++ = (struct ana_report_cell){name_of(m, s), 0.0};
        *x++ = (struct ana_report_cell){m->country[s->at], 0.0};
        *x++ = (struct ana_report_cell){m->tier[s->at], 0.0};
        *x++ = (struct ana_report_cell){NULL, s->plan};
        *x++ = (struct ana_report_cell){NULL, s->part[m->scenario * m->n_month + m->month]};
        *x++ = (struct ana_report_cell){NULL, s->part[m->month]};
    }
    ana_report_figure_end(m->p, title, column, N_COLUMN, cell, n);
}

/* The sites that miss most, by value, in the month that is shown. */
static void put_static(struct map *m)
{
    static const char *const part[] = {"missed of its plan"};
    struct ana_plot_bar *bar = sim_arena_alloc(&m->p->arena, BARS, sizeof *bar);
    size_t t = m->scenario * m->n_month + m->month, n = 0;
    struct ana_text title = {0};
    char date[11];

    for (size_t i = 0; i < m->n_site; i++)
        m->site[i].now = m->site[i].missed[t] - (m->scenario ? m->site[i].missed[m->month] : 0.0);
    qsort(m->site, m->n_site, sizeof *m->site, by_missed);
    for (; n < m->n_site && n < BARS && m->site[n].now > 0.0; n++)
        bar[n] = (struct ana_plot_bar){name_of(m, &m->site[n]), &m->site[n].part[t], (double)NAN,
                                       (double)NAN};
    sim_date_print(m->p->c->start + (int32_t)ana_axis(m->p->r, "month")->value[m->month], date);
    ana_text_add(&title, "%s, %.7s: %s%s.", ana_axis(m->p->r, "scenario")->label[m->scenario], date,
                 n > 0 ? "by value most is missing at " : "nothing is missing",
                 n > 0 ? name_of(m, &m->site[0]) : "");
    ana_report_figure(m->p, "map", title.s ? title.s : "");
    ana_plot_bars(m->p->to, title.s ? title.s : "", "part of the plan", part, 1, bar, n);
    put_rows(m, title.s ? title.s : "", n);
    m->p->to->full |= title.full;
    ana_text_free(&title);
}

/* ---- the section ---- */

static int find_columns(struct map *m, struct ana_report *p)
{
    const struct sim_axis *month = ana_axis(p->r, "month"), *week = ana_axis(p->r, "week");

    *m = (struct map){.p = p, .site_axis = ana_axis(p->r, "site")};
    m->planned = ana_cube_find(p->r, "site_planned", "scenario site week");
    m->missed = ana_cube_find(p->r, "site_missed", "scenario site week");
    if (!m->planned.c || !m->missed.c || !month)
        return 0;
    m->country = ana_coord_text(m->site_axis, "site_country");
    m->tier = ana_coord_text(m->site_axis, "site_tier");
    m->name = ana_coord_text(m->site_axis, "site_name");
    m->lat = ana_coord_value(m->site_axis, "site_lat");
    m->lon = ana_coord_value(m->site_axis, "site_lon");
    m->n_scenario = ana_axis(p->r, "scenario")->n;
    m->n_month = ana_report_whole(p, "month");
    m->n_week = ana_report_whole(p, "week");
    m->n_all_week = week->n;
    if (!m->country || !m->tier || !m->lat || !m->lon || m->n_month == 0 || m->n_week == 0)
        return 0;
    m->stage = sim_arena_alloc(
        &p->arena, m->site_axis->n + (ana_axis(p->r, "link") ? ana_axis(p->r, "link")->n : 0),
        sizeof *m->stage);
    m->month_of = sim_arena_alloc(&p->arena, m->n_week, sizeof *m->month_of);
    for (size_t w = 0; w < m->n_week; w++) {
        size_t k = 0;

        while (k < month->n && month->value[k] <= week->value[w])
            k++;
        m->month_of[w] = k > 0 && k <= m->n_month ? k - 1 : m->n_month;
    }
    return 1;
}

void ana_report_map(struct ana_report *p)
{
    struct map m;

    if (!find_columns(&m, p))
        return;
    take_sites(&m);
    if (m.n_site == 0)
        return;
    ana_report_section(
        p, "map", "Map",
        p->is_static ? "The sites that miss most of what they should make in a month: the "
                       "mean of the runs."
                     : "Circles are sites, by the value of what they should make: coloured by "
                       "what they miss of a month's plan beyond the baseline. Arrows are what "
                       "crosses borders, coloured by how much less moves than in the baseline.");
    if (p->is_static) {
        put_static(&m);
    } else {
        take_lanes(&m);
        put_data(&m);
    }
    ana_report_end(p);
}
