#include "analysis/compare.h"
#include "analysis/show.h"
#include "tests/analysis/study.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>

static void near_(double have, double want, int line)
{
    if (!(fabs(have - want) <= 1e-9 * fmax(1.0, fabs(want))))
        fail_msg("line %d: %.17g is not %.17g", line, have, want);
}
#define assert_near(have, want) near_(have, want, __LINE__)

static void is_range(struct ana_range g, size_t n, double p05, double p50, double p95, int line)
{
    if (g.n != n)
        fail_msg("line %d: %zu values, not %zu", line, g.n, n);
    near_(g.p05, p05, line);
    near_(g.p50, p50, line);
    near_(g.p95, p95, line);
}
#define assert_range(g, n, p05, p50, p95) is_range(g, n, p05, p50, p95, __LINE__)

struct fixture {
    struct sim_result r;
    struct ana_compare c;
    struct sim_err err;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    study_fill(&f->r);
    *state = f;
    return ana_compare(&f->c, &f->r, &(struct ana_compare_options){0}, &f->err);
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    ana_compare_free(&f->c);
    sim_result_free(&f->r);
    sim_err_free(&f->err);
    free(f);
    return 0;
}

/* ---- pairs, plants, lines ---- */

static void test_compare__pairs_are_runs_done_on_both_sides(void **state)
{
    const struct ana_compare *c = &((struct fixture *)*state)->c;

    assert_int_equal(c->n_versus, 2);
    assert_string_equal(c->country, "JP");
    assert_near(c->level, 0.975); /* Bonferroni: 1 - 0.05 / 2 */
    assert_int_equal(c->alone.n_pair, 21);
    assert_int_equal(c->alone.n_lost, 1);
    assert_int_equal(c->versus[0].n_pair, 20);
    assert_int_equal(c->versus[0].n_lost, 2);
    assert_int_equal(c->versus[1].n_pair, 21);
    assert_string_equal(c->versus[0].label, "cut");
    assert_string_equal(c->versus[0].title, "Half is cut");
}

static void test_compare__a_scenario_without_effect_is_the_same(void **state)
{
    const struct ana_compare *c = &((struct fixture *)*state)->c;

    assert_false(c->versus[0].same);
    assert_true(c->versus[1].same);
    assert_int_equal(c->versus[1].n_plant_stop, 0);
    assert_near(c->versus[1].all.loss_usd.diff.at, 0);
    assert_int_equal(c->versus[1].n_cause, 0);
}

static void test_compare_plants__lines_stop_beyond_the_baseline(void **state)
{
    const struct ana_versus *v = &((struct fixture *)*state)->c.versus[0];
    const struct ana_plant *p = &v->line[0];

    assert_int_equal(v->n_line, 3); /* the far one is not in JP */
    assert_int_equal(v->n_line_stop, 1);
    assert_int_equal(p->line, ICE); /* most lost value first */
    assert_int_equal(v->line[1].line, HEV);
    assert_int_equal(v->line[2].line, MAG);
    assert_int_equal(p->n, 20);
    assert_int_equal(p->n_stop, 15);
    /* Wilson at 0.975 by hand: z = 2.2414027, centre 0.69980914, half 0.20040616 */
    assert_near(p->share.at, 0.75);
    assert_true(fabs(p->share.lo - 0.49940) < 1e-4 && fabs(p->share.hi - 0.90021) < 1e-4);
    /* 40, 41, 43 .. 54 and, in run 2, where the baseline stood on day 10 too, 62 */
    assert_range(p->first, 15, 40.7, 48, 56.4);
    assert_near(p->days, (14 * 10 + 9) / 20.0);
    assert_near(p->longest, 5);
    /* the magnet works stop in all 20, but in 12 of them in the baseline as well */
    assert_int_equal(v->line[2].n_stop, 8);
    assert_int_equal(v->line[2].n_line_stop, 0);
    assert_near(v->line[2].days, (12 * 35 + 8 * 40) / 20.0);
    assert_range(v->line[2].first, 8, 20, 20, 20);
    assert_int_equal(v->n_also, 1);
}

