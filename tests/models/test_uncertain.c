#include "models/draft.h"
#include "models/purpose.h"
#include "models/uncertain.h"
#include "tests/models/fixture.h"

#define DENY                                                                                       \
    "rules = ( { id = \"deny\"; from = \"2026-01-15\"; origin = [ \"CN\" ]; list = \"goods\";\n"   \
    "  action = \"licence\"; office = \"o\"; approval = %s; } );\n"                                \
    "offices = ( { id = \"o\"; review_d = 5.0; } );\n"

/* The number that the stated stream gives a name in a run, between 0 and 1. */
static double uniform(const char *name, uint32_t run)
{
    struct sim_draws d = sim_draws_at(sim_stream_make(7, run, sim_hash(name), MDL_FOR_INPUT), 0);

    return sim_uniform(&d);
}

static double value(const struct sim_result *r, uint32_t scenario, uint32_t run, const char *name)
{
    return fix_at(r, "input_value", scenario, run, name, NULL);
}

static size_t inputs(const struct sim_result *r)
{
    int axis = sim_result_find_axis(r, "uncertain");

    return axis < 0 ? 0 : r->axis[axis].n;
}

/* All columns that both have hold the same in slot `run` of the first scenario. */
static void same_columns(const struct sim_result *x, const struct sim_result *y, uint32_t run)
{
    int compared = 0;

    for (int i = 0; i < x->n_column; i++) {
        const struct sim_column *c = &x->column[i], *d = sim_result_find(y, c->name);
        size_t n = sim_column_slot(x, c) * sim_type_size(c->type);

        if (d == NULL || !fix_by_run(x, c))
            continue;
        assert_int_equal(sim_column_slot(x, c), sim_column_slot(y, d));
        if (memcmp((char *)c->data + run * n, (char *)d->data + run * n, n) != 0)
            fail_msg("column %s differs in run %u", c->name, run);
        compared++;
    }
    assert_true(compared > 40);
}

/* ---- what is drawn ---- */

static void test_uncertain__a_cell_is_the_quantile_of_its_stream(void **state)
{
    struct fix f;
    struct mdl_study st, own;
    struct sim_result res;

    (void)state;
    fix_toy(&f);
    fix_set(&f, MDL_SITES, "jp.car", "cover_d", "uniform(10,30)");
    fix_scenario(&f, "a", "");
    fix_study_ok(&f, &st);
    assert_int_equal(st.n_input, 1);
    assert_string_equal(st.input[0].name, "sites:jp.car:cover_d");
    assert_string_equal(st.input[0].dist, "uniform(10,30)");
    assert_string_equal(st.input[0].unit, "d");
    FIX_NEAR(st.net.site[mdl_network_site(&st.net, "jp.car")].cover_d, 20, 0);
    fix_run(&st, 3, &res);
    for (uint32_t run = 0; run < 3; run++) {
        struct sim_arena a = {0};
        double want = 10 + 20 * uniform("sites:jp.car:cover_d", run);

        FIX_NEAR(value(&res, 0, run, "sites:jp.car:cover_d"), want, 1e-7);
        assert_int_equal(mdl_uncertain_draw(&own, &st, 0, &a, run, &res, run, NULL), 0);
        FIX_NEAR(own.net.site[mdl_network_site(&own.net, "jp.car")].cover_d, want, 1e-7);
        sim_arena_free(&a);
    }
    sim_result_free(&res);
    mdl_study_free(&st);
    fix_free(&f);
}

