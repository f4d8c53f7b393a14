#include "tests/models/border.h"

/* Prices. Two shops sell ten parts a day out of 1960 in stock: 196 days of cover. Sites report at
 * 0:00 of days 0, 7, 14 ..., after the day's work; the price of day 7 w is that of week w. With all
 * orders from day 10 on refused, the last goods come for day 13, and the stock after the work of
 * day d >= 14 is 1960 - 10 (d - 13). The price is 100 USD where nothing is scarce. */

#define STOP "rules = ( { id = 'x'; from = @10; action = 'deny'; } ); "

/* The last day of a stop that ends on day 40: orders of that day come for day 44. */
#define PAUSE "rules = ( { id = 'x'; from = @10; until = @40; action = 'deny'; } ); "

static double cover_after(int week)
{
    return week < 2 ? 196 : 196 - (7.0 * week - 13);
}

static double week_at(const struct sim_result *r, const char *column, const char *price, int week)
{
    char at[16];

    snprintf(at, sizeof at, "%d", week);
    return fix_at(r, column, 0, 0, price, at);
}

static void play_price(struct fix *f, int horizon_d, const char *text, struct sim_result *r)
{
    border(f);
    border_play(f, horizon_d, text, r);
}

static void test_price__follows_cover_after_a_stop(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    play_price(&f, 63,
               STOP "prices = ( { id = 'p'; product = [ 'part' ]; home = 'CN'; elasticity "
                    "= 2; high = 100.0; } );",
               &r);
    for (int k = 0; k < 9; k++) {
        FIX_NEAR(week_at(&r, "price_cover", "p~outside", k), cover_after(k), 1e-4);
        FIX_NEAR(week_at(&r, "price_spot", "p~outside", k), 100 * pow(196 / cover_after(k), 2),
                 1e-3);
    }
    sim_result_free(&r);
    fix_free(&f);
}

static void test_price__stays_within_its_bounds(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    play_price(&f, 63,
               STOP "prices = ( { id = 'p'; product = [ 'part' ]; home = 'CN'; elasticity "
                    "= 2; high = 1.2; low = 0.9; cover_d = 180.0; } );",
               &r);
    /* (180 / 196)^2 = 0.84 is under the bound; so is what 188 days give; from 161 days on it binds
     */
    FIX_NEAR(week_at(&r, "price_spot", "p~outside", 0), 90, 1e-4);
    FIX_NEAR(week_at(&r, "price_spot", "p~outside", 3), 100 * pow(180 / 188.0, 2), 1e-3);
    FIX_NEAR(week_at(&r, "price_spot", "p~outside", 7), 120, 1e-4);
    FIX_NEAR(week_at(&r, "price_spot", "p~outside", 8), 120, 1e-4);
    sim_result_free(&r);
    fix_free(&f);
}

/* In speed_d = 7 days it goes 1 - 1/e of the way, by the logarithm. */
static void test_price__takes_its_time(void **state)
{
    struct fix f;
    struct sim_result r;
    double log_price = 0;

    (void)state;
    play_price(&f, 63,
               STOP "prices = ( { id = 'p'; product = [ 'part' ]; home = 'CN'; elasticity "
                    "= 2; high = 100.0; speed_d = 7.0; base_usd = 50.0; } );",
               &r);
    for (int k = 0; k < 9; k++) {
        log_price += (1 - exp(-1)) * (2 * log(196 / cover_after(k)) - log_price);
        FIX_NEAR(week_at(&r, "price_spot", "p~outside", k), 50 * exp(log_price), 1e-3);
    }
    sim_result_free(&r);
    fix_free(&f);
}

/* With a third shop in CN: outside cover falls and the price rises; inside, the source hears of
 * fewer orders and the shop is served as before, so cover rises and the price falls. With one price
 * for the world it lies between the two. Until day 40, when the shops ask again. */
static void test_price__zones_move_apart(void **state)
{
    static const char *const text[] = {
        STOP "prices = ( { id = 'p'; product = [ 'part' ]; home = 'CN'; high = 100.0; low = 0.01; "
             "} );",
        STOP "prices = ( { id = 'p'; product = [ 'part' ]; high = 100.0; low = 0.01; } );"};
    struct fix f;
    struct sim_result r[2];
    double inside, outside, world;

    (void)state;
    for (int k = 0; k < 2; k++) {
        border(&f);
        fix_add(&f, MDL_SITES, "cn.shop,Shop,cn.co,CN,market,1,1\n");
        fix_add(&f, MDL_LANES, "cn.src,cn.shop,part,1,3\n");
        fix_add(&f, MDL_DEMAND, "cn.shop,part,10,constant,0\n");
        fix_add(&f, MDL_STOCKS, "cn.shop,part,base-stock,2000\n");
        border_play(&f, 63, text[k], &r[k]);
        fix_free(&f);
    }
    inside = week_at(&r[0], "price_spot", "p~inside", 5);
    outside = week_at(&r[0], "price_spot", "p~outside", 5);
    world = week_at(&r[1], "price_spot", "p~world", 5);
    FIX_NEAR(outside, 100 * 196 / cover_after(5), 1e-3);
    FIX_NEAR(week_at(&r[0], "price_spot", "p~inside", 1), 100, 1);
    assert_true(inside < 90 && inside > 1);
    assert_true(world > inside && world < outside);
    sim_result_free(&r[0]);
    sim_result_free(&r[1]);
}