static void test_compare_plants__values_are_net_and_gross(void **state)
{
    const struct ana_versus *v = &((struct fixture *)*state)->c.versus[0];
    const struct ana_plant *ice = &v->line[0], *hev = &v->line[1], *mag = &v->line[2];

    assert_near(ice->made_base, 1000 * 20000.0);
    assert_near(ice->made, 925 * 20000.0);
    assert_near(ice->lost_usd, 1.5e6);
    assert_near(ice->missed_usd, 1.5e6);
    assert_near(ice->net_usd, 75 * 19700.0);
    assert_near(hev->lost_usd, 5e5);
    assert_near(mag->lost_usd, 500 * 70.0);
    assert_near(mag->missed_usd, 600 * 70.0); /* more was planned: gross is more than net */
    assert_near(mag->net_usd, 500 * 30.0);
    assert_int_equal(ice->cause, PENDING);
    assert_near(ice->cause_share, 0.8);
    assert_int_equal(hev->cause, DENIED);
    assert_near(hev->cause_share, 8 * 50 * 25000.0 / 20 / 5e5);
    assert_int_equal(mag->cause, CAPACITY);
    assert_near(mag->cause_share, 1);
    assert_false(ice->estimate);
    assert_true(hev->estimate);
    /* only the hybrid line's row is an estimate */
    assert_near(v->lost_estimate, 480000 / (1477500 + 480000 + 15000.0));
}

static void test_compare_plants__a_plant_is_the_lines_of_a_site(void **state)
{
    const struct ana_versus *v = &((struct fixture *)*state)->c.versus[0];
    const struct ana_plant *p = &v->plant[0];

    assert_int_equal(v->n_plant, 2);
    assert_int_equal(v->n_plant_stop, 1);
    assert_string_equal(p->site, "s.car");
    assert_string_equal(p->product, "car.ice");
    assert_int_equal(p->n_line, 2);
    assert_int_equal(p->n_line_stop, 1);
    assert_int_equal(p->n_stop, 15);
    /* the hybrid line on day 30 in runs 0..7, then the petrol line on 48 .. 54 */
    assert_range(p->first, 15, 30, 30, 53.3);
    assert_near(p->days, (14 * 10 + 9) / 20.0);
    assert_near(p->lost_usd, 2e6);
    assert_near(p->made_base, 3.25e7);
    assert_near(p->net_usd, 1957500);
    assert_int_equal(p->cause, PENDING);
    assert_near(p->cause_share, 15 * 80 * 20000.0 / 20 / 2e6);
    assert_true(p->estimate);
}

static void test_compare_plants__stages_add_up_and_come_back(void **state)
{
    const struct ana_versus *v = &((struct fixture *)*state)->c.versus[0];
    const struct ana_tier *car = &v->tier[0], *mag = &v->tier[1];

    assert_int_equal(v->n_tier, 2);
    assert_string_equal(car->tier, "vehicle");
    assert_int_equal(car->n_plant, 1);
    assert_int_equal(car->n_plant_stop, 1);
    assert_int_equal(car->n_line, 2);
    assert_int_equal(car->n_line_stop, 1);
    assert_range(car->earliest, 15, 30, 30, 53.3);
    assert_near(car->typical, 30);
    assert_near(car->net_usd, 1957500);
    /* hybrids only, 0.5 of 1.5 m USD a week, in weeks 6..8 of 15 pairs: 3.0 of 6 m from week 5 on;
     * where petrol cars stay at 40 a week, 2.8 of 6 m from week 6 on */
    assert_range(car->trough, 20, 2.8 / 6, 0.5, 1);
    assert_range(car->trough_at, 20, 0, 35, 42);
    assert_int_equal(car->n_dip, 15);
    assert_int_equal(car->n_back, 11); /* three stay at 87 %, one holds for four weeks only */
    assert_true(car->back_is_over);
    assert_near(car->back, 28);
    assert_string_equal(mag->tier, "magnet");
    assert_int_equal(mag->n_plant_stop, 0);
    assert_range(mag->earliest, 8, 20, 20, 20);
    assert_true(isnan(mag->typical));
    assert_int_equal(mag->n_dip, 0);
    assert_range(mag->trough, 20, 1, 1, 1);
}

/* ---- markets ---- */

static void test_compare_markets__differences_and_intervals_by_hand(void **state)
{
    const struct ana_versus *v = &((struct fixture *)*state)->c.versus[0];
    const struct ana_effect *e = &v->focus.loss_usd;
    /* loss (p + 2) x 20,000 with p = 0..19: mean 11.5, variance 35; t(19; 0.9875) = 2.43344021 */
    double half = 2.43344021137497 * sqrt(35.0 / 20.0) * 20000;

    assert_int_equal(e->n, 20);
    assert_int_equal(e->n_more, 20);
    assert_near(e->base, 0);
    assert_near(e->with, 230000);
    assert_near(e->diff.at, 230000);
    assert_near(e->diff.lo, 230000 - half);
    assert_near(e->diff.hi, 230000 + half);
    assert_near(e->p05, (0.95 + 2) * 20000);
    assert_near(e->p50, (9.5 + 2) * 20000);
    assert_near(e->p95, (18.05 + 2) * 20000);
    assert_near(e->skew, 0);
    assert_near(v->focus.demand_usd.with, 3e6);
    assert_near(v->focus.lost_usd.diff.at, 190000);
    assert_near(v->focus.backlog_usd.diff.at, 40000);
    assert_near(v->focus.fill.base, 100);
    assert_near(v->focus.fill.with, 100 * 2.77 / 3);
    assert_near(v->focus.at_once.base, 100 * 2.8 / 3);
    assert_near(v->focus.at_once.with, 100 * 2.6 / 3);
    assert_near(v->focus.loss_part.diff.at, 100 * 0.23 / 3);
    assert_near(v->all.demand_usd.base, 4e6);
    assert_near(v->all.loss_usd.diff.at, 250000);
    assert_near(v->all.loss_part.diff.at, 6.25);
}