static void test_uncertain__the_same_in_all_scenarios_of_a_file(void **state)
{
    struct fix f;
    struct sim_result res;

    (void)state;
    fix_toy(&f);
    fix_set(&f, MDL_DEMAND, "jp.market", "rate_d", "triangular(80,100,130)");
    fix_scenario(&f, "a", fix_format(&f, "retry_d = \"uniform(10,20)\";" DENY, "1.0"));
    fix_scenario(&f, "b", fix_format(&f, "retry_d = \"uniform(10,20)\";" DENY, "\"uniform(0,1)\""));
    fix_scenario(&f, "c", fix_format(&f, DENY, "\"uniform(0.2,0.4)\""));
    fix_play(&f, 4, &res);
    assert_int_equal(inputs(&res), 3);
    for (uint32_t run = 0; run < 4; run++) {
        const char *rate = "demand:jp.market~car~civil:rate_d", *rule = "rules.deny.approval";

        for (uint32_t s = 1; s < 3; s++)
            FIX_NEAR(value(&res, s, run, rate), value(&res, 0, run, rate), 0);
        FIX_NEAR(value(&res, 1, run, "retry_d"), value(&res, 0, run, "retry_d"), 0);
        assert_true(isnan(value(&res, 2, run, "retry_d")) && isnan(value(&res, 0, run, rule)));
        FIX_NEAR(value(&res, 2, run, rule), 0.2 + 0.2 * value(&res, 1, run, rule), 1e-8);
    }
    assert_string_equal(res.axis[sim_result_find_axis(&res, "uncertain")].coord[0].label[2],
                        "uniform(0,1) or uniform(0.2,0.4)");
    sim_result_free(&res);
    fix_free(&f);
}

static void toy_with_inputs(struct fix *f)
{
    fix_toy(f);
    fix_set(f, MDL_SITES, "jp.car", "cover_d", "uniform(10,30)");
    fix_set(f, MDL_SITES, "jp.motor", "review_d", "uniform(3,9)");
    fix_set(f, MDL_PROCESSES, "p.mag", "capacity_d", "lognormal(400,0.2)");
    fix_scenario(f, "a",
                 fix_format(f,
                            "forecast_d = { dist = \"triangular\"; lo = 20.0; mode = 30.0; hi = "
                            "60.0; };\n"
                            "set = ( { id = \"slow\"; table = \"lanes\"; where = { to = \"jp.*\"; "
                            "}; column = \"transit_d\"; multiply = \"uniform(0.5,2)\"; } );\n" DENY,
                            "\"uniform(0.3,0.9)\""));
}

static void test_uncertain__rows_in_another_order_and_a_row_more_change_no_draw(void **state)
{
    struct fix f, g;
    struct fix_dice dice = {3};
    struct sim_result x, y;

    (void)state;
    toy_with_inputs(&f);
    fix_play(&f, 2, &x);
    toy_with_inputs(&g);
    fix_shuffle(&g, &dice);
    fix_play(&g, 2, &y);
    fix_same(&x, 0, &y, 0, NULL);
    sim_result_free(&y);
    fix_free(&g);
    toy_with_inputs(&g);
    fix_set(&g, MDL_SITES, "cn.mine", "cover_d", "uniform(5,15)");
    fix_play(&g, 2, &y);
    assert_int_equal(inputs(&x) + 1, inputs(&y));
    for (size_t i = 0; i < inputs(&x); i++) {
        const char *name = x.axis[sim_result_find_axis(&x, "uncertain")].label[i];

        for (uint32_t run = 0; run < 2; run++)
            FIX_NEAR(value(&x, 0, run, name), value(&y, 0, run, name), 0);
    }
    sim_result_free(&x);
    sim_result_free(&y);
    fix_free(&f);
    fix_free(&g);
}

/* ---- what is run ---- */

