#include "analysis/backtest_inner.h"

#include <math.h>
#include <string.h>

static const char *const stat_names[ANA_BACKTEST_STATS] = {"p10", "p50", "p90"};
static const char *const status_words[] = {"quoted", "derived", "estimate"};

static struct sim_coord text_coord(const char *name, const char *long_name,
                                   const char *const *label)
{
    return (struct sim_coord){.name = name, .long_name = long_name, .label = label};
}

static const char **texts(struct sim_result *r, size_t n)
{
    return sim_arena_alloc(&r->arena, n, sizeof(char *));
}

static void month_axis(const struct ana_backtest *b, struct sim_result *r)
{
    const char **status = texts(r, b->n_month), **source = texts(r, b->n_month);
    double *day = sim_arena_alloc(&r->arena, b->n_month, sizeof *day);
    int32_t start;
    char units[64];
    const char *from = sim_result_find_attr(r, "start");

    sim_bug_if(from == NULL || sim_date_parse(&start, from) != 0);
    snprintf(units, sizeof units, "days since %s 00:00:00", from);
    for (size_t i = 0; i < b->n_month; i++) {
        const struct ana_backtest_month *m = &b->month[i];

        day[i] = sim_date_join(m->month / 12, m->month % 12 + 1, 1) - start;
        status[i] = m->is_observed ? status_words[m->status] : "";
        source[i] = m->is_observed ? m->source : "";
    }
    sim_result_axis(
        r,
        &(struct sim_axis){
            .name = "backtest_month",
            .long_name = "first day of a month that is observed or simulated",
            .units = units,
            .n = b->n_month,
            .value = day,
            .coord = {text_coord("backtest_status",
                                 "is the observed value quoted, derived or an estimate", status),
                      text_coord("backtest_source", "where the observed value comes from", source)},
            .n_coord = 2});
}

static void window_axis(const struct ana_backtest *b, struct sim_result *r)
{
    size_t n = b->plan->n_window;
    const char **id = texts(r, n), **from = texts(r, n), **to = texts(r, n);

    for (size_t i = 0; i < n; i++) {
        const struct ana_backtest_window *w = &b->plan->window[i];
        const int end[2] = {w->month[0], w->month[w->n - 1]};
        char *text = sim_arena_alloc(&r->arena, 32, 1);

        for (int k = 0; k < 2; k++)
            snprintf(text + 16 * k, 16, "%04d-%02d", end[k] / 12, end[k] % 12 + 1);
        id[i] = w->id;
        from[i] = text;
        to[i] = text + 16;
    }
    sim_result_axis(r,
                    &(struct sim_axis){.name = "backtest_window",
                                       .long_name = "months over which errors are taken",
                                       .n = n,
                                       .label = id,
                                       .coord = {text_coord("backtest_from", "first month", from),
                                                 text_coord("backtest_to", "last month", to)},
                                       .n_coord = 2});
}

static void users_axis(const struct ana_backtest *b, struct sim_result *r)
{
    size_t n = b->plan->n_users;
    const char **id = texts(r, n), **name = texts(r, n), **tiers = texts(r, n);

    for (size_t i = 0; i < n; i++) {
        const struct ana_backtest_users *u = &b->plan->users[i];
        size_t size = 1, len = 0;
        char *list;

        for (size_t k = 0; k < u->tiers.n; k++)
            size += strlen(u->tiers.s[k]) + 1;
        list = sim_arena_alloc(&r->arena, size, 1);
        for (size_t k = 0; k < u->tiers.n; k++)
            len += (size_t)snprintf(list + len, size - len, "%s%s", k ? " " : "", u->tiers.s[k]);
        id[i] = u->id;
        name[i] = u->name;
        tiers[i] = u->tiers.n ? list : "all";
    }
    sim_result_axis(
        r, &(struct sim_axis){
               .name = "backtest_users",
               .long_name = "groups of sites whose stops are counted together",
               .n = n,
               .label = id,
               .coord = {text_coord("backtest_users_name", "name of the group", name),
                         text_coord("backtest_users_tiers", "stages of the chain in it", tiers)},
               .n_coord = 2});
}

