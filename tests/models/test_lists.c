#include "tests/models/border.h"
#include "tests/models/rare_earth.h"

/* Who is on a list loses when its stock is used up; who is not loses nothing. */

/* ---- two shops, by hand ---- */

enum { HORIZON = 60, FROM = 10 };

/* Two shops with the same target; from day 10 on the one in JP is listed and gets no parts. */
static void listed_shop(const char *target, int first, int lost_a_day)
{
    struct fix f;
    struct sim_result r;
    char at[16];

    border(&f);
    fix_set(&f, MDL_STOCKS, "jp.shop", "S", target);
    fix_set(&f, MDL_STOCKS, "us.shop", "S", target);
    border_play(&f, HORIZON,
                "rules = ( { id = 'list'; from = @10; origin = [ 'CN' ]; list = 'parts'; "
                "entity_list = 'jp.buyers'; action = 'deny'; } );",
                &r);
    for (int d = 1; d < HORIZON; d++) {
        snprintf(at, sizeof at, "%d", d);
        FIX_NEAR(fix_at(&r, "day_made", 0, 0, "jp.shop~part", at),
                 d < first ? BORDER_RATE : BORDER_RATE - lost_a_day, 0);
        FIX_NEAR(fix_at(&r, "day_made", 0, 0, "us.shop~part", at), BORDER_RATE, 0);
    }
    FIX_NEAR(fix_at(&r, "lost", 0, 0, "jp.shop~part~civil", NULL), lost_a_day * (HORIZON - first),
             0);
    FIX_NEAR(fix_at(&r, "lost", 0, 0, "us.shop~part~civil", NULL), 0, 0);
    FIX_NEAR(fix_at(&r, "loss_by_cause", 0, 0, "list, denied, part", NULL),
             fix_sum(&r, "loss_usd", 0, 0), 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* After the sale and the order of day 9, the last that is sent, stock and orders are the target S;
 * from day 10 on ten a day are sold. So day 10 + S/10 is the first with nothing to sell. */
static void test_list__a_listed_buyer_loses_when_its_stock_is_used_up(void **state)
{
    (void)state;
    listed_shop("60", FROM + 6, 10);
    listed_shop("150", FROM + 15, 10);
    listed_shop("300", FROM + 30, 10);
    listed_shop("2000", HORIZON, 0);
}

/* ---- the lists of 2026 on the shipped network ---- */

enum { BASE, LISTS };
enum { WATCH = 54, YEARS_2 = 730 }; /* 24 February, in days from the start */

static const char *const watched[] = {"jp.special.eneos", "jp.special.itochu-mitsui",
                                      "jp.special.other-watch"};
static const char *const inputs[] = {"mag.smco", "ox.gd", "ox.y"};

static const char *point(char to[64], const char *site, const char *product)
{
    snprintf(to, 64, "%s~%s", site, product);
    return to;
}

/* Days for which the scarcest input lasts that is in stock on the eve of the list, at the mean use
 * without it. */
static double cover(const struct sim_result *r, uint32_t run, const char *site)
{
    double least = INFINITY;
    char name[64], eve[16];

    snprintf(eve, sizeof eve, "%d", WATCH - 1);
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        const char *p = point(name, site, inputs[i]);
        double use = fix_at(r, "used", BASE, run, p, NULL) / YEARS_2;

        least = fmin(least, fix_at(r, "day_stock", LISTS, run, p, eve) / use);
    }
    return least;
}

/* First day on which it makes less than without the lists. */
static int first_loss(const struct sim_result *r, uint32_t run, const char *site)
{
    char name[64], at[16];
    const char *p = point(name, site, "goods.special");

    for (int d = 0; d < YEARS_2; d++) {
        snprintf(at, sizeof at, "%d", d);
        if (fix_at(r, "day_made", LISTS, run, p, at) < fix_at(r, "day_made", BASE, run, p, at))
            return d;
    }
    return YEARS_2;
}

static int run_lists(void **state)
{
    static const char *const files[] = {"scenarios/japan-2026-military.cfg",
                                        "scenarios/japan-2026-lists.cfg"};
    static const char *const set[] = {"rules.cn-2026-01.probability=0", "outputs=\"full\""};
    struct sim_result *r = calloc(1, sizeof *r);
    struct mdl_study st;

    assert_non_null(r);
    load(&st, files, 2, set, 2);
    play(&st, RARE_RUNS, r);
    mdl_study_free(&st);
    *state = r;
    return 0;
}

static int free_lists(void **state)
{
    sim_result_free(*state);
    free(*state);
    return 0;
}

/* Gadolinium and yttrium come from China alone to three firms of the watch list. */
static void test_list__watched_firms_lose_after_their_cover(void **state)
{
    const struct sim_result *r = *state;

    for (size_t i = 0; i < sizeof watched / sizeof *watched; i++)
        for (uint32_t run = 0; run < RARE_RUNS; run++) {
            int first = first_loss(r, run, watched[i]);
            double days = cover(r, run, watched[i]);

            print_message("%s, run %u: cover of %.1f days on the eve of the list, first loss %d "
                          "days after it\n",
                          watched[i], run, days, first - WATCH);
            assert_true(days > 0);
            assert_true(first >= WATCH + days);
            assert_true(first < WATCH + 120); /* the median review */
        }
}

/* Mitsubishi Precision is barred on 29 June; its Japanese makers of magnets fill in. */
static void test_list__a_barred_firm_with_other_sources_loses_nothing(void **state)
{
    static const char site[] = "jp.defcomp.mitsubishi-precision";
    const struct sim_result *r = *state;
    char name[64];

    for (uint32_t run = 0; run < RARE_RUNS; run++) {
        const char *p = point(name, site, "mag.uh");
        double was = fix_at(r, "refused", BASE, run, p, NULL);
        double is = fix_at(r, "refused", LISTS, run, p, NULL);
        const char *line = "jp.defcomp.mitsubishi-precision.comp.defence";
        double missed = fix_at(r, "missed", BASE, run, line, NULL);

        print_message("run %u: kg of magnets refused %.1f (%.1f without the lists), starts missed "
                      "%.1f (%.1f)\n",
                      run, is, was, fix_at(r, "missed", LISTS, run, line, NULL), missed);
        assert_true(is > 2 * was);
        assert_true(fix_at(r, "missed", LISTS, run, line, NULL) <= missed + 1e-3);
        FIX_NEAR(fix_at(r, "started", LISTS, run, line, NULL),
                 fix_at(r, "started", BASE, run, line, NULL), 1);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_list__a_listed_buyer_loses_when_its_stock_is_used_up),
        cmocka_unit_test(test_list__watched_firms_lose_after_their_cover),
        cmocka_unit_test(test_list__a_barred_firm_with_other_sources_loses_nothing)};

    return cmocka_run_group_tests(tests, run_lists, free_lists) ? 1 : 0;
}