/* A run of drawn numbers is the run of a study that says these numbers. */
static void test_uncertain__a_run_is_that_of_a_study_with_its_numbers(void **state)
{
    struct fix f, g;
    struct sim_result x, y;

    (void)state;
    toy_with_inputs(&f);
    fix_play(&f, 3, &x);
    assert_int_equal(inputs(&x), 6);
    for (uint32_t run = 0; run < 3; run++) {
        double slow = value(&x, 0, run, "set.slow.multiply");

        fix_toy(&g);
        fix_set(&g, MDL_SITES, "jp.car", "cover_d",
                fix_format(&g, "%.17g", value(&x, 0, run, "sites:jp.car:cover_d")));
        fix_set(&g, MDL_SITES, "jp.motor", "review_d",
                fix_format(&g, "%.0f", value(&x, 0, run, "sites:jp.motor:review_d")));
        fix_set(&g, MDL_PROCESSES, "p.mag", "capacity_d",
                fix_format(&g, "%.17g", value(&x, 0, run, "processes:p.mag:capacity_d")));
        for (size_t row = 3; row < 8; row++)
            fix_set_at(&g, MDL_LANES, row, "transit_d",
                       fix_format(&g, "%.17g",
                                  (row < 5    ? 7
                                   : row == 5 ? 1
                                              : 2) *
                                      slow));
        fix_scenario(&g, "a",
                     fix_format(&g, "forecast_d = %.17g;" DENY, value(&x, 0, run, "forecast_d"),
                                fix_format(&g, "%.17g", value(&x, 0, run, "rules.deny.approval"))));
        fix_play(&g, 3, &y);
        same_columns(&x, &y, run);
        sim_result_free(&y);
        fix_free(&g);
    }
    sim_result_free(&x);
    fix_free(&f);
}

/* A review whose length nobody knows: the same doubt in all runs' reviews, chance in each. */
static void test_uncertain__parameters_of_what_is_drawn_event_by_event(void **state)
{
    static const char scenario[] =
        "rules = ( { id = \"deny\"; from = \"2026-01-15\"; origin = [ \"CN\" ]; list = \"goods\"; "
        "action = \"licence\"; office = \"o\"; } ); offices = ( { id = \"o\"; review_d = { dist = "
        "\"lognormal\"; median = %s; sigma = 0.5; }; } );";
    static const char name[] = "offices.o.review_d.median";
    struct fix f, g;
    struct mdl_study st, again;
    struct sim_result x, y;
    struct sim_err err = SIM_ERR_INIT;

    (void)state;
    fix_toy(&f);
    fix_scenario(&f, "a", fix_format(&f, scenario, "\"uniform(5,40)\""));
    fix_study_ok(&f, &st);
    assert_int_equal(st.n_input, 1);
    assert_string_equal(st.input[0].name, name);
    assert_string_equal(st.input[0].unit, "d");
    FIX_NEAR(st.scenario[0].office[0].review_d.p[0], 22.5, 0);
    fix_run(&st, 3, &x);
    for (uint32_t run = 0; run < 3; run++) {
        FIX_NEAR(value(&x, 0, run, name), 5 + 35 * uniform(name, run), 1e-7);
        fix_toy(&g);
        fix_scenario(&g, "a",
                     fix_format(&g, scenario, fix_format(&g, "%.17g", value(&x, 0, run, name))));
        fix_play(&g, 3, &y);
        same_columns(&x, &y, run);
        sim_result_free(&y);
        fix_free(&g);
    }
    assert_int_equal(mdl_study_load_result(&again, &x, &err), 0);
    fix_run(&again, 3, &y);
    fix_same(&x, 0, &y, 0, NULL);
    mdl_study_free(&again);
    mdl_study_free(&st);
    sim_result_free(&x);
    sim_result_free(&y);
    fix_free(&f);
}

static void test_uncertain__the_file_alone_gives_the_same_run(void **state)
{
    struct fix f;
    struct mdl_study st, again;
    struct sim_result x, y;
    struct sim_err err = SIM_ERR_INIT;

    (void)state;
    toy_with_inputs(&f);
    fix_study_ok(&f, &st);
    fix_run(&st, 2, &x);
    assert_int_equal(mdl_study_load_result(&again, &x, &err), 0);
    fix_run(&again, 2, &y);
    fix_same(&x, 0, &y, 0, NULL);
    for (int i = 0; i < x.n_input; i++)
        assert_string_equal(x.input[i].text, sim_result_find_input(&y, x.input[i].name));
    assert_non_null(strstr(sim_result_find_input(&x, "sites.csv"), "\"uniform(10,30)\""));
    assert_null(strstr(sim_result_find_input(&x, "a.cfg"), "applied"));
    mdl_study_free(&again);
    mdl_study_free(&st);
    sim_result_free(&x);
    sim_result_free(&y);
    fix_free(&f);
}

