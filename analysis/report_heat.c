#include "analysis/report_inner.h"

#include "analysis/plot.h"
#include "analysis/show_inner.h"
#include "sim/date.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How much of its plan a firm keeps, week by week. A row is a firm in a country and a stage: the
 * sites of one entity there, or a site that has none. */

/* Bytes of weeks that a page may hold; rows at most; of a static page. */
enum { ROOM = 100 << 10, ROWS = 60, STATIC_ROWS = 25 };
/* USD a week below which there is no plan: what rounding leaves. */
static const double least_usd = 1;

enum { PLANNED, MISSED, DUE, ON_TIME, N_SUM };
static const char *const columns[N_SUM] = {"site_planned", "site_missed", "site_due",
                                           "site_on_time"};

struct row {
    const char *firm, *country, *stage;
    size_t *site, n_site;
    double missed; /* USD, in the scenario in which it is most */
    size_t at;     /* in the order of sites */
};

struct heat {
    struct ana_report *p;
    const struct sim_axis *site;
    const char *const *entity, *const *country, *const *stage, *const *name;
    struct ana_cube cube[N_SUM];
    size_t n_scenario, n_week;
    struct row *row;
    size_t n_row, n_shown;
};

/* ---- rows ---- */

/* Sum over the sites of a row; weeks from .. until. */
static double sum(const struct heat *h, const struct row *r, int what, size_t scenario, size_t from,
                  size_t until)
{
    size_t weeks = ana_axis(h->p->r, "week")->n;
    double usd = 0;

    for (size_t i = 0; i < r->n_site; i++)
        for (size_t w = from; w < until; w++)
            usd += ana_cube_at(&h->cube[what], scenario, 0, r->site[i] * weeks + w);
    return usd;
}

static struct row *row_of(struct heat *h, size_t site)
{
    const char *entity = h->entity && *h->entity[site] ? h->entity[site] : "";

    for (size_t i = 0; *entity && i < h->n_row; i++) {
        size_t first = h->row[i].site[0];

        if (strcmp(h->entity[first], entity) == 0 &&
            strcmp(h->country[first], h->country[site]) == 0 &&
            strcmp(h->stage[first], h->stage[site]) == 0)
            return &h->row[i];
    }
    h->row[h->n_row] =
        (struct row){.country = h->country[site],
                     .stage = h->stage[site],
                     .site = sim_arena_alloc(&h->p->arena, h->site->n, sizeof(size_t)),
                     .at = h->n_row};
    return &h->row[h->n_row++];
}

/* A firm with one site goes by the name of it. */
static const char *name_of(const struct heat *h, const struct row *r)
{
    if (r->n_site > 1)
        return h->entity[r->site[0]];
    return h->name && *h->name[r->site[0]] ? h->name[r->site[0]] : h->site->label[r->site[0]];
}

static int by_missed(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    int c = (x->missed < y->missed) - (x->missed > y->missed);

    return c ? c : (x->at > y->at) - (x->at < y->at);
}

static void take_rows(struct heat *h)
{
    size_t keep = 0;

    h->row = sim_arena_alloc(&h->p->arena, h->site->n, sizeof *h->row);
    for (size_t i = 0; i < h->site->n; i++) {
        struct row *r = row_of(h, i);

        r->site[r->n_site++] = i;
    }
    for (size_t i = 0; i < h->n_row; i++) {
        struct row *r = &h->row[i];
        double planned = 0;

        r->firm = name_of(h, r);
        for (size_t s = 0; s < h->n_scenario; s++) {
            r->missed = fmax(r->missed, sum(h, r, MISSED, s, 0, h->n_week));
            planned += sum(h, r, PLANNED, s, 0, h->n_week) + sum(h, r, DUE, s, 0, h->n_week);
        }
        if (planned >= least_usd)
            h->row[keep++] = *r;
    }
    h->n_row = keep;
    qsort(h->row, h->n_row, sizeof *h->row, by_missed);
}

/* ---- numbers ---- */

