#include "tests/models/plant.h"

/* Units that are built without a part and wait for it in the yard. */

static const char still[] = "forecast_d = 3650.0;";

static void deferred(struct fix *f)
{
    plant(f);
    fix_set_at(f, MDL_BOM, 5, "kind", "deferrable");
}

/* 150 parts; a yard for two days of 100. Day 0: 100 whole. Day 1: 50 whole, 50 into the yard. Day
 * 2: 100 into the yard. Day 3: 50, then it is full. Day 4: nothing. */
static void test_defer__builds_on_until_the_yard_is_full(void **state)
{
    static const double started[] = {100, 200, 300, 350, 350}, yard[] = {0, 50, 150, 200, 200},
                        mean[] = {0, 25, 200.0 / 3, 100, 120};

    (void)state;
    for (int days = 1; days <= 5; days++) {
        struct fix f;
        struct sim_result r;

        deferred(&f);
        fix_set_at(&f, MDL_STOCKS, 1, "initial", "150");
        run_days(&f, days, still, &r);
        FIX_NEAR(plant_at(&r, "started"), started[days - 1], 0);
        FIX_NEAR(plant_at(&r, "yard_end"), yard[days - 1], 0);
        FIX_NEAR(plant_at(&r, "yard_max"), yard[days - 1], 0);
        FIX_NEAR(plant_at(&r, "yard_mean"), mean[days - 1], 1e-9);
        FIX_NEAR(plant_at(&r, "missed"), days < 4 ? 0 : days == 4 ? 50 : 150, 0);
        FIX_NEAR(fix_at(&r, "made", 0, 0, "s.car~car", NULL), started[days - 1] - yard[days - 1],
                 0);
        FIX_NEAR(fix_at(&r, "used", 0, 0, "s.car~body", NULL), started[days - 1], 0);
        FIX_NEAR(fix_at(&r, "used", 0, 0, "s.car~part", NULL), started[days - 1] - yard[days - 1],
                 0);
        sim_result_free(&r);
        fix_free(&f);
    }
}

/* Parts in plenty: as if they were critical, to the byte. */
static void test_defer__with_parts_it_changes_nothing(void **state)
{
    static const char *const same[] = {"started", "missed", "made", "used", "ordered", "served"};
    struct fix f;
    struct sim_result critical, deferrable;

    (void)state;
    plant(&f);
    fix_set_at(&f, MDL_STOCKS, 1, "initial", "100000");
    fix_set(&f, MDL_PROCESSES, "p.car", "cycle_d", "triangular(1,2,5)");
    run_days(&f, 60, "", &critical);
    fix_set_at(&f, MDL_BOM, 5, "kind", "deferrable");
    run_days(&f, 60, "", &deferrable);
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        FIX_NEAR(fix_sum(&deferrable, same[i], 0, 0), fix_sum(&critical, same[i], 0, 0), 0);
    FIX_NEAR(plant_at(&deferrable, "yard_max"), 0, 0);
    sim_result_free(&critical);
    sim_result_free(&deferrable);
    fix_free(&f);
}

/* The parts come after 61 days: what waits is finished at once, and what was missed is made up for
 * as far as capacity goes. So customers wait for fewer cars than where the line had to stop. */
static void test_defer__the_yard_empties_when_parts_come(void **state)
{
    double waiting[2];

    (void)state;
    for (int defers = 0; defers < 2; defers++) {
        struct fix f;
        struct sim_result r;

        plant(&f);
        fix_set(&f, MDL_STOCKS, "s.market", "S", "100");
        fix_set(&f, MDL_STOCKS, "s.market", "initial", "100");
        fix_set_at(&f, MDL_STOCKS, 1, "S", "20000");
        fix_set(&f, MDL_SITES, "s.car", "yard_d", "30");
        fix_set(&f, MDL_PROCESSES, "p.car", "capacity_d", "130");
        fix_set(&f, MDL_PROCESSES, "p.car", "cycle_d", "2");
        if (defers)
            fix_set_at(&f, MDL_BOM, 5, "kind", "deferrable");
        run_days(&f, 120, "", &r);
        waiting[defers] = fix_at(&r, "backlog_mean", 0, 0, "s.market~car~civil", NULL);
        if (defers) {
            FIX_NEAR(plant_at(&r, "yard_max"), 3000, 5);
            FIX_NEAR(plant_at(&r, "yard_end"), 0, 0);
        }
        sim_result_free(&r);
        fix_free(&f);
    }
    assert_true(waiting[1] < 0.8 * waiting[0]);
}