static void test_compare_markets__rows_by_loss(void **state)
{
    const struct ana_versus *v = &((struct fixture *)*state)->c.versus[0];

    assert_int_equal(v->n_market, 3);
    assert_string_equal(v->market[0].country, "JP");
    assert_string_equal(v->market[0].product, "car.ice");
    assert_near(v->market[0].loss_usd.diff.at, 230000);
    assert_string_equal(v->market[1].country, "US");
    assert_near(v->market[1].loss_usd.diff.at, 20000);
    assert_near(v->market[2].loss_usd.diff.at, 0);
    assert_near(v->loss_estimate, (0.4 * 230000 + 1.0 * 20000) / 250000);
    assert_true(isnan(((struct fixture *)*state)->c.versus[1].loss_estimate)); /* no loss */
}

static void test_compare_markets__causes_are_differences_too(void **state)
{
    const struct ana_versus *v = &((struct fixture *)*state)->c.versus[0];

    assert_int_equal(v->n_cause, 4);
    assert_int_equal(v->cause[0].cause, PENDING);
    assert_near(v->cause[0].share, 150000 / 250500.0);
    assert_int_equal(v->cause[1].cause, DENIED);
    assert_near(v->cause[1].share, 100000 / 250500.0);
    assert_int_equal(v->cause[2].cause, UNEXPLAINED);
    assert_near(v->unexplained, 500 / 250500.0);
    assert_int_equal(v->cause[3].cause, OWN); /* 60 less than in the baseline */
    assert_near(v->cause[3].with - v->cause[3].base, -60);
    assert_near(v->cause[3].share, -60 / 250500.0);
}

/* ---- trade ---- */

static void test_compare_trade__flows_of_controlled_products(void **state)
{
    const struct ana_compare *c = &((struct fixture *)*state)->c;
    const struct ana_versus *v = &c->versus[0];
    const struct ana_flow *f = &v->flow[0];

    assert_int_equal(v->n_flow, 2); /* cars are not controlled, the US not looked at */
    assert_string_equal(c->main_origin, "CN");
    assert_string_equal(f->origin, "CN");
    assert_string_equal(f->product, "mag.sh");
    assert_near(f->value_usd, 70);
    assert_near(f->value_base, 600 * 70);
    assert_near(f->base, 600);
    assert_near(f->with, 200);
    assert_int_equal(c->n_quarter, 2);
    assert_string_equal(c->quarter[0], "2026Q1");
    assert_string_equal(c->quarter[1], "2026Q2");
    assert_near(f->quarter_base[0], 300);
    assert_near(f->quarter[0], 140);
    assert_near(f->quarter[1], 60);
    assert_string_equal(v->flow[1].origin, "VN");
}

static void test_compare_trade__lead_times_count_what_is_open(void **state)
{
    const struct ana_flow *f = ((struct fixture *)*state)->c.versus[0].flow;

    /* baseline: 60 in week 1, 40 in week 2; middles of the weeks are days 3 and 10 */
    assert_near(f[0].q50[0], 3);
    assert_near(f[0].q90[0], 10);
    assert_false(f[0].over50[0]);
    assert_false(f[0].over90[0]);
    /* 10 of 65 by day 3, 20 of 55 by day 10, 30 open on day 17, 5 after day 21: 0.538 never come */
    assert_true(f[0].over50[1]);
    assert_near(f[0].q50[1], 21);
    assert_true(f[0].over90[1]);
    assert_near(f[0].refused[0], 0);
    assert_near(f[0].refused[1], 0.35);
    assert_near(f[0].open[1], 0.30);
    assert_near(f[1].q50[1], 17);
}

