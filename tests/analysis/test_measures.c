#include "analysis/compare.h"
#include "analysis/show.h"
#include "tests/analysis/study.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>

/* The study of study.h with what the measures need beside it, by hand. Scenario cut has 20 pairs;
 * in the first 15 the petrol line (net value 19,700 USD a car) stops on days 40 to 54. */

static void near_(double have, double want, int line)
{
    if (!(fabs(have - want) <= 1e-9 * fmax(1.0, fabs(want))))
        fail_msg("line %d: %.17g is not %.17g", line, have, want);
}
#define assert_near(have, want) near_(have, want, __LINE__)

enum { PERIOD = 6, N_EL = 2, N_ORIGIN = 3, POINT = 4, N_COHORT = 2, LEAD = 4 };

struct fixture {
    struct sim_result r;
    struct ana_compare c;
    struct sim_err err;
};

static void coord(struct sim_result *r, const char *axis, struct sim_coord c)
{
    struct sim_axis *a = &r->axis[sim_result_find_axis(r, axis)];

    a->coord[a->n_coord++] = c;
}

static void more_axes(struct sim_result *r)
{
    static const char *const sector[] = {"cars", "cars", "metals", "metals"},
                             *const entity[] = {"yamato", "yamato", "musashi", "far"},
                             *const goods[] = {"JP~vehicle", "JP~vehicle", "US~vehicle"};
    static double begins[] = {NAN, 10, NAN}, ends[] = {NAN, NAN, NAN};

    coord(r, "plant", study_text("plant_sector", sector));
    coord(r, "plant", study_text("plant_entity", entity));
    coord(r, "market", study_text("market_goods", goods));
    coord(r, "scenario", study_real("scenario_begins", begins));
    coord(r, "scenario", study_real("scenario_ends", ends));
    sim_result_attr(r, "before", "2026-01-10");
    study_numbers(r, "period", PERIOD, 28.0);
    study_axis(r, "why", 5,
               TEXTS("unexplained", "own stock policy", "capacity", "licence pending", "denied"),
               NULL, 0);
    study_axis(r, "goods", 2, TEXTS("JP~vehicle", "US~vehicle"),
               COORDS(study_text("goods_country", TEXTS("JP", "US")),
                      study_text("goods_stage", TEXTS("vehicle", "vehicle"))),
               2);
    study_axis(r, "stage", 2, TEXTS("JP~vehicle", "CN~magnet"),
               COORDS(study_text("stage_country", TEXTS("JP", "CN")),
                      study_text("stage_tier", TEXTS("vehicle", "magnet"))),
               2);
    study_axis(r, "element", N_EL, TEXTS("dy", "nd"), NULL, 0);
    study_axis(r, "origin", N_ORIGIN, TEXTS("unseparated", "CN", "FR"), NULL, 0);
    study_axis(r, "point", POINT, TEXTS("s.mag~dy", "s.car~sh", "s.car~ice", "x.far~dy"),
               COORDS(study_text("point_country", TEXTS("JP", "JP", "JP", "CN")),
                      study_text("point_role", TEXTS("input", "input", "output", "input")),
                      study_text("point_tier", TEXTS("magnet", "vehicle", "vehicle", "magnet"))),
               3);
    study_numbers(r, "stat", 6, 1.0);
    study_numbers(r, "cohort", N_COHORT, 90.0);
    study_axis(r, "watched", 1, TEXTS("CN>JP~mag.sh"),
               COORDS(study_text("watched_origin", TEXTS("CN")),
                      study_text("watched_destination", TEXTS("JP")),
                      study_text("watched_product", TEXTS("mag.sh"))),
               3);
}

static void more_columns(struct sim_result *r)
{
    static const struct {
        const char *name, *axes;
    } column[] = {{"period_started", "scenario run plant period"},
                  {"missed_by_why", "scenario plant why"},
                  {"loss_by_goods", "scenario run goods cause"},
                  {"stage_due", "scenario run stage"},
                  {"stage_due_received", "scenario run stage"},
                  {"stage_on_time", "scenario run stage"},
                  {"stage_bullwhip", "scenario run stage"},
                  {"delivered_kg", "scenario market element origin"},
                  {"before_kg", "scenario point element origin"},
                  {"before_cover", "scenario point stat"},
                  {"lead_promised", "scenario flow lead"},
                  {"cohort_received", "scenario watched cohort lead"},
                  {"cohort_open", "scenario watched cohort lead"},
                  {"cohort_refused", "scenario watched cohort lead"}};

    for (size_t i = 0; i < sizeof column / sizeof *column; i++)
        sim_result_column(r, column[i].name, column[i].axes, SIM_F64, SIM_KEEP, "1",
                          column[i].name);
}