/* ---- overrides ---- */

static void draw_one(struct fix *f, struct mdl_study *st, struct mdl_study *own,
                     struct sim_arena *a, const char *set)
{
    f->n_cfg = 0;
    fix_scenario(f, "a", fix_format(f, "set = (\n%s\n);", set));
    fix_study_ok(f, st);
    assert_int_equal(mdl_uncertain_draw(own, st, 0, a, 1, &(struct sim_result){0}, 0, NULL), 0);
}

static void test_uncertain__one_draw_for_all_rows_of_an_override_after_all_others(void **state)
{
    struct fix f;
    struct mdl_study st, own;
    struct sim_arena a = {0};
    double k = 0.5 + uniform("set.k.multiply", 1), c = -3 + 6 * uniform("set.c.add", 1);

    (void)state;
    fix_toy(&f);
    fix_set(&f, MDL_SITES, "jp.car", "cover_d", "uniform(10,30)");
    draw_one(
        &f, &st, &own, &a,
        "{ id = \"k\"; table = \"sites\"; where = { country = \"JP\"; }; column = \"cover_d\";\n"
        "  multiply = { dist = \"uniform\"; lo = 0.5; hi = 1.5; }; source = \"guess\"; },\n"
        "{ id = \"two\"; table = \"sites\"; where = { id = \"jp.motor\"; }; column = \"cover_d\";\n"
        "  value = 20; },\n"
        "{ id = \"c\"; table = \"sites\"; where = { id = \"jp.def\"; }; column = \"cover_d\";\n"
        "  add = \"uniform(-3,3)\"; }");
    for (uint32_t i = 0; i < st.net.n_site; i++) {
        const struct mdl_site *s = &own.net.site[i];
        double base = strcmp(s->id, "jp.motor") == 0 ? 20 : 14;

        if (strcmp(s->id, "jp.car") == 0)
            base = 10 + 20 * uniform("sites:jp.car:cover_d", 1);
        FIX_NEAR(s->cover_d, *s->id == 'c' ? 14 : base * k + (strcmp(s->id, "jp.def") == 0 ? c : 0),
                 1e-6);
        assert_int_equal(s->status, *s->id == 'j' ? 2 : 0);
    }
    assert_non_null(strstr(own.net.site[mdl_network_site(&st.net, "jp.market")].source,
                           "test; cover_d by set k: guess"));
    mdl_study_free(&st);
    sim_arena_free(&a);
    fix_free(&f);
}

static void test_uncertain__what_is_drawn_event_by_event_is_stretched(void **state)
{
    struct fix f;
    struct mdl_study st, own;
    struct sim_arena a = {0};
    double k = 0.5 + uniform("set.k.multiply", 1);
    const struct sim_dist *d;

    (void)state;
    fix_toy(&f);
    fix_set_at(&f, MDL_LANES, 3, "transit_d", "triangular(2,4,9)");
    draw_one(
        &f, &st, &own, &a,
        "{ id = \"k\"; table = \"lanes\"; where = { to = \"jp.motor\"; }; column = \"transit_d\";\n"
        "  multiply = \"uniform(0.5,1.5)\"; }");
    assert_int_equal(st.n_input, 1);
    for (uint32_t i = 0; i < own.net.n_lane; i++) {
        d = &own.net.lane[i].transit_d;
        if (strcmp(own.net.lane[i].to_id, "jp.motor") != 0)
            continue;
        assert_int_equal(d->kind, SIM_TRIANGULAR);
        FIX_NEAR(d->p[0], 2 * k, 1e-7);
        FIX_NEAR(d->p[2], 9 * k, 1e-7);
    }
    mdl_study_free(&st);
    sim_arena_free(&a);
    fix_free(&f);
}