static void test_compare_trade__offices_and_rules(void **state)
{
    const struct ana_compare *c = &((struct fixture *)*state)->c;
    const struct ana_office *o = c->alone.office;

    assert_int_equal(c->alone.n_office, 1); /* the other desk had no work */
    assert_string_equal(o->office, "desk");
    assert_near(o->applied, 20);
    assert_near(o->granted, 17);
    assert_near(o->refused, 1);
    assert_near(o->waiting, 2);
    assert_near(o->days, 15);
    assert_near(o->queue, 3);
    o = c->versus[0].office;
    assert_near(o->applied, 30);
    assert_near(o->days, 30);
    assert_near(o->waiting, 15);
    assert_int_equal(c->alone.n_rule, 1);
    assert_int_equal(c->versus[0].n_rule, 2);
    assert_string_equal(c->versus[0].rule[1].rule, "r2");
    assert_int_equal(c->versus[0].rule[1].n_exists, 12);
    assert_int_equal(c->versus[0].rule[1].n, 20);
}

/* ---- options and odd results ---- */

static void test_compare__one_country_one_stage(void **state)
{
    struct fixture *f = *state;
    struct ana_compare c;

    assert_int_equal(
        ana_compare(&c, &f->r, &(struct ana_compare_options){"all", "magnet"}, &f->err), 0);
    assert_null(c.country);
    assert_int_equal(c.versus[0].n_plant, 2);
    assert_int_equal(c.versus[0].n_tier, 1);
    assert_int_equal(c.versus[0].n_flow, 3);
    assert_int_equal(c.n_row, 2);
    assert_int_equal(c.n_estimate, 0);
    assert_near(c.versus[0].focus.loss_usd.diff.at, 250000);
    ana_compare_free(&c);
}

static void test_compare__unknown_country_and_stage_are_named(void **state)
{
    struct fixture *f = *state;
    struct ana_compare c;

    assert_int_equal(ana_compare(&c, &f->r, &(struct ana_compare_options){"QQ", NULL}, &f->err),
                     SIM_EINPUT);
    assert_string_equal(f->err.text, "the result has no plant of country QQ; it has: JP CN\n");
    sim_err_free(&f->err);
    assert_int_equal(ana_compare(&c, &f->r, &(struct ana_compare_options){NULL, "cars"}, &f->err),
                     SIM_EINPUT);
    assert_string_equal(f->err.text,
                        "the result has no plant of tier cars; it has: vehicle magnet\n");
}

static void test_compare__no_run_done_is_a_fault(void **state)
{
    struct fixture *f = *state;
    struct ana_compare c;

    study_all(&f->r, "run_status", BASE, 0, 2);
    assert_int_equal(ana_compare(&c, &f->r, &(struct ana_compare_options){0}, &f->err), SIM_ERUN);
    assert_string_equal(f->err.text, "no run of the first scenario is done\n");
    assert_null(c.versus);
}

static void test_compare__a_foreign_result_is_a_fault(void **state)
{
    struct fixture *f = *state;
    struct sim_result r = {0};
    struct ana_compare c;

    assert_int_equal(ana_compare(&c, &r, &(struct ana_compare_options){0}, &f->err), SIM_ERUN);
    assert_int_equal(f->err.n, 1);
    sim_result_free(&r);
}

/* The same study with only the columns named. */
static void keep_only(struct sim_result *r, const char *const *names, size_t n)
{
    int kept = 0;

    for (int i = 0; i < r->n_column; i++)
        for (size_t k = 0; k < n; k++)
            if (strcmp(r->column[i].name, names[k]) == 0)
                r->column[kept++] = r->column[i];
    r->n_column = kept;
}

static void test_compare__what_is_not_there_is_left_empty(void **state)
{
    struct fixture *f = *state;
    struct ana_compare c;
    char *text = NULL;
    size_t n = 0;
    FILE *to = open_memstream(&text, &n);
    struct ana_show_options o = {.file = "x.h5", .top = 5, .width = ANA_SHOW_WIDTH};

    keep_only(&f->r, (const char *const[]){"served", "stop_first"}, 2);
    assert_int_equal(ana_compare(&c, &f->r, &(struct ana_compare_options){0}, &f->err), 0);
    assert_int_equal(c.alone.n_pair, STUDY_RUN); /* no status: all are done */
    assert_int_equal(c.versus[0].n_line, 0);
    assert_int_equal(c.versus[0].n_market, 0);
    assert_int_equal(c.versus[0].n_cause, 0);
    assert_int_equal(c.versus[0].n_flow, 0);
    assert_int_equal(ana_show(to, &c, &o, &f->err), 0);
    assert_int_equal(fclose(to), 0);
    assert_non_null(strstr(text, "IN SHORT"));
    free(text);
    ana_compare_free(&c);
}

/* ---- against another file ---- */

/* Scenario `s` of a study alone in a result. */
static void only(struct sim_result *to, size_t s)
{
    static const char *const label[] = {"base", "cut", "same"};
    struct sim_result r = {0};

    study_fill(&r);
    for (int i = 0; i < r.n_column; i++) {
        struct sim_column *c = &r.column[i];
        size_t n = sim_column_n(&r, c) / 3 * sim_type_size(c->type);

        memmove(c->data, (char *)c->data + s * n, n);
    }
    r.axis[0].n = 1;
    r.axis[0].label = &label[s];
    *to = r;
}