/* Petrol cars: 100 in each 28 days; 0, 50 and 100 from the third on in the pairs that stop; pair 0
 * falls back to 90 in the last. */
static void fill_plants(struct sim_result *r)
{
    for (size_t s = 0; s < 3; s++)
        for (size_t k = 0; k < PERIOD; k++) {
            study_all(r, "period_started", s, ICE * PERIOD + k, 100);
            study_all(r, "period_started", s, MAG * PERIOD + k, 200);
            study_all(r, "period_started", s, FAR * PERIOD + k, 300);
        }
    study_set(r, "period_started", CUT, 0, 15, ICE * PERIOD + 1, 0);
    study_set(r, "period_started", CUT, 0, 15, ICE * PERIOD + 2, 50);
    study_set(r, "period_started", CUT, 0, 1, ICE * PERIOD + 5, 90);
    study_put(study_column(r, "missed_by_why"), (CUT * STUDY_LINE + ICE) * 5 + 3, 60);
    study_put(study_column(r, "missed_by_why"), (CUT * STUDY_LINE + ICE) * 5 + 4, 20);
    study_put(study_column(r, "missed_by_why"), (CUT * STUDY_LINE + FAR) * 5 + 2, 1e6); /* CN */
    study_put(study_column(r, "missed_by_why"), (BASE * STUDY_LINE + ICE) * 5 + 4, 5);
}