static void test_uncertain__shares_of_a_point_are_made_to_add_up(void **state)
{
    struct fix f;
    struct mdl_study st, own;
    struct sim_arena a = {0};
    struct sim_result none = {0};
    double x = 0.2 + 0.4 * uniform("lanes:cn.mag~jp.motor~magnet:share", 1), sum = 0;

    (void)state;
    fix_toy(&f);
    fix_table(&f, MDL_SITES,
              "id,name,entity,country,tier\n"
              "cn.mine,Mine,,CN,mine\ncn.sep,Separator,,CN,oxide\ncn.mag,Magnets,,CN,magnet\n"
              "cn.two,Magnets too,,CN,magnet\njp.motor,Motors,,JP,component\n"
              "jp.car,Cars,,JP,vehicle\njp.def,Arms,yamato.arms,JP,defence\n"
              "jp.market,Market,,JP,market\n");
    fix_table(&f, MDL_LANES,
              "from,to,product,share,transit_d,customs_d\n"
              "cn.mine,cn.sep,ore,1,2,0\ncn.sep,cn.mag,ox.nd,1,2,0\ncn.sep,cn.mag,ox.dy,1,2,0\n"
              "cn.mag,cn.two,magnet,1,2,0\n"
              "cn.mag,jp.motor,magnet,\"uniform(0.2,0.6)\",7,2\ncn.two,jp.motor,magnet,0.6,7,2\n"
              "cn.mag,jp.def,magnet,1,7,2\njp.motor,jp.car,motor,1,1,0\n"
              "jp.car,jp.market,car,1,2,0\njp.def,jp.market,missile,1,2,0\n");
    fix_scenario(&f, "a", "");
    fix_study_ok(&f, &st);
    assert_int_equal(mdl_uncertain_draw(&own, &st, 0, &a, 1, &none, 0, NULL), 0);
    for (uint32_t i = 0; i < own.net.n_lane; i++) {
        const struct mdl_lane *l = &own.net.lane[i];

        if (strcmp(l->to_id, "jp.motor") != 0)
            continue;
        sum += l->share;
        FIX_NEAR(l->share, (strcmp(l->from_id, "cn.mag") == 0 ? x : 0.6) / (x + 0.6), 1e-8);
    }
    FIX_NEAR(sum, 1, 1e-12);
    mdl_study_free(&st);
    sim_arena_free(&a);
    fix_free(&f);
}

/* ---- faults ---- */

static void refused(struct fix *f, const char *text)
{
    struct mdl_study st;

    assert_int_equal(fix_study(f, &st), SIM_EINPUT);
    fix_said(f, text);
    fix_free(f);
}

static void test_uncertain__what_fixes_the_study_is_no_distribution(void **state)
{
    struct fix f;

    (void)state;
    fix_toy(&f);
    fix_set(&f, MDL_PRODUCTS, "car", "value_usd", "uniform(1,2)");
    fix_scenario(&f, "a", "");
    refused(&f, "products.csv:8:25: value_usd = 'uniform(1,2)': must be 0 to 1000000000000, the "
                "same in all runs: "
                "it cannot be a distribution\n");
    fix_toy(&f);
    fix_set(&f, MDL_PRODUCTS, "ore", "el_dy_g", "uniform(1,2)");
    fix_scenario(&f, "a", "");
    refused(&f, "products.csv:2:36: el_dy_g = 'uniform(1,2)': must be 0 to 1000000000\n");
    fix_toy(&f);
    fix_scenario(&f, "a", "forecast_d = \"uniform(0,2)\"; message_s = \"uniform(1,2)\";");
    refused(
        &f,
        "a.cfg:3: forecast_d = \"uniform(0,2)\": must be 1 to 3650; its values reach from 0 to 2\n"
        "a.cfg:3: message_s = \"uniform(1,2)\": must be a whole number, 1 to 86400, the same in "
        "all runs: it "
        "cannot be a distribution\n");
}