static void same_numbers(const struct ana_versus *a, const struct ana_versus *b)
{
    assert_int_equal(a->n_pair, b->n_pair);
    assert_int_equal(a->n_line, b->n_line);
    for (size_t i = 0; i < a->n_line; i++) {
        assert_int_equal(a->line[i].n_stop, b->line[i].n_stop);
        assert_near(a->line[i].first.p50, b->line[i].first.p50);
        assert_near(a->line[i].lost_usd, b->line[i].lost_usd);
        assert_int_equal(a->line[i].cause, b->line[i].cause);
        assert_near(a->line[i].cause_share, b->line[i].cause_share);
    }
    assert_near(a->focus.loss_usd.diff.lo, b->focus.loss_usd.diff.lo);
    assert_near(a->cause[0].share, b->cause[0].share);
    assert_near(a->flow[0].quarter[1], b->flow[0].quarter[1]);
    assert_near(a->flow[0].refused[1], b->flow[0].refused[1]);
    assert_near(a->tier[0].trough.p50, b->tier[0].trough.p50);
}

static void test_compare_join__two_files_compare_as_one(void **state)
{
    struct fixture *f = *state;
    struct sim_result base, cut, both;
    struct ana_compare one, two;
    struct ana_compare_options o = {0};

    only(&base, BASE);
    only(&cut, CUT);
    f->r.axis[0].n = 2; /* base and cut in one file: the same level */
    assert_int_equal(ana_compare(&one, &f->r, &o, &f->err), 0);
    assert_int_equal(ana_compare_join(&both, &cut, &base, &f->err), 0);
    assert_int_equal(ana_compare(&two, &both, &o, &f->err), 0);
    assert_int_equal(two.n_versus, 1);
    assert_string_equal(two.alone.label, "base");
    assert_string_equal(two.versus[0].label, "cut");
    same_numbers(&two.versus[0], &one.versus[0]);
    ana_compare_free(&one);
    ana_compare_free(&two);
    sim_result_free(&both);
    sim_result_free(&base);
    sim_result_free(&cut);
}

static void test_compare_join__causes_are_matched_by_name(void **state)
{
    struct fixture *f = *state;
    struct sim_result base, cut, both;
    struct ana_compare one, two;
    struct ana_compare_options o = {0};
    struct sim_axis *a;

    /* the baseline's file knows fewer causes, and has its own */
    static const char *const label[] = {"own stock policy", "old rule, denied, mag.sh"},
                             *const why[] = {"own stock policy", "denied"},
                             *const rule[] = {"", "old"}, *const none[] = {"", ""},
                             *const product[] = {"", "mag.sh"};

    only(&base, BASE);
    only(&cut, CUT);
    a = &base.axis[sim_result_find_axis(&base, "cause")];
    a->n = 2;
    a->label = label;
    a->coord[0].label = why;
    a->coord[1].label = rule;
    a->coord[2].label = none;
    a->coord[3].label = product;
    for (size_t run = 0; run < STUDY_RUN; run++) {
        study_set(&base, "loss_by_cause", 0, run, run + 1, 0, 100);
        study_set(&base, "loss_by_cause", 0, run, run + 1, 1, 0);
        study_set(&base, "missed_cause", 0, run, run + 1, 3 * MAG, 0);
        study_set(&base, "missed_by_cause", 0, run, run + 1, 3 * MAG, 700);
        study_set(&cut, "missed_cause", 0, run, run + 1, 3 * MAG + 1, OWN);
        study_set(&cut, "missed_by_cause", 0, run, run + 1, 3 * MAG + 1, 700);
    }
    f->r.axis[0].n = 2;
    assert_int_equal(ana_compare(&one, &f->r, &o, &f->err), 0);
    assert_int_equal(ana_compare_join(&both, &cut, &base, &f->err), 0);
    assert_int_equal(ana_compare(&two, &both, &o, &f->err), 0);
    assert_int_equal(both.axis[sim_result_find_axis(&both, "cause")].n, 6);
    same_numbers(&two.versus[0], &one.versus[0]);
    ana_compare_free(&one);
    ana_compare_free(&two);
    sim_result_free(&both);
    sim_result_free(&base);
    sim_result_free(&cut);
}