static void check_axis(const struct ana_backtest *b, struct sim_result *r)
{
    const char **id = texts(r, b->n_check), **what = texts(r, b->n_check),
               **unit = texts(r, b->n_check), **kind = texts(r, b->n_check);

    for (size_t i = 0; i < b->n_check; i++) {
        id[i] = b->check[i].id;
        what[i] = b->check[i].what;
        unit[i] = b->check[i].unit;
        kind[i] = b->check[i].goal ? "goal" : "pass";
    }
    sim_result_axis(r, &(struct sim_axis){
                           .name = "backtest_check",
                           .long_name = "what must hold to pass, and goals",
                           .n = b->n_check,
                           .label = id,
                           .coord = {text_coord("backtest_what", "what is checked", what),
                                     text_coord("backtest_unit", "unit of value and limit", unit),
                                     text_coord("backtest_kind", "pass or goal", kind)},
                           .n_coord = 3});
}

static void *column(struct sim_result *r, const char *name, const char *axes, enum sim_type type,
                    const char *units, const char *meaning)
{
    int i = sim_result_column(r, name, axes, type, SIM_KEEP, units, meaning);

    return r->column[i].data;
}

static double *reals(struct sim_result *r, const char *name, const char *axes, const char *units,
                     const char *meaning)
{
    return column(r, name, axes, SIM_F64, units, meaning);
}

static void put_months(const struct ana_backtest *b, struct sim_result *r)
{
    const char *unit = b->plan->unit, *by_stat = "backtest_month backtest_stat";
    double *observed = reals(r, "backtest_observed", "backtest_month", unit, "as published"),
           *index = reals(r, "backtest_observed_index", "backtest_month", "1",
                          "as published, mean of the base months = 100"),
           *naive = reals(r, "backtest_naive", "backtest_month", unit,
                          "naive forecast: the year before as published, times naive_growth"),
           *quantity =
               reals(r, "backtest_simulated", by_stat, unit, "simulated, quantiles over runs"),
           *simulated_index =
               reals(r, "backtest_simulated_index", by_stat, "1",
                     "simulated, mean of each run's own base months = 100, quantiles over runs"),
           *weeks = reals(r, "backtest_open_weeks", by_stat, "weeks",
                          "open orders in weeks of use, quantiles over runs");

    for (size_t i = 0; i < b->n_month; i++) {
        const struct ana_backtest_month *m = &b->month[i];

        observed[i] = m->observed;
        index[i] = m->observed_index;
        naive[i] = m->naive;
        memcpy(quantity + i * ANA_BACKTEST_STATS, m->quantity, sizeof m->quantity);
        memcpy(simulated_index + i * ANA_BACKTEST_STATS, m->index, sizeof m->index);
        memcpy(weeks + i * ANA_BACKTEST_STATS, m->open_weeks, sizeof m->open_weeks);
    }
}

static void put_errors(const struct ana_backtest *b, struct sim_result *r)
{
    double *index = reals(r, "backtest_mape_index", "backtest_window", "1",
                          "mean absolute relative error of the simulated median index"),
           *quantity = reals(r, "backtest_mape_quantity", "backtest_window", "1",
                             "mean absolute relative error of the simulated median quantity"),
           *naive = reals(r, "backtest_mape_naive", "backtest_window", "1",
                          "mean absolute relative error of the naive forecast");

    for (size_t i = 0; i < b->plan->n_window; i++) {
        index[i] = b->error[i].index;
        quantity[i] = b->error[i].quantity;
        naive[i] = b->error[i].naive;
    }
}