static void test_uncertain__overrides_that_cannot_be_drawn(void **state)
{
    struct fix f;

    (void)state;
    fix_toy(&f);
    fix_scenario(
        &f, "a",
        "set = (\n"
        "{ id = \"x\"; table = \"processes\"; where = { id = \"p.mag\"; }; column = \"yield\";\n"
        "  multiply = \"uniform(0.5,1.1)\"; },\n"
        "{ id = \"y\"; table = \"products\"; column = \"value_usd\";\n"
        "  multiply = \"uniform(0.5,1.1)\"; },\n"
        "{ id = \"z\"; table = \"demand\"; column = \"patience_d\"; where = { product = "
        "\"missile\"; };\n"
        "  add = \"uniform(0.5,1.1)\"; } );");
    refused(&f,
            "a.cfg:6: column = \"value_usd\": multiply cannot be a distribution there: the column "
            "is the same in all runs\n"
            "processes.csv:4:27: yield = '0.95': must be 1e-06 to 1; it would reach from 0.475 to "
            "1.045; set by a.cfg:5\n"
            "demand.csv:3:40: patience_d = '': is empty, so there is no number to multiply or add "
            "to; give a value; set by a.cfg:9\n");
}

/* Less input than the content of the output asks for: found before any run. */
static void test_uncertain__both_ends_must_hold(void **state)
{
    struct fix f;

    (void)state;
    fix_toy(&f);
    fix_set(&f, MDL_PRODUCTS, "magnet", "el_dy_g", "16");
    fix_set(&f, MDL_PRODUCTS, "magnet", "el_nd_g", "300");
    fix_set_at(&f, MDL_BOM, 7, "quantity", "uniform(0.015,0.025)");
    fix_scenario(&f, "a", "");
    refused(&f,
            "bom.csv:6: recipe sinter: its outputs hold 17 g of dy per unit, its inputs only "
            "13.05\n"
            "a.cfg: so it is with all uncertain inputs at their low ends; what is drawn must fit "
            "together in every run\n");
}

static void test_uncertain__nothing_uncertain_nothing_more(void **state)
{
    struct fix f;
    struct mdl_study st;
    struct sim_result res;

    (void)state;
    fix_toy(&f);
    fix_scenario(&f, "a", "");
    fix_study_ok(&f, &st);
    assert_null(st.net.draft);
    assert_int_equal(st.n_input, 0);
    fix_run(&st, 1, &res);
    assert_int_equal(inputs(&res), 0);
    assert_null(sim_result_find(&res, "input_value"));
    sim_result_free(&res);
    mdl_study_free(&st);
    fix_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_uncertain__a_cell_is_the_quantile_of_its_stream),
        cmocka_unit_test(test_uncertain__the_same_in_all_scenarios_of_a_file),
        cmocka_unit_test(test_uncertain__rows_in_another_order_and_a_row_more_change_no_draw),
        cmocka_unit_test(test_uncertain__a_run_is_that_of_a_study_with_its_numbers),
        cmocka_unit_test(test_uncertain__parameters_of_what_is_drawn_event_by_event),
        cmocka_unit_test(test_uncertain__the_file_alone_gives_the_same_run),
        cmocka_unit_test(test_uncertain__one_draw_for_all_rows_of_an_override_after_all_others),
        cmocka_unit_test(test_uncertain__what_is_drawn_event_by_event_is_stretched),
        cmocka_unit_test(test_uncertain__shares_of_a_point_are_made_to_add_up),
        cmocka_unit_test(test_uncertain__what_fixes_the_study_is_no_distribution),
        cmocka_unit_test(test_uncertain__overrides_that_cannot_be_drawn),
        cmocka_unit_test(test_uncertain__both_ends_must_hold),
        cmocka_unit_test(test_uncertain__nothing_uncertain_nothing_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