static void test_compare_join__a_run_that_one_file_lacks_is_no_pair(void **state)
{
    struct fixture *f = *state;
    struct sim_result base, cut, both;
    struct ana_compare c;
    double run[STUDY_RUN];

    for (int i = 0; i < STUDY_RUN; i++)
        run[i] = i < 5 ? i : 100 + i;
    only(&base, BASE);
    only(&cut, CUT);
    base.axis[sim_result_find_axis(&base, "run")].value = run;
    assert_int_equal(ana_compare_join(&both, &cut, &base, &f->err), 0);
    assert_int_equal(ana_compare(&c, &both, &(struct ana_compare_options){0}, &f->err), 0);
    assert_int_equal(c.versus[0].n_pair, 5);
    assert_true(isnan(c.versus[0].focus.loss_usd.diff.lo)); /* withheld */
    assert_near(c.versus[0].focus.loss_usd.diff.at, (2 + 2) * 20000);
    ana_compare_free(&c);
    sim_result_free(&both);
    sim_result_free(&base);
    sim_result_free(&cut);
}

static void test_compare_join__a_name_that_is_taken_is_marked(void **state)
{
    struct fixture *f = *state;
    struct sim_result base, both;

    only(&base, BASE);
    assert_int_equal(ana_compare_join(&both, &f->r, &base, &f->err), 0);
    assert_int_equal(both.axis[0].n, 4);
    assert_string_equal(both.axis[0].label[0], "base@against");
    assert_string_equal(both.axis[0].label[1], "base");
    assert_string_equal(both.axis[0].label[2], "cut");
    sim_result_free(&both);
    sim_result_free(&base);
}

/* What has days of a rule that only one file knows has none of the other's scenario; what has
 * nothing to do with scenarios comes along as it is. */
static void test_compare_join__a_rule_of_one_file_has_no_day_in_the_other(void **state)
{
    struct fixture *f = *state;
    struct sim_result base, cut, both;
    const struct sim_column *from, *kg;
    double *day, *plain;

    only(&base, BASE);
    only(&cut, CUT);
    base.axis[sim_result_find_axis(&base, "rule")].n = 1;
    for (int i = 0; i < 2; i++) {
        struct sim_result *r = i ? &cut : &base;

        day = r->column[sim_result_column(r, "rule_from", "scenario rule", SIM_F64, SIM_KEEP, "d",
                                          "days")]
                  .data;
        day[0] = 10.0 + i;
        if (i == 1)
            day[1] = 20.0;
        plain =
            r->column[sim_result_column(r, "weight", "plant", SIM_F64, SIM_KEEP, "kg", "")].data;
        plain[0] = 7.0;
    }
    assert_int_equal(ana_compare_join(&both, &cut, &base, &f->err), 0);
    from = sim_result_find(&both, "rule_from");
    kg = sim_result_find(&both, "weight");
    assert_near(sim_column_at(from, 0), 10.0);
    assert_true(isnan(sim_column_at(from, 1)));
    assert_near(sim_column_at(from, 2), 11.0);
    assert_near(sim_column_at(from, 3), 20.0);
    assert_non_null(kg);
    assert_near(sim_column_at(kg, 0), 7.0);
    sim_result_free(&both);
    sim_result_free(&base);
    sim_result_free(&cut);
}

static void test_compare_join__files_that_do_not_belong_together(void **state)
{
    struct fixture *f = *state;
    struct sim_result base, both;

    only(&base, BASE);
    base.attr[2].text = "8";
    base.input[0].text = "id\nb\n";
    assert_int_equal(ana_compare_join(&both, &f->r, &base, &f->err), SIM_EINPUT);
    assert_string_equal(f->err.text, "cannot be compared in pairs: seed is 7, against 8\n"
                                     "cannot be compared in pairs: the table lanes.csv differs\n");
    sim_err_free(&f->err);
    sim_result_free(&base);
    only(&base, BASE);
    base.axis[sim_result_find_axis(&base, "plant")].n = 3;
    assert_int_equal(ana_compare_join(&both, &f->r, &base, &f->err), SIM_EINPUT);
    assert_string_equal(f->err.text, "cannot be compared in pairs: the axis plant differs; was it "
                                     "another network?\n");
    assert_int_equal(both.n_axis, 0);
    sim_result_free(&base);
}

/* ---- as text ---- */

static char *shown(struct fixture *f, const struct ana_compare *c, const struct ana_show_options *o)
{
    char *text = NULL;
    size_t n = 0;
    FILE *to = open_memstream(&text, &n);

    assert_int_equal(ana_show(to, c, o, &f->err), 0);
    assert_int_equal(fclose(to), 0);
    return text;
}

/* Each line against its wish, so that a difference is shown where it is. */
static void assert_lines(const char *text, const char *const want[], size_t n)
{
    size_t i = 0;

    for (const char *at = text; *at; i++) {
        size_t len = strcspn(at, "\n");

        if (i >= n || strlen(want[i]) != len || memcmp(want[i], at, len) != 0)
            fail_msg("line %zu is\n%.*s\nnot\n%s", i + 1, (int)len, at, i < n ? want[i] : "(end)");
        at += len + (at[len] == '\n');
    }
    assert_int_equal(i, n);
}

