#include "analysis/pick.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

/* Two plants over three weeks, two scenarios of one run: x = 100 scenario + 10 week + plant. */
struct fixture {
    struct sim_result r;
    struct sim_arena arena;
    struct sim_err err;
};

static int set_up(void **state)
{
    static const char *const scenario[] = {"a", "b"}, *const plant[] = {"p", "q"},
                             *const country[] = {"JP", "CN"};
    static const double run[] = {0}, week[] = {0, 7, 14}, worth[] = {2, 5};
    struct fixture *f = test_calloc(1, sizeof *f);
    struct sim_result *r = &f->r;
    double *x;

    sim_result_axis(r, &(struct sim_axis){.name = "scenario", .n = 2, .label = scenario});
    sim_result_axis(r, &(struct sim_axis){.name = "run", .n = 1, .value = run});
    sim_result_axis(
        r, &(struct sim_axis){
               .name = "week", .units = "days since 2026-01-05 00:00:00", .n = 3, .value = week});
    sim_result_axis(
        r, &(struct sim_axis){.name = "plant",
                              .n = 2,
                              .label = plant,
                              .n_coord = 2,
                              .coord = {{.name = "plant_country", .label = country},
                                        {.name = "plant_value", .units = "USD", .value = worth}}});
    sim_result_column(r, "x", "scenario run week plant", SIM_F64, SIM_KEEP, "t", "x");
    sim_result_column(r, "small", "scenario run", SIM_I8, SIM_KEEP, "1", "one number");
    sim_result_column(r, "mean", "scenario plant", SIM_F64, SIM_KEEP, "1", "no runs");
    x = r->column[0].data;
    for (int i = 0; i < 12; i++)
        x[i] = 100 * (i / 6) + 10 * (i % 6 / 2) + i % 2;
    ((int8_t *)r->column[1].data)[1] = 4;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    sim_result_free(&f->r);
    sim_arena_free(&f->arena);
    sim_err_free(&f->err);
    test_free(f);
    return 0;
}

/* Reads and binds an output written as text. */
static int bind(struct fixture *f, struct ana_picked *k, const char *text)
{
    static const struct sim_key *const tables[] = {ana_pick_keys};
    struct ana_pick *p = sim_arena_alloc(&f->arena, 1, sizeof *p);
    struct sim_tree *t;

    sim_err_free(&f->err);
    assert_int_equal(sim_tree_parse(&t, &f->arena, "s.cfg", text, strlen(text), &f->err), 0);
    assert_int_equal(sim_keys_read(t, "output", tables, 1, p, &f->arena, &f->err), 0);
    p->at = t;
    return ana_pick_bind(k, p, &f->r, &f->arena, &f->err);
}

/* The first number of scenario b. */
static double number(struct fixture *f, const char *text)
{
    struct ana_picked k;
    double x[8];

    if (bind(f, &k, text) != 0)
        fail_msg("%s", f->err.text);
    assert_int_equal(k.n, 1);
    ana_pick_take(&k, &f->r, 1, x);
    return x[0];
}

static void refused(struct fixture *f, const char *text, const char *why)
{
    struct ana_picked k;

    assert_int_equal(bind(f, &k, text), SIM_EINPUT);
    if (strstr(f->err.text, why) == NULL)
        fail_msg("not told: %s\nbut: %s", why, f->err.text);
}

static void test_pick_take__reduces(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *how;
        double want;
    } all[] = {{"sum", 663}, {"mean", 110.5}, {"count", 6}, {"min", 100},
               {"max", 121}, {"first", 100},  {"last", 121}};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char text[100];

        snprintf(text, sizeof text, "id = \"o\"; column = \"x\"; reduce = \"%s\";", all[i].how);
        assert_true(number(f, text) == all[i].want);
    }
    assert_true(number(f, "id = \"o\"; column = \"small\";") == 4);
}

static void test_pick_take__passes_over_what_is_not_there(void **state)
{
    struct fixture *f = *state;
    double *x = (double *)f->r.column[0].data + 6;

    x[0] = x[5] = NAN;
    assert_true(number(f, "id = \"o\"; column = \"x\";") == 663 - 100 - 121);
    assert_true(number(f, "id = \"o\"; column = \"x\"; reduce = \"mean\";") == 110.5);
    assert_true(number(f, "id = \"o\"; column = \"x\"; reduce = \"first\";") == 101);
    assert_true(number(f, "id = \"o\"; column = \"x\"; reduce = \"last\";") == 120);
    assert_true(number(f, "id = \"o\"; column = \"x\"; reduce = \"count\";") == 4);
    for (int i = 0; i < 6; i++)
        x[i] = NAN;
    assert_true(number(f, "id = \"o\"; column = \"x\";") == 0);
    assert_true(isnan(number(f, "id = \"o\"; column = \"x\"; reduce = \"mean\";")));
    assert_true(isnan(number(f, "id = \"o\"; column = \"x\"; reduce = \"max\";")));
}