/* While nothing is bought the contract price stands still, whatever the spot price; then it moves
 * with what comes, at the price of the week before: days = bought / 20 a day. */
static void test_price__contracts_move_with_what_is_bought(void **state)
{
    struct fix f;
    struct sim_result r;
    double contract = 100, spot = 100;

    (void)state;
    play_price(&f, 84,
               PAUSE "prices = ( { id = 'p'; product = [ 'part' ]; home = 'CN'; elasticity "
                     "= 8; high = 100.0; contract_d = 70.0; } );",
               &r);
    for (int k = 0; k < 12; k++) {
        double bought = week_at(&r, "price_volume", "p~outside", k);

        contract += (1 - exp(-bought / 20 / 70)) * (spot - contract);
        spot = week_at(&r, "price_spot", "p~outside", k);
        FIX_NEAR(week_at(&r, "price_contract", "p~outside", k), contract, 1e-3);
    }
    FIX_NEAR(week_at(&r, "price_volume", "p~outside", 1), 140, 1e-4);
    FIX_NEAR(week_at(&r, "price_volume", "p~outside", 4), 0, 0);
    FIX_NEAR(week_at(&r, "price_contract", "p~outside", 5), 100, 0.5);
    assert_true(week_at(&r, "price_spot", "p~outside", 5) > 200);
    assert_true(week_at(&r, "price_contract", "p~outside", 8) > 101);
    sim_result_free(&r);
    fix_free(&f);
}

/* Cover is half the reference, so the price doubles on day 0, and demand with elasticity 1 falls to
 * a half from day 1 on, until the price of day 7: 10 + 7 x 5 of 80. With half the rise passed on 10
 * / 3 a day stay away, 23 whole parts in 7 days. */
static void test_price__demand_falls_and_adds_up(void **state)
{
    static const struct {
        const char *keys;
        double demand;
    } cases[] = {{"demand_elasticity = 1;", 45},
                 {"demand_elasticity = 1; pass = 0.5;", 10 + 47},
                 {"demand_elasticity = 0;", 80}};
    struct fix f;
    struct sim_result r;

    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char text[300];
        double gone = 0;

        snprintf(text, sizeof text,
                 "prices = ( { id = 'p'; product = [ 'part' ]; home = 'CN'; cover_d = 392.0; "
                 "cover_home_d = 1.0; %s } );",
                 cases[k].keys);
        play_price(&f, 8, text, &r);
        FIX_NEAR(fix_at(&r, "demand", 0, 0, "jp.shop~part~civil", NULL), cases[k].demand, 0);
        if (k < 2)
            gone = fix_at(&r, "priced_out", 0, 0, "jp.shop~part~civil", NULL);
        else
            assert_null(sim_result_find(&r, "priced_out"));
        FIX_NEAR(cases[k].demand + gone, 80, 0);
        FIX_NEAR(fix_at(&r, "lost", 0, 0, "jp.shop~part~civil", NULL), 0, 0);
        sim_result_free(&r);
        fix_free(&f);
    }
}

/* Per car: 2 motors of half a magnet at 80 USD; in a magnet 0.02 kg of oxide at 300 USD, of which 5
 * per cent are lost. Of 25,000 USD. */
static void test_price__costs_go_through_the_bill_of_materials(void **state)
{
    struct fix f;
    struct mdl_study st;
    uint32_t car, missile, motor;

    (void)state;
    fix_toy(&f);
    fix_scenario(&f, "s",
                 "prices = ( { id = \"a\"; product = [ \"magnet\" ]; }, { id = \"b\"; "
                 "product = [ \"ox.dy\" ]; } );");
    fix_study_ok(&f, &st);
    car = mdl_network_product(&st.net, "car");
    missile = mdl_network_product(&st.net, "missile");
    motor = mdl_network_product(&st.net, "motor");
    FIX_NEAR(st.scenario[0].prices.price[0].cost_share[car], 80 / 25000.0, 1e-12);
    FIX_NEAR(st.scenario[0].prices.price[0].cost_share[missile], 240 / 400000.0, 1e-12);
    FIX_NEAR(st.scenario[0].prices.price[0].cost_share[motor], 1, 1e-12);
    FIX_NEAR(st.scenario[0].prices.price[1].cost_share[car], 0.02 * 300 / 0.95 / 25000, 1e-12);
    mdl_study_free(&st);
    fix_free(&f);
}

/* The swing plant may make 4 a day. */
static void swing(struct fix *f)
{
    border(f);
    fix_add(f, MDL_SITES, "jp.swing,Swing,,JP,component,0,1\n");
    fix_add(f, MDL_PROCESSES, "p.swing,jp.swing,make\n");
    fix_set(f, MDL_PROCESSES, "p.swing", "capacity_d", "4");
    fix_add(f, MDL_LANES, "jp.swing,jp.shop,part,0,1\n");
}