static const char *const golden[] = {
#include "tests/analysis/golden_show.inc"
};

static void test_show__golden(void **state)
{
    struct fixture *f = *state;
    struct ana_show_options o = {.file = "out.h5", .top = 10, .width = 100};
    char *text = shown(f, &f->c, &o);

    assert_lines(text, golden, sizeof golden / sizeof *golden);
    free(text);
}

static size_t longest_line(const char *text)
{
    size_t most = 0;

    for (const char *at = text; *at;) {
        size_t len = strcspn(at, "\n");

        most = len > most ? len : most;
        at += len + (at[len] == '\n');
    }
    return most;
}

static void test_show__fits_its_width(void **state)
{
    struct fixture *f = *state;
    struct ana_show_options o = {.file = "out.h5", .top = 10};

    for (o.width = ANA_SHOW_WIDTH_MIN; o.width <= 140; o.width += 4)
        for (o.all = 0; o.all < 2; o.all++) {
            char *text = shown(f, &f->c, &o);

            assert_true(longest_line(text) <= o.width);
            free(text);
        }
}

static void test_show__top_says_what_it_leaves_out(void **state)
{
    struct fixture *f = *state;
    struct ana_show_options o = {.file = "out.h5", .top = 1, .width = 100};
    char *text;

    study_all(&f->r, "stop_longest", BASE, MAG, 0); /* now the magnet works stop as well */
    ana_compare_free(&f->c);
    assert_int_equal(ana_compare(&f->c, &f->r, &(struct ana_compare_options){0}, &f->err), 0);
    text = shown(f, &f->c, &o);
    assert_non_null(strstr(text, "  1 more in half of the runs or more; --top 2 shows it.\n"));
    assert_null(strstr(text, "\n  Magnet works"));
    free(text);
    o.top = 2;
    text = shown(f, &f->c, &o);
    assert_null(strstr(text, "more in half of the runs"));
    assert_non_null(strstr(text, "\n  Magnet works"));
    free(text);
}

static void test_show__intervals_are_withheld_below_20_runs(void **state)
{
    struct fixture *f = *state;
    struct ana_show_options o = {.file = "out.h5", .top = 10, .width = 100};
    char *text;

    f->r.axis[sim_result_find_axis(&f->r, "run")].n = STUDY_RUN;
    study_set(&f->r, "run_status", CUT, 10, 20, 0, 2);
    ana_compare_free(&f->c);
    assert_int_equal(ana_compare(&f->c, &f->r, &(struct ana_compare_options){0}, &f->err), 0);
    text = shown(f, &f->c, &o);
    assert_non_null(strstr(text, "withheld"));
    assert_non_null(strstr(text, "    loss    mean 130 k USD, 90 % of runs"));
    assert_non_null(strstr(text, "cut: 12 of 22 runs failed or are missing"));
    free(text);
}

/* The baseline now loses 600 k USD in each run: the cut loses less, and no cause is one of that. */
static void test_show__a_scenario_that_loses_less(void **state)
{
    struct fixture *f = *state;
    struct ana_show_options o = {.file = "out.h5", .top = 10, .width = 100};
    char *text;

    study_all(&f->r, "lost", BASE, 0, 30);
    ana_compare_free(&f->c);
    assert_int_equal(ana_compare(&f->c, &f->r, &(struct ana_compare_options){0}, &f->err), 0);
    text = shown(f, &f->c, &o);
    assert_non_null(strstr(text,
                           "    loss    370 k USD less than the baseline: mean -370 k USD (95 "
                           "% interval -434 k to -306 k), 90 %\n            of runs -541 k to "
                           "-199 k; on average -12.3 % of final demand in JP."));
    assert_null(strstr(text, "no final demand"));
    assert_null(strstr(text, "    cause "));
    free(text);
}

static void test_show__a_loss_too_small_for_its_share(void **state)
{
    struct fixture *f = *state;
    struct ana_show_options o = {.file = "out.h5", .top = 10, .width = 100};
    char *text;

    for (size_t s = 0; s < 3; s++)
        study_all(&f->r, "demand", s, 0, 1e9);
    ana_compare_free(&f->c);
    assert_int_equal(ana_compare(&f->c, &f->r, &(struct ana_compare_options){0}, &f->err), 0);
    text = shown(f, &f->c, &o);
    assert_non_null(strstr(text, "; on average\n            under 0.001 % of final demand in JP"));
    assert_null(strstr(text, ">-"));
    assert_non_null(strstr(text, "-<0.001 %")); /* the part that is met */
    free(text);
}