/* Per cent of the plan of a week, or of the orders due in it, that is kept; NaN: there is none. */
static double kept(const struct heat *h, const struct row *r, int is_plan, size_t s, size_t from,
                   size_t until)
{
    double of = sum(h, r, is_plan ? PLANNED : DUE, s, from, until),
           x = sum(h, r, is_plan ? MISSED : ON_TIME, s, from, until);

    return of < least_usd ? (double)NAN : 100 * fmax(0, is_plan ? 1 - x / of : x / of);
}

static void put_weeks(const struct heat *h, const struct row *r, int is_plan, double x[])
{
    struct ana_text *to = h->p->to;

    ana_json_open(to, '[');
    for (size_t s = 0; s < h->n_scenario; s++) {
        for (size_t w = 0; w < h->n_week; w++)
            x[w] = kept(h, r, is_plan, s, w, w + 1);
        ana_json_packed(to, x, h->n_week);
    }
    ana_json_close(to, ']');
}

/* Of each scenario: USD, and per cent of the record. */
static void put_sums(const struct heat *h, const struct row *r)
{
    struct ana_text *to = h->p->to;

    ana_json_open(to, '[');
    for (size_t s = 0; s < h->n_scenario; s++) {
        double due = sum(h, r, DUE, s, 0, h->n_week);
        const double x[] = {sum(h, r, PLANNED, s, 0, h->n_week),
                            sum(h, r, MISSED, s, 0, h->n_week),
                            kept(h, r, 1, s, 0, h->n_week),
                            due,
                            due - sum(h, r, ON_TIME, s, 0, h->n_week),
                            kept(h, r, 0, s, 0, h->n_week)};

        ana_json_numbers(to, x, sizeof x / sizeof *x, ANA_REPORT_DIGITS);
    }
    ana_json_close(to, ']');
}

static void put_data(const struct heat *h)
{
    struct ana_text *to = h->p->to;
    double *x = sim_arena_alloc(&h->p->arena, h->n_week, sizeof *x);

    ana_report_data(h->p, "heat");
    ana_json_key(to, "left_out");
    ana_json_number(to, (double)(h->n_row - h->n_shown), 9);
    ana_json_key(to, "rows");
    ana_json_open(to, '[');
    for (size_t i = 0; i < h->n_shown; i++) {
        const struct row *r = &h->row[i];
        const char *const text[] = {r->firm, r->country, r->stage};

        ana_json_open(to, '{');
        ana_json_key(to, "text");
        ana_json_texts(to, text, 3);
        ana_json_key(to, "sites");
        ana_json_number(to, (double)r->n_site, 9);
        ana_json_key(to, "sums");
        put_sums(h, r);
        ana_json_key(to, "plan");
        put_weeks(h, r, 1, x);
        ana_json_key(to, "orders");
        put_weeks(h, r, 0, x);
        ana_json_close(to, '}');
    }
    ana_json_close(to, ']');
    ana_report_data_end(h->p);
}

/* ---- without a script ---- */

/* The scenario in which most is missed. */
static size_t worst(const struct heat *h)
{
    size_t at = 0;
    double most = -1;

    for (size_t s = 0; s < h->n_scenario; s++) {
        double usd = 0;

        for (size_t i = 0; i < h->n_row; i++)
            usd += sum(h, &h->row[i], MISSED, s, 0, h->n_week);
        if (usd > most) {
            most = usd;
            at = s;
        }
    }
    return at;
}

/* Dates of weeks, a quarter apart. */
static const char **week_names(const struct heat *h)
{
    const struct sim_axis *a = ana_axis(h->p->r, "week");
    const char **to = sim_arena_alloc(&h->p->arena, h->n_week, sizeof *to);

    for (size_t w = 0; w < h->n_week; w++) {
        char date[11] = "";

        if (w % 13 == 0)
            sim_date_print(h->p->c->start + (int32_t)a->value[w], date);
        to[w] = sim_arena_copy(&h->p->arena, date, strlen(date));
    }
    return to;
}

