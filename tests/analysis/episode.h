/* An episode small enough to work out by hand, for the tests of back-tests: a result, a series and
 * a plan. */
#ifndef TEST_EPISODE_H
#define TEST_EPISODE_H

#include "analysis/backtest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

/* January to April 2025; runs 0 to 2 are done, run 3 failed and holds absurd values. */
enum { RUN = 4, MONTH = 4, FLOW = 3, PLANT = 4, WEEK = 18, BASE = 0, WITH = 1 };
enum { JAN = 12 * 2025, FEB, MAR, APR };

#define TEXTS(...) ((const char *const[]){__VA_ARGS__})
#define COORD(key, ...)                                                                            \
    {                                                                                              \
        .name = key, .long_name = key, .label = TEXTS(__VA_ARGS__)                                 \
    }

static const double day[] = {0, 31, 59, 90};
static const double exported[RUN][MONTH] = {{1000, 1000, 400, 1200},
                                            {2000, 2000, 1000, 2200},
                                            {3000, 3000, 900, 3900},
                                            {1e9, 1e9, 1e9, 1e9}};
static const double on_order[RUN][MONTH] = {
    {140, 210, 700, 350}, {140, 210, 700, 350}, {280, 420, 1400, 700}, {1e9, 1e9, 1e9, 1e9}};

static inline void near(double is, double want)
{
    if (!(fabs(is - want) <= 1e-9 * fmax(1, fabs(want))))
        fail_msg("%.12g is not %.12g", is, want);
}

/* ---- a result ---- */

static inline void axes(struct sim_result *r, size_t n_scenario)
{
    static double week[WEEK], run[RUN] = {0, 1, 2, 3};

    sim_result_attr(r, "start", "2025-01-01");
    sim_result_attr(r, "horizon_d", "120");
    sim_result_axis(
        r, &(struct sim_axis){.name = "scenario",
                              .n = n_scenario,
                              .label = n_scenario > 1 ? TEXTS("base", "with") : TEXTS("with")});
    sim_result_axis(r, &(struct sim_axis){.name = "run", .units = "1", .n = RUN, .value = run});
    sim_result_axis(r, &(struct sim_axis){.name = "month", .n = MONTH, .value = day});
    sim_result_axis(r, &(struct sim_axis){.name = "week", .n = WEEK, .value = week});
    sim_result_axis(r, &(struct sim_axis){.name = "plant",
                                          .n = PLANT,
                                          .label = TEXTS("a.one", "a.two", "b.one", "c.one"),
                                          .coord = {COORD("plant_site", "a", "a", "b", "c"),
                                                    COORD("plant_tier", "vehicle", "vehicle",
                                                          "component", "magnet")},
                                          .n_coord = 2});
    sim_result_axis(r, &(struct sim_axis){.name = "flow",
                                          .n = FLOW,
                                          .label = TEXTS("CN>JP~mag", "CN>US~mag", "AU>JP~motor"),
                                          .coord = {COORD("flow_origin", "CN", "CN", "AU"),
                                                    COORD("flow_destination", "JP", "US", "JP"),
                                                    COORD("flow_product", "mag", "mag", "motor"),
                                                    COORD("flow_hs", "850511", "850511", "850132"),
                                                    COORD("flow_unit", "kg", "kg", "piece")},
                                          .n_coord = 5});
    sim_result_axis(r, &(struct sim_axis){.name = "group",
                                          .n = 2,
                                          .label = TEXTS("CN~magnet~mag", "JP~market~mag"),
                                          .coord = {COORD("group_country", "CN", "JP"),
                                                    COORD("group_tier", "magnet", "market"),
                                                    COORD("group_product", "mag", "mag"),
                                                    COORD("group_unit", "kg", "kg")},
                                          .n_coord = 4});
}

static inline void set(struct sim_result *r, const char *name, size_t at, double x)
{
    const struct sim_column *c = sim_result_find(r, name);

    assert_true(at < sim_column_n(r, c));
    ((float *)c->data)[at] = (float)x;
}

static inline void flows(struct sim_result *r, size_t s, size_t run)
{
    const double days[] = {31, 28, 31, 30};

    for (size_t k = 0; k < MONTH; k++) {
        size_t at = ((s * RUN + run) * FLOW) * MONTH + k;
        int with = s + 1 == r->axis[0].n;

        /* a quarter to JP, the rest to US; the flow that is not picked is absurd */
        set(r, "exports", at, with ? exported[run][k] * 250 : 500e3);
        set(r, "exports", at + MONTH, with ? exported[run][k] * 750 : 1500e3);
        set(r, "exports", at + 2 * MONTH, 7e7);
        set(r, "imports", at, 10 * days[k]);
        set(r, "imports", at + 2 * MONTH, 7e7);
        set(r, "open_orders", at + MONTH, with ? on_order[run][k] : 5);
    }
    for (size_t k = 0; k < WEEK; k++) {
        set(r, "group_made", ((s * RUN + run) * 2) * WEEK + k, k + 1 < WEEK ? 70 : 10);
        set(r, "group_made", ((s * RUN + run) * 2 + 1) * WEEK + k, 1e6);
    }
}