static void put_checks(const struct ana_backtest *b, struct sim_result *r)
{
    double *value = reals(r, "backtest_value", "backtest_check", "1", "what came out"),
           *limit = reals(r, "backtest_limit", "backtest_check", "1", "what is allowed");
    int8_t *met = column(r, "backtest_met", "backtest_check", SIM_I8, "1",
                         "does the value keep to the limit");

    r->column[r->n_column - 1].meanings = "missed met";
    for (size_t i = 0; i < b->n_check; i++) {
        value[i] = b->check[i].value;
        limit[i] = b->check[i].limit;
        met[i] = (int8_t)b->check[i].met;
    }
}

static void put_stops(const struct ana_backtest *b, struct sim_result *r)
{
    int32_t *sites = column(r, "backtest_sites", "backtest_users", SIM_I32, "1",
                            "sites that use goods under a rule of the scenario, directly or inside "
                            "what they buy");
    double *share = reals(r, "backtest_stopped_share", "backtest_users", "1",
                          "share of them that ever stop, mean over runs"),
           *p50 = reals(r, "backtest_stop_p50", "backtest_users", "d",
                        "longest stops of those that do, median"),
           *p90 = reals(r, "backtest_stop_p90", "backtest_users", "d",
                        "longest stops of those that do, 90 % quantile");
    int8_t *dependent;

    for (size_t i = 0; i < b->plan->n_users; i++) {
        sites[i] = (int32_t)b->stops[i].n_site;
        share[i] = b->stops[i].share;
        p50[i] = b->stops[i].p50;
        p90[i] = b->stops[i].p90;
    }
    if (b->dependent == NULL)
        return;
    dependent = column(r, "backtest_dependent", "plant", SIM_I8, "1",
                       "uses goods under a rule of the scenario, directly or inside what it buys");
    r->column[r->n_column - 1].meanings = "no yes";
    memcpy(dependent, b->dependent, r->axis[sim_result_find_axis(r, "plant")].n);
}

static void put_rest(const struct ana_backtest *b, struct sim_result *r)
{
    const char *unit = b->plan->unit;

    *reals(r, "backtest_shortfall_observed", "", unit, "shortfall as published") =
        b->shortfall_observed;
    memcpy(reals(r, "backtest_shortfall", "backtest_stat", unit, "shortfall, quantiles over runs"),
           b->shortfall, sizeof b->shortfall);
    *reals(r, "backtest_made_good_observed", "", "1", "share of it made good, as published") =
        b->made_good_observed;
    memcpy(reals(r, "backtest_made_good", "backtest_stat", "1",
                 "share of it made good, quantiles over runs"),
           b->made_good, sizeof b->made_good);
    *reals(r, "backtest_trough_runs", "", "1",
           "share of runs that are lowest in the observed month") = b->trough_runs;
}

static void month_attr(struct sim_result *r, const char *name, int month)
{
    if (month != ANA_NO_MONTH)
        sim_result_attr(r, name, "%04d-%02d", month / 12, month % 12 + 1);
}

void ana_backtest_put(const struct ana_backtest *b, struct sim_result *r)
{
    sim_result_attr(r, "backtest_title", "%s", b->plan->title);
    sim_result_attr(r, "backtest_verdict", "%s", b->passed ? "pass" : "fail");
    sim_result_attr(r, "backtest_scenario", "%s", b->scenario);
    if (b->baseline)
        sim_result_attr(r, "backtest_baseline", "%s", b->baseline);
    month_attr(r, "backtest_trough", b->trough);
    month_attr(r, "backtest_trough_observed", b->trough_observed);
    month_axis(b, r);
    sim_result_axis(r, &(struct sim_axis){.name = "backtest_stat",
                                          .long_name = "quantiles over runs",
                                          .n = ANA_BACKTEST_STATS,
                                          .label = stat_names});
    window_axis(b, r);
    users_axis(b, r);
    check_axis(b, r);
    put_months(b, r);
    put_errors(b, r);
    put_checks(b, r);
    put_rest(b, r);
    put_stops(b, r);
    sim_result_input(r, "backtest.cfg", b->plan->cfg_text);
    sim_result_input(r, "observed.csv", b->plan->observed_text);
}