static void static_cells(const struct heat *h, size_t n, size_t s)
{
    const char **firm = sim_arena_alloc(&h->p->arena, n, sizeof *firm);
    double *x = sim_arena_alloc(&h->p->arena, n * h->n_week, sizeof *x);

    for (size_t i = 0; i < n; i++) {
        firm[i] = h->row[i].firm;
        for (size_t w = 0; w < h->n_week; w++)
            x[i * h->n_week + w] = 1 - 0.01 * kept(h, &h->row[i], 1, s, w, w + 1);
    }
    ana_plot_cells(h->p->to, "Part of the plan of a week that is missed", firm, n, week_names(h),
                   h->n_week, x);
}

static void put_static(const struct heat *h)
{
    static const char *const column[] = {"firm",          "country",      "stage",
                                         "planned (USD)", "missed (USD)", "kept (%)"};
    enum { N = sizeof column / sizeof *column };
    size_t n = h->n_shown < STATIC_ROWS ? h->n_shown : STATIC_ROWS, s = worst(h);
    struct ana_report_cell *cell = sim_arena_alloc(&h->p->arena, n * N, sizeof *cell);
    const char *label = ana_axis(h->p->r, "scenario")->label[s];
    char title[500], usd[ANA_SHOW_CELL];

    ana_show_usd(usd, sum(h, &h->row[0], MISSED, s, 0, h->n_week));
    snprintf(title, sizeof title, "%.150s: %.150s (%.40s, %.40s) misses %s USD of its plan.", label,
             h->row[0].firm, h->row[0].country, h->row[0].stage, usd);
    ana_report_figure(h->p, "heat", title);
    static_cells(h, n, s);
    for (size_t i = 0; i < n; i++) {
        const struct row *r = &h->row[i];
        const struct ana_report_cell x[N] = {{.text = r->firm},
                                             {.text = r->country},
                                             {.text = r->stage},
                                             {.x = sum(h, r, PLANNED, s, 0, h->n_week)},
                                             {.x = sum(h, r, MISSED, s, 0, h->n_week)},
                                             {.x = kept(h, r, 1, s, 0, h->n_week)}};

        memcpy(cell + i * N, x, sizeof x);
    }
    snprintf(title, sizeof title, "What firms plan, and keep of it, in %.150s", label);
    ana_report_figure_end(h->p, title, column, N, cell, n);
}

/* ---- the section ---- */

void ana_report_heat(struct ana_report *p)
{
    struct heat h = {.p = p, .site = ana_axis(p->r, "site"), .n_week = ana_report_whole(p, "week")};

    for (int k = 0; k < N_SUM; k++)
        h.cube[k] = ana_cube_find(p->r, columns[k], "scenario site week");
    h.entity = ana_coord_text(h.site, "site_entity");
    h.country = ana_coord_text(h.site, "site_country");
    h.stage = ana_coord_text(h.site, "site_tier");
    h.name = ana_coord_text(h.site, "site_name");
    if (!h.cube[PLANNED].c || !h.cube[MISSED].c || !h.cube[DUE].c || !h.cube[ON_TIME].c ||
        !h.country || !h.stage || h.n_week == 0)
        return;
    h.n_scenario = ana_axis(p->r, "scenario")->n;
    take_rows(&h);
    if (h.n_row == 0)
        return;
    h.n_shown = ROOM / (2 * h.n_scenario * h.n_week * ANA_PACKED);
    h.n_shown = h.n_shown < 1 ? 1 : h.n_shown > ROWS ? ROWS : h.n_shown;
    h.n_shown = h.n_shown < h.n_row ? h.n_shown : h.n_row;
    ana_report_section(
        p, "heat", "Who keeps its plan",
        "Each row is a firm in a country and a stage, each cell a week: the darker, "
        "the less of its plan it keeps. Means over runs, by value. Of customers the "
        "plan is their demand, and what they are not handed over at once is missed.");
    if (p->is_static)
        put_static(&h);
    else
        put_data(&h);
    ana_report_end(p);
}