static void fill_rest(struct sim_result *r)
{
    struct sim_column *kg = study_column(r, "delivered_kg"), *before = study_column(r, "before_kg"),
                      *cover = study_column(r, "before_cover");
    size_t market = N_EL * N_ORIGIN;

    study_all(r, "loss_by_goods", CUT, PENDING, 150000);
    study_all(r, "loss_by_goods", CUT, DENIED, 50000);
    study_all(r, "loss_by_goods", CUT, STUDY_CAUSE + DENIED, 50000);
    for (size_t s = 0; s < 3; s++) {
        study_all(r, "stage_due", s, 0, 1000);
        study_all(r, "stage_due_received", s, 0, s == CUT ? 700 : 1000);
        study_all(r, "stage_on_time", s, 0, s == CUT ? 400 : 800);
        study_all(r, "stage_bullwhip", s, 0, s == CUT ? 512 : 2);
        study_all(r, "stage_bullwhip", s, 1, NAN);
        study_put(kg, s * 3 * market + 1, s == CUT ? 6 : 8);          /* JP ice: dy CN */
        study_put(kg, (s * 3 + 1) * market + 1, s == CUT ? 3 : 4);    /* JP hev: dy CN */
        study_put(kg, (s * 3 + 1) * market + 2, 1);                   /* JP hev: dy FR */
        study_put(kg, (s * 3 + 1) * market + 4, s == CUT ? 90 : 100); /* JP hev: nd CN */
        study_put(kg, (s * 3 + 2) * market + 1, 1e6);                 /* US */
        study_put(before, (s * POINT + 0) * market + 1, 30);          /* s.mag: dy CN */
        study_put(before, (s * POINT + 1) * market + 2, 10);          /* s.car: dy FR */
        study_put(before, (s * POINT + 1) * market + 4, 5);           /* s.car: nd CN */
        study_put(before, (s * POINT + 2) * market + 1, 1e6);         /* an output */
        study_put(before, (s * POINT + 3) * market + 1, 1e6);         /* CN */
        study_put(cover, (s * POINT + 0) * 6, 40);
        study_put(cover, (s * POINT + 1) * 6, 20);
        study_put(study_column(r, "cohort_received"), s * N_COHORT * LEAD, 100);
        study_put(study_column(r, "lead_promised"), s * 4 * LEAD, 100);
    }
    study_put(study_column(r, "cohort_received"), (BASE * N_COHORT + 1) * LEAD, 10);
    study_put(study_column(r, "cohort_received"), (CUT * N_COHORT + 1) * LEAD + 1, 20);
    study_put(study_column(r, "cohort_open"), (CUT * N_COHORT + 1) * LEAD + 2, 80);
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    study_fill(&f->r);
    more_axes(&f->r);
    more_columns(&f->r);
    fill_plants(&f->r);
    fill_rest(&f->r);
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

static const struct ana_versus *cut(void **state)
{
    return &((struct fixture *)*state)->c.versus[0];
}

/* ---- firms, industries, the total ---- */

static void test_measures__bodies_are_total_industries_firms(void **state)
{
    const struct ana_versus *v = cut(state);
    const char *const name[] = {"all plants", "cars", "metals", "yamato", "musashi"};

    assert_int_equal(v->n_body, 5); /* not those in CN */
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(v->body[i].name, name[i]);
    assert_int_equal(v->body[0].n_plant, 2);
    assert_int_equal(v->body[0].n_plant_stop, 1);
    assert_int_equal(v->body[2].n_plant_stop, 0);
}

static void test_measures__area_depth_and_return_of_a_firm(void **state)
{
    const struct ana_body *b = &cut(state)->body[3];
    double net = 19700; /* 20,000 less 300 of inputs */

    /* 15 pairs lose 150 cars, one of them ten more */
    assert_near(b->added.base, 600 * net);
    assert_near(b->added.diff.at, -(15 * 150 + 10) * net / 20);
    assert_int_equal(b->n_dip, 15);
    assert_near(b->trough.p50, 0);
    assert_near(b->trough.p95, 1);
    /* from the period of day 28 to that of day 84, which holds for two */
    assert_int_equal(b->n_back, 15);
    assert_int_equal(b->back_is_over, 1);
    assert_near(b->back, 56);
    /* pairs 0..7 stop on day 30 with the hybrid, pairs 8 to 14 on days 48 to 54 with petrol cars */
    assert_int_equal(b->impact.n, 15);
    assert_near(b->impact.p50, 30);
}

static void test_measures__a_total_is_the_sum(void **state)
{
    const struct ana_versus *v = cut(state);

    assert_near(v->body[0].added.base, 600 * 19700.0 + 1200 * 30.0);
    assert_near(v->body[0].added.diff.at, v->body[1].added.diff.at + v->body[2].added.diff.at);
    assert_near(v->body[2].added.diff.at, 0);
    assert_int_equal(v->body[2].n_dip, 0);
}

/* Rules that end on day 100: the clock starts there, and the first period looked at begins on 112.
 */
static void test_measures__recovery_counts_from_the_end_of_the_policy(void **state)
{
    struct fixture *f = *state;
    static double ends[] = {NAN, 100, NAN};
    struct sim_axis *a = &f->r.axis[sim_result_find_axis(&f->r, "scenario")];

    ana_compare_free(&f->c);
    a->coord[a->n_coord - 1].value = ends;
    assert_int_equal(ana_compare(&f->c, &f->r, &(struct ana_compare_options){0}, &f->err), 0);
    /* pair 0 falls back in the last period and has not recovered by its beginning, day 140 */
    assert_int_equal(f->c.versus[0].body[3].n_back, 14);
    assert_near(f->c.versus[0].body[3].back, 12);
}

/* ---- causes ---- */

static void test_measures__kinds_of_cause(void **state)
{
    const struct ana_versus *v = cut(state);
    double sum = 0, missed = 60 + 15;

    for (size_t i = 0; i < v->n_kind; i++)
        sum += v->kind[i].loss;
    assert_near(sum, 1);
    assert_string_equal(v->kind[0].why, "licence pending");
    assert_near(v->kind[0].loss, 150000.0 / 250500);
    assert_near(v->kind[0].missed, 60 / missed);
    assert_string_equal(v->kind[1].why, "denied");
    assert_near(v->kind[1].loss, 100000.0 / 250500);
    assert_near(v->kind[1].missed, 15 / missed);
}

static void test_measures__main_cause_of_the_goods_of_a_country(void **state)
{
    const struct ana_versus *v = cut(state);

    assert_int_equal(v->n_goods, 1);
    assert_string_equal(v->goods[0].stage, "vehicle");
    assert_near(v->goods[0].loss_usd, 200000);
    assert_int_equal(v->goods[0].cause, PENDING);
    assert_near(v->goods[0].cause_share, 0.75);
}

/* ---- orders, elements ---- */

static void test_measures__fill_rates_and_bullwhip_of_a_stage(void **state)
{
    const struct ana_versus *v = cut(state);

    assert_int_equal(v->n_service, 1);
    assert_string_equal(v->service[0].tier, "vehicle");
    assert_near(v->service[0].on_time[0], 0.8);
    assert_near(v->service[0].on_time[1], 0.4);
    assert_near(v->service[0].received[1], 0.7);
    assert_near(v->service[0].bullwhip[0], 2);
    assert_near(v->service[0].bullwhip[1], 512);
}

static void test_measures__lead_times_by_quarter(void **state)
{
    const struct ana_versus *v = cut(state);
    const struct ana_cohort *c = &v->cohort[0];

    assert_int_equal(v->n_cohort_flow, 1);
    assert_near(c->promised, 3.5);
    assert_near(c->base[0], 3.5);
    assert_near(c->with[0], 3.5);
    assert_near(c->base[1], 3.5);
    /* a fifth came, the rest is open: no median yet, beyond the middle of the third week */
    assert_int_equal(c->with_over[1], 1);
    assert_near(c->with[1], 17.5);
    assert_int_equal(c->with_over[0], 0);
}

static void test_measures__elements_by_origin(void **state)
{
    const struct ana_versus *v = cut(state);

    assert_string_equal(v->content_stage, "vehicle");
    assert_int_equal(v->n_content, 2);
    assert_string_equal(v->content[0].element, "dy"); /* a quarter less from CN; nd a tenth */
    assert_near(v->content[0].base[1], 12);
    assert_near(v->content[0].with[1], 9);
    assert_near(v->content[0].all_base, 13);
    assert_near(v->content[0].all, 10);
    assert_near(v->content[1].with[1], 90);
}

static void test_measures__exposure_of_inputs(void **state)
{
    const struct ana_versus *v = cut(state);

    assert_int_equal(v->n_exposure, 2);
    assert_string_equal(v->exposure[0].element, "dy");
    assert_near(v->exposure[0].share, 0.75);
    assert_near(v->exposure[0].cover.p50, 30); /* 40 and 20 days */
    assert_near(v->exposure[1].share, 1);
    assert_near(v->exposure[1].cover.p50, 20);
}

/* ---- as text ---- */

static void test_measures__show_says_them(void **state)
{
    static const char *const lines[] = {
        "    kinds   of the loss: licence pending 60 %, denied 40 %. Of missed starts: licence "
        "pending "
        "80 %,\n            denied 20 %\n",
        "    exposed on 2026-01-10, of what lay in JP as input: 75 % of dy, 100 % of nd from CN; "
        "cover "
        "of the\n            median stock 20 to 30 days\n",
        "WHO LOSES, by net value added         plants   days to net value  net value ",
        " -18.8 %     2.23 m          0 %       56\n",
        "  all plants                               1/2        20 ",
        "    JP vehicle, 200 k USD: licence pending for mag.sh under r1 75 %.\n",
        "    dy: 13.0 kg > 10.0 kg; CN 12.0 kg > 9.00 kg, FR 1.00 kg > 1.00 kg\n",
        "    By value, % on time (at all): vehicle 80 > 40 (100 > 70)\n    Bullwhip: vehicle 2 > "
        "510\n",
        "    CN > JP  mag.sh                     4       4    >18\n"};
    struct fixture *f = *state;
    char *text = NULL;
    size_t n = 0;
    FILE *to = open_memstream(&text, &n);

    assert_non_null(to);
    assert_int_equal(
        ana_show(to, &f->c,
                 &(struct ana_show_options){.file = "out.h5", .top = 8, .width = 100, .utf8 = 1},
                 &f->err),
        0);
    fclose(to);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (!strstr(text, lines[i]))
            fail_msg("not said: %s", lines[i]);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        assert_true(strlen(line) <= 100);
    free(text);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {T(test_measures__bodies_are_total_industries_firms),
                                       T(test_measures__area_depth_and_return_of_a_firm),
                                       T(test_measures__a_total_is_the_sum),
                                       T(test_measures__recovery_counts_from_the_end_of_the_policy),
                                       T(test_measures__kinds_of_cause),
                                       T(test_measures__main_cause_of_the_goods_of_a_country),
                                       T(test_measures__fill_rates_and_bullwhip_of_a_stage),
                                       T(test_measures__lead_times_by_quarter),
                                       T(test_measures__elements_by_origin),
                                       T(test_measures__exposure_of_inputs),
                                       T(test_measures__show_says_them)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