/* Two lines fill the yard, then 100 parts come for 200 cars and 200 vans that wait: 50 each. */
static void test_defer__parts_go_to_the_yard_in_proportion(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    plant(&f);
    fix_add(&f, MDL_PRODUCTS, "van,V,vehicle,piece,1,1,\n");
    fix_add(&f, MDL_BOM, "v,output,van,1,\nv,input,part,1,deferrable\n");
    fix_add(&f, MDL_PROCESSES, "p.van,s.car,v,\n");
    fix_add(&f, MDL_LANES, "s.car,s.market,van,1,1\n");
    fix_add(&f, MDL_DEMAND, "s.market,van,100,constant\n");
    fix_add(&f, MDL_STOCKS, "s.car,van,order-up-to,,0\ns.market,van,base-stock,10000,10000\n");
    fix_set_at(&f, MDL_BOM, 5, "kind", "deferrable");
    fix_set_at(&f, MDL_STOCKS, 1, "initial", "0");
    fix_set_at(&f, MDL_STOCKS, 1, "S", "100");
    run_days(&f, 62, still, &r);
    FIX_NEAR(fix_at(&r, "used", 0, 0, "s.car~part", NULL), 100, 0);
    FIX_NEAR(plant_at(&r, "yard_max"), 200, 0);
    FIX_NEAR(fix_at(&r, "made", 0, 0, "s.car~car", NULL), 50, 0);
    FIX_NEAR(fix_at(&r, "made", 0, 0, "s.car~van", NULL), 50, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* With a yard of no days the line stops as for a critical part. */
static void test_defer__without_a_yard_the_line_stops(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    deferred(&f);
    fix_set(&f, MDL_SITES, "s.car", "yard_d", "0");
    run_days(&f, 4, still, &r);
    FIX_NEAR(plant_at(&r, "started"), 250, 0);
    FIX_NEAR(plant_at(&r, "yard_max"), 0, 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* Motors that come late for military and civil goods alike, in part under a civil undertaking; free
 * goods alone are for the military. All balances are in fix_play. */
static void test_defer__marks_and_elements_hold_in_the_yard(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    fix_toy(&f);
    fix_set_at(&f, MDL_BOM, 11, "kind", "deferrable");
    fix_set_at(&f, MDL_BOM, 9, "kind", "deferrable");
    fix_set_at(&f, MDL_BOM, 13, "kind", "deferrable");
    fix_set(&f, MDL_SITES, "jp.car", "yard_d", "20");
    fix_set(&f, MDL_SITES, "jp.motor", "yard_d", "2");
    fix_set(&f, MDL_SITES, "jp.def", "yard_d", "10");
    fix_set_at(&f, MDL_DEMAND, 1, "product", "car");
    fix_add(&f, MDL_DEMAND, "jp.market,missile,military,2,0.1,gamma,\n");
    fix_scenario(&f, "s", "");
    f.cfg[0] = ("title = \"t\"; network = \"toy\"; start = \"2026-01-01\"; warm_up_d = 40; "
                "horizon_d = 150; runs = 3; rules = ( { id = \"u\"; from = \"2026-01-06\"; origin "
                "= [ \"CN\" ]; destination = "
                "[ \"JP\" ]; end_use = [ \"civil\" ]; action = \"inspect\"; share = 1.0; delay_d = "
                "40.0; undertaking = true; }, { id = \"d\"; from = \"2026-01-06\"; origin = [ "
                "\"CN\" ]; destination = [ \"JP\" ]; end_use = [ \"military\" ]; action = "
                "\"deny\"; } );");
    fix_play(&f, 3, &r);
    for (uint32_t run = 0; run < 3; run++) {
        assert_true(fix_at(&r, "yard_max", 0, run, "p.car", NULL) > 0);
        assert_true(fix_at(&r, "yard_max", 0, run, "p.motor", NULL) > 0);
    }
    sim_result_free(&r);
    fix_free(&f);
}

static void test_defer__bad_rows_are_refused(void **state)
{
    struct fix f;

    (void)state;
    plant(&f);
    fix_set_at(&f, MDL_BOM, 3, "kind", "deferrable");
    fix_refused(&f, "bom.csv:5:16: kind = 'deferrable': only an input can be deferrable\n");
    fix_free(&f);
    deferred(&f);
    other_for_part(&f, "2", "0.3");
    fix_refused(&f, "substitutes.csv:2:5: product = 'part': is deferrable in recipe c: an input is "
                    "deferrable or has a substitute\n");
    fix_free(&f);
    fix_toy(&f);
    fix_set_at(&f, MDL_BOM, 3, "kind", "deferrable");
    fix_refused(&f, "bom.csv:3: recipe separate: it separates elements; none of its inputs can be "
                    "deferrable\n");
    fix_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defer__builds_on_until_the_yard_is_full),
        cmocka_unit_test(test_defer__with_parts_it_changes_nothing),
        cmocka_unit_test(test_defer__the_yard_empties_when_parts_come),
        cmocka_unit_test(test_defer__parts_go_to_the_yard_in_proportion),
        cmocka_unit_test(test_defer__without_a_yard_the_line_stops),
        cmocka_unit_test(test_defer__marks_and_elements_hold_in_the_yard),
        cmocka_unit_test(test_defer__bad_rows_are_refused)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