static inline void stops(struct sim_result *r, size_t s)
{
    static const double longest[RUN][PLANT] = {
        {5, 9, 2, 50}, {0, 4, 30, 50}, {3, 0, 0, 50}, {99, 99, 99, 99}};
    static const double days[RUN][PLANT] = {
        {6, 9, 2, 50}, {0, 4, 30, 50}, {3, 0, 0, 50}, {99, 99, 99, 99}};
    static const double base_days[RUN][PLANT] = {{0, 9, 0, 0}, {0, 1, 0, 0}};
    int with = s + 1 == r->axis[0].n;

    for (size_t i = 0; i < RUN; i++)
        for (size_t k = 0; k < PLANT; k++) {
            set(r, "stop_longest", (s * RUN + i) * PLANT + k, with ? longest[i][k] : 0);
            set(r, "stop_days", (s * RUN + i) * PLANT + k, with ? days[i][k] : base_days[i][k]);
        }
}

static inline void make(struct sim_result *r, size_t n_scenario)
{
    static const char *const by_flow[] = {"exports", "imports", "open_orders"};
    int8_t *status;

    *r = (struct sim_result){0};
    axes(r, n_scenario);
    sim_result_column(r, "run_status", "scenario run", SIM_I8, SIM_KEEP, "1", "how the run ended");
    status = r->column[0].data;
    for (size_t i = 0; i < n_scenario * RUN; i++)
        status[i] = i % RUN < 3 ? 1 : 2;
    for (size_t i = 0; i < 3; i++)
        sim_result_column(r, by_flow[i], "scenario run flow month", SIM_F32, SIM_KEEP, "flow_unit",
                          by_flow[i]);
    sim_result_column(r, "group_made", "scenario run group week", SIM_F32, SIM_KEEP, "group_unit",
                      "made");
    sim_result_column(r, "stop_longest", "scenario run plant", SIM_F32, SIM_KEEP, "d", "longest");
    sim_result_column(r, "stop_days", "scenario run plant", SIM_F32, SIM_KEEP, "d", "days");
    for (size_t s = 0; s < n_scenario; s++) {
        for (size_t i = 0; i < RUN; i++)
            flows(r, s, i);
        stops(r, s);
    }
}

/* ---- a plan ---- */

static const char csv[] = "month,value,status,source\n"
                          "2025-04,2000,derived,here\n" /* rows in any order */
                          "2024-01,1900,quoted,here\n2024-02,1900,quoted,here\n"
                          "2024-03,1500,quoted,here\n2024-04,1600,quoted,here\n"
                          "2025-01,1800,quoted,here\n2025-02,2200,quoted,here\n"
                          "2025-03,1000,estimate,here\n";
static const char head[] = "title = \"t\"; scenario = \"with.cfg\"; baseline = \"base.cfg\"; "
                           "measure = \"exports\"; hs = [ \"8505\" ]; naive_growth = 1.5;\n";
static const char based[] = "base_from = \"2025-01\"; base_to = \"2025-02\";\n";

static inline int parse(struct ana_backtest_plan *p, struct sim_arena *a, const char *cfg,
                        const char *observed, struct sim_err *err)
{
    return ana_backtest_parse(p, a, "b.cfg", cfg, strlen(cfg), "o.csv", observed, strlen(observed),
                              err);
}

struct fixture {
    struct sim_arena arena;
    struct ana_backtest_plan plan;
    struct sim_result result;
    struct ana_backtest b;
};

/* Plan and result worked out; `more` is added to the plan. */
static inline void play(struct fixture *f, size_t n_scenario, const char *more)
{
    struct sim_err err = SIM_ERR_INIT;
    char cfg[4000];
    int rc;

    *f = (struct fixture){0};
    snprintf(cfg, sizeof cfg, "%s%s%s", head, based, more);
    rc = parse(&f->plan, &f->arena, cfg, csv, &err);
    make(&f->result, n_scenario);
    if (rc == 0)
        rc = ana_backtest_fit(&f->plan, &f->result, &err);
    if (rc == 0)
        rc = ana_backtest(&f->b, &f->plan, &f->result, "\1\1\1\0", &err);
    if (rc != 0)
        fail_msg("%s", err.text);
}

static inline void drop(struct fixture *f)
{
    ana_backtest_free(&f->b);
    sim_result_free(&f->result);
    sim_arena_free(&f->arena);
}

#endif