static void test_show__one_scenario_by_itself(void **state)
{
    struct fixture *f = *state;
    struct ana_show_options o = {.file = "out.h5", .top = 10, .width = 100};
    struct sim_result cut;
    struct ana_compare c;
    char *text;

    only(&cut, CUT);
    assert_int_equal(ana_compare(&c, &cut, &(struct ana_compare_options){0}, &f->err), 0);
    /* both plants stop now: nothing is taken off */
    assert_int_equal(c.alone.n_plant_stop, 2);
    assert_true(isnan(c.alone.plant[0].lost_usd));
    text = shown(f, &c, &o);
    assert_non_null(strstr(text, "out.h5: 1 scenario, 22 runs"));
    assert_non_null(strstr(text, "cut, by itself"));
    assert_null(strstr(text, "against"));
    free(text);
    ana_compare_free(&c);
    sim_result_free(&cut);
}

static void test_show__names_cannot_steer_the_terminal(void **state)
{
    static const char *const names[] = {"\x1b[31mred\x1b[0m", "caf\xc3\xa9", "\xc2\x9b[2J", "\xff"};
    struct fixture *f = *state;
    struct ana_show_options o = {.file = "out.h5", .top = 10, .width = 100};
    struct sim_axis *a = &f->r.axis[sim_result_find_axis(&f->r, "plant")];
    char *text;

    for (int utf8 = 0; utf8 < 2; utf8++)
        for (size_t k = 0; k < 4; k++) {
            const char *const label[] = {names[k], names[k], names[k], names[k]};

            a->coord[1].label = label;
            ana_compare_free(&f->c);
            assert_int_equal(ana_compare(&f->c, &f->r, &(struct ana_compare_options){0}, &f->err),
                             0);
            o.utf8 = utf8;
            text = shown(f, &f->c, &o);
            for (const char *p = text; *p; p++) {
                unsigned char c = (unsigned char)*p;

                assert_true(c == '\n' || (c >= 0x20 && c != 0x7f));
                assert_true(c < 0x80 || utf8);
                assert_true(c != 0xc2 && c != 0xff);
            }
            assert_true((strstr(text, "caf\xc3\xa9") != NULL) == (utf8 && k == 1));
            free(text);
        }
}

static void test_show__an_unknown_scenario_is_named(void **state)
{
    struct fixture *f = *state;
    struct ana_show_options o = {.file = "x", .scenario = "cot", .top = 10, .width = 100};

    assert_int_equal(ana_show(stdout, &f->c, &o, &f->err), SIM_EINPUT);
    assert_string_equal(f->err.text, "no scenario cot in the result; it has: base cut same\n");
    sim_err_free(&f->err);
    o.scenario = "base";
    assert_int_equal(ana_show(stdout, &f->c, &o, &f->err), SIM_EINPUT);
    assert_string_equal(f->err.text, "base is the baseline; compared with it are: cut same\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        T(test_compare__pairs_are_runs_done_on_both_sides),
        T(test_compare__a_scenario_without_effect_is_the_same),
        T(test_compare_plants__lines_stop_beyond_the_baseline),
        T(test_compare_plants__values_are_net_and_gross),
        T(test_compare_plants__a_plant_is_the_lines_of_a_site),
        T(test_compare_plants__stages_add_up_and_come_back),
        T(test_compare_markets__differences_and_intervals_by_hand),
        T(test_compare_markets__rows_by_loss),
        T(test_compare_markets__causes_are_differences_too),
        T(test_compare_trade__flows_of_controlled_products),
        T(test_compare_trade__lead_times_count_what_is_open),
        T(test_compare_trade__offices_and_rules),
        T(test_compare__one_country_one_stage),
        T(test_compare__unknown_country_and_stage_are_named),
        T(test_compare__no_run_done_is_a_fault),
        T(test_compare__a_foreign_result_is_a_fault),
        T(test_compare__what_is_not_there_is_left_empty),
        T(test_compare_join__two_files_compare_as_one),
        T(test_compare_join__causes_are_matched_by_name),
        T(test_compare_join__a_run_that_one_file_lacks_is_no_pair),
        T(test_compare_join__a_name_that_is_taken_is_marked),
        T(test_compare_join__a_rule_of_one_file_has_no_day_in_the_other),
        T(test_compare_join__files_that_do_not_belong_together),
        T(test_show__golden),
        T(test_show__fits_its_width),
        T(test_show__top_says_what_it_leaves_out),
        T(test_show__intervals_are_withheld_below_20_runs),
        T(test_show__a_scenario_that_loses_less),
        T(test_show__a_loss_too_small_for_its_share),
        T(test_show__one_scenario_by_itself),
        T(test_show__names_cannot_steer_the_terminal),
        T(test_show__an_unknown_scenario_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