static void test_pick_take__keeps_labels_and_days(void **state)
{
    struct fixture *f = *state;

#define X "id = \"o\"; column = \"x\"; "
    assert_true(number(f, X "where = { plant = \"q\"; };") == 101 + 111 + 121);
    assert_true(number(f, X "where = { plant = [ \"p\", \"q\" ]; };") == 663);
    assert_true(number(f, X "where = { plant_country = \"J*\"; };") == 100 + 110 + 120);
    assert_true(number(f, X "where = { plant_country = [ \"!JP\" ]; };") == 101 + 111 + 121);
    assert_true(number(f, X "where = { plant = \"q\"; }; times = \"plant_value\";") == 5 * 333);
    assert_true(number(f, X "from = \"2026-01-12\";") == 663 - 201);
    assert_true(number(f, X "until = \"2026-01-11\";") == 201);
    assert_true(number(f, X "from = \"2026-01-12\"; until = \"2026-01-12\";") == 110 + 111);
}

static void test_pick_take__keeps_an_axis(void **state)
{
    struct fixture *f = *state;
    struct ana_picked k;
    double x[8];

    assert_int_equal(bind(f, &k, X "by = \"week\"; where = { plant = \"p\"; };"), 0);
    assert_int_equal(k.n, 3);
    ana_pick_take(&k, &f->r, 1, x);
    assert_true(x[0] == 100 && x[1] == 110 && x[2] == 120);
    assert_true(k.kept.n == 3 && k.kept.value[2] == 14);

    assert_int_equal(bind(f, &k, X "by = \"plant\"; from = \"2026-01-19\";"), 0);
    ana_pick_take(&k, &f->r, 0, x);
    assert_true(x[0] == 20 && x[1] == 21);

    assert_int_equal(bind(f, &k, X "by = \"plant_country\"; reduce = \"max\";"), 0);
    ana_pick_take(&k, &f->r, 0, x);
    assert_string_equal(k.kept.label[0], "CN");
    assert_true(k.n == 2 && x[0] == 21 && x[1] == 20);

    assert_int_equal(bind(f, &k, X "by = \"plant\"; where = { plant = \"q\"; };"), 0);
    ana_pick_take(&k, &f->r, 0, x);
    assert_true(k.n == 1 && x[0] == 33);
    assert_string_equal(k.kept.label[0], "q");
}

static void test_pick_bind__units(void **state)
{
    struct fixture *f = *state;
    struct ana_picked k;

    assert_int_equal(bind(f, &k, X), 0);
    assert_string_equal(k.units, "t");
    assert_int_equal(bind(f, &k, X "times = \"plant_value\";"), 0);
    assert_string_equal(k.units, "USD");
    assert_int_equal(bind(f, &k, X "reduce = \"count\";"), 0);
    assert_string_equal(k.units, "1");
    assert_int_equal(bind(f, &k, X "unit = \"kg\";"), 0);
    assert_string_equal(k.units, "kg");
}

static void test_pick_bind__names_what_matches_nothing(void **state)
{
    struct fixture *f = *state;

    refused(f, "id = \"o\"; column = \"smal\";",
            "s.cfg:1: column = \"smal\": the results of these scenarios have no such column; did "
            "you mean 'small'?");
    refused(f, "id = \"o\"; column = \"mean\";", "has no values of single runs");
    refused(f, X "where = { plant_contry = \"JP\"; };", "did you mean 'plant_country'?");
    refused(f, X "where = { plant_country = \"JPP\"; };",
            "there is no 'JPP' on plant_country; did you mean 'JP'?");
    refused(f, X "where = { plant_country = [ \"JP\", \"!CN\" ]; };", "or none");
    refused(f, X "where = { plant_country = [ 1 ]; };", "in quotes");
    refused(f, X "where = { plant_value = \"2\"; };", "holds numbers");
    refused(f, X "where = { plant = [ ]; };", "in quotes");
    refused(f, X "where = { plant = \"p\"; plant_country = \"CN\"; };", "keeps nothing");
    refused(f, X "from = \"2027-01-01\";", "keeps nothing");
    refused(f, X "times = \"plant_country\";", "must be a coordinate of numbers");
    refused(f, X "times = \"plant_valu\";", "did you mean 'plant_value'?");
    refused(f, X "by = \"plan\";", "did you mean 'plant'?");
    refused(f, X "by = \"plant_value\";", "must be an axis or texts");
    refused(f, "id = \"o\"; column = \"small\"; from = \"2026-01-01\";", "has no axis of days");
    refused(f, X "times = \"a\"; by = \"b\";", "times = \"a\": 'a' is no axis");
    assert_int_equal(f->err.n, 2);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(test_pick_take__reduces),
        T(test_pick_take__passes_over_what_is_not_there),
        T(test_pick_take__keeps_labels_and_days),
        T(test_pick_take__keeps_an_axis),
        T(test_pick_bind__units),
        T(test_pick_bind__names_what_matches_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