static double made_on(const struct sim_result *r, int day)
{
    char at[16];

    snprintf(at, sizeof at, "%d", day);
    return fix_at(r, "day_made", 0, 0, "jp.swing~part", at);
}

/* Orders to the swing plant come from day 10 on. It starts start_d days after the price, and stops
 * on the day on which the price has fallen below price_stop. */
static void test_price__marginal_supply_starts_and_stops(void **state)
{
    struct fix f;
    struct sim_result r;
    int on = 0, off = 0, start, stop = 200;

    (void)state;
    swing(&f);
    border_play(&f, 200,
                PAUSE "prices = ( { id = 'p'; product = [ 'part' ]; home = 'CN'; elasticity = 4; "
                      "high = 100.0; } ); marginal = ( { id = 'm'; site = [ 'jp.swing' ]; price = "
                      "'p'; price_min = 1.5; price_stop = 1.2; start_d = 10; } );",
                &r);
    while (week_at(&r, "price_spot", "p~outside", on) < 150)
        on++;
    for (off = on; off < 28 && week_at(&r, "price_spot", "p~outside", off) >= 120;)
        off++;
    assert_true(on > 2 && off < 28);
    start = 7 * on + 10;
    stop = 7 * off;
    for (int d = 0; d < 200; d++)
        if (d < start || d > stop)
            FIX_NEAR(made_on(&r, d), 0, 0);
    FIX_NEAR(made_on(&r, start + 1), 4, 0);
    assert_true(fix_at(&r, "made", 0, 0, "jp.swing~part", NULL) > 10);
    sim_result_free(&r);
    fix_free(&f);
}

/* Half of the capacity at price_min = 1.1, all of it at twice that price. */
static void test_price__marginal_supply_grows_with_the_price(void **state)
{
    struct fix f;
    struct sim_result r;
    int some = 0;

    (void)state;
    swing(&f);
    fix_set(&f, MDL_PROCESSES, "p.swing", "capacity_d", "40");
    border_play(&f, 63,
                STOP "prices = ( { id = 'p'; product = [ 'part' ]; home = 'CN'; elasticity = 4; "
                     "high = 100.0; } ); marginal = ( { id = 'm'; site = [ 'jp.swing' ]; price = "
                     "'p'; price_min = 1.1; share = 0.5; supply_elasticity = 1; } );",
                &r);
    for (int k = 2; k < 8; k++) {
        double ratio = week_at(&r, "price_spot", "p~outside", k) / 100,
               most = ratio < 1.1 ? 0 : 40 * fmin(1, 0.5 * ratio / 1.1);

        for (int d = 7 * k + 1; d < 7 * k + 7; d++) {
            assert_true(made_on(&r, d) <= ceil(most));
            some += made_on(&r, d) >= floor(most) && most > 0 && most < 40;
        }
    }
    assert_true(some > 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* Prices that nobody answers to change nothing else. */
static void test_price__alone_changes_nothing(void **state)
{
    struct fix f[2];
    struct sim_result r[2];

    (void)state;
    for (int k = 0; k < 2; k++) {
        border(&f[k]);
        border_play(&f[k], 63,
                    k ? STOP "prices = ( { id = 'p'; product = [ 'part' ]; home = 'CN'; } );"
                      : STOP,
                    &r[k]);
    }
    for (int i = 0; i < r[0].n_column; i++) {
        const struct sim_column *c = &r[0].column[i], *d = sim_result_find(&r[1], c->name);

        assert_non_null(d);
        if (strcmp(c->name, "events") != 0)
            assert_memory_equal(c->data, d->data, sim_column_n(&r[0], c) * sim_type_size(c->type));
    }
    for (int k = 0; k < 2; k++) {
        sim_result_free(&r[k]);
        fix_free(&f[k]);
    }
}

/* Beside a scenario with prices one without has none. */
static void test_price__is_missing_where_there_is_none(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    border(&f);
    border_scenario(&f, "a", 14, "");
    border_scenario(&f, "b", 14, "prices = ( { id = 'p'; product = [ 'part' ]; } );");
    fix_play(&f, 1, &r);
    assert_true(isnan(fix_at(&r, "price_spot", 0, 0, "p~world", "1")));
    FIX_NEAR(fix_at(&r, "price_spot", 1, 0, "p~world", "1"), 100, 1);
    sim_result_free(&r);
    fix_free(&f);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_price__follows_cover_after_a_stop),
        cmocka_unit_test(test_price__stays_within_its_bounds),
        cmocka_unit_test(test_price__takes_its_time),
        cmocka_unit_test(test_price__zones_move_apart),
        cmocka_unit_test(test_price__contracts_move_with_what_is_bought),
        cmocka_unit_test(test_price__demand_falls_and_adds_up),
        cmocka_unit_test(test_price__costs_go_through_the_bill_of_materials),
        cmocka_unit_test(test_price__marginal_supply_starts_and_stops),
        cmocka_unit_test(test_price__marginal_supply_grows_with_the_price),
        cmocka_unit_test(test_price__alone_changes_nothing),
        cmocka_unit_test(test_price__is_missing_where_there_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
