#include "tests/models/fixture.h"

/* Invariants of a run on the toy chain; hand-calculated measures are in test_measures.c, random
 * networks in test_run_random.c. The audit is on in every run. */

#define RULE(id, more) "{ id = \"" id "\"; from = \"2026-01-10\"; " more " }"
#define EXPORT "origin = [ \"CN\" ]; destination = [ \"JP\" ]; "
#define OFFICE(more) "offices = ( { id = \"o\"; " more " } );\n"

static double lost(const struct sim_result *r, uint32_t scenario, uint32_t run, const char *market)
{
    return fix_at(r, "lost", scenario, run, market, NULL) +
           fix_at(r, "backlog", scenario, run, market, NULL);
}

static const char car[] = "jp.market~car~civil", missile[] = "jp.market~missile~military";

/* Patience of a day, so that shortage is lost soon; a long horizon. */
static void impatient(struct fix *f)
{
    fix_toy(f);
    fix_set_at(f, MDL_DEMAND, 0, "patience_d", "1");
    fix_set_at(f, MDL_DEMAND, 1, "patience_d", "1");
}

static void half_year(struct fix *f, const char *label, const char *text)
{
    fix_scenario(f, label, "");
    f->cfg[f->n_cfg - 1] =
        fix_format(f,
                   "title = \"%s\"; network = \"toy\"; start = \"2026-01-01\"; warm_up_d = 60;\n"
                   "horizon_d = 180; runs = 2; seed = 7;\n%s",
                   label, text);
}

/* ---- the same and not the same ---- */

static void test_run__twice_gives_the_same_bytes_and_another_run_others(void **state)
{
    struct fix f;
    struct mdl_study st;
    struct sim_result a, b;
    struct sim_err err = SIM_ERR_INIT;

    (void)state;
    fix_toy(&f);
    fix_scenario(&f, "base", "");
    fix_study_ok(&f, &st);
    fix_run(&st, 3, &a);
    mdl_result_init(&b, &st, 3);
    for (uint32_t r = 3; r-- > 0;) /* in another order */
        assert_int_equal(fix_run_one(&st, 0, r, &b, &err), 0);
    fix_same(&a, 0, &b, 0, NULL);
    assert_true(fix_at(&a, "demand", 0, 0, car, NULL) != fix_at(&a, "demand", 0, 1, car, NULL));
    sim_result_free(&a);
    sim_result_free(&b);
    mdl_study_free(&st);
    fix_free(&f);
}

static void test_run__another_seed_gives_another_demand(void **state)
{
    struct fix f;
    struct mdl_study st;
    struct sim_result a, b;

    (void)state;
    fix_toy(&f);
    fix_scenario(&f, "base", "");
    fix_study_ok(&f, &st);
    fix_run(&st, 1, &a);
    st.seed++;
    fix_run(&st, 1, &b);
    assert_true(fix_at(&a, "demand", 0, 0, car, NULL) != fix_at(&b, "demand", 0, 0, car, NULL));
    sim_result_free(&a);
    sim_result_free(&b);
    mdl_study_free(&st);
    fix_free(&f);
}

static void test_run__shuffled_rows_give_the_same_bytes(void **state)
{
    struct fix f, g;
    struct sim_result a, b;
    struct fix_dice dice = {5};
    const char *rules =
        OFFICE("review_d = \"lognormal(10,0.5)\"; approval = 0.7;") "rules = ( " RULE(
            "r", EXPORT "action = \"licence\"; office = \"o\";") " );";

    (void)state;
    fix_toy(&f);
    fix_scenario(&f, "base", "");
    fix_scenario(&f, "slow", rules);
    fix_play(&f, 2, &a);
    for (int i = 0; i < 5; i++) {
        fix_toy(&g);
        fix_shuffle(&g, &dice);
        fix_scenario(&g, "base", "");
        fix_scenario(&g, "slow", rules);
        fix_play(&g, 2, &b);
        fix_same(&a, 0, &b, 0, NULL);
        fix_same(&a, 1, &b, 1, NULL);
        for (int k = 0; k < a.n_axis; k++)
            for (size_t j = 0; a.axis[k].label && j < a.axis[k].n; j++)
                assert_string_equal(a.axis[k].label[j], b.axis[k].label[j]);
        sim_result_free(&b);
        fix_free(&g);
    }
    sim_result_free(&a);
    fix_free(&f);
}

/* A settled rule that refuses half of the magnets, so that blocked suppliers are there too. */
#define SETTLED                                                                                    \
    "{ id = \"a\"; from = \"2025-01-01\"; " EXPORT "list = \"headings\"; action = \"licence\"; "   \
    "office = \"o\"; approval = 0.5; }"

static void test_run__a_policy_without_effect_is_the_baseline_bit_for_bit(void **state)
{
    static const char *const none[] = {
        /* no length, before start and after */
        "{ id = \"r\"; from = \"2026-01-20\"; until = \"2026-01-20\"; action = \"deny\"; }",
        "{ id = \"r\"; from = \"2025-12-20\"; until = \"2025-12-20\"; action = \"deny\"; }",
        "{ id = \"r\"; from = \"2026-01-01\"; until = \"2026-01-01\"; action = \"deny\"; }",
        /* after the horizon */
        "{ id = \"r\"; from = \"2026-03-02\"; action = \"deny\"; }",
        /* goods that nobody sends, a border that nobody crosses */
        "{ id = \"r\"; from = \"2026-01-20\"; list = \"goods2\"; action = \"deny\"; }",
        "{ id = \"r\"; from = \"2026-01-20\"; origin = [ \"JP\" ]; action = \"deny\"; }",
        /* it does not exist, or asks nothing */
        "{ id = \"r\"; from = \"2026-01-20\"; action = \"deny\"; probability = 0.0; }",
        "{ id = \"r\"; from = \"2026-01-20\"; action = \"inspect\"; delay_d = 5.0; share = 0.0; }"};
    struct fix f;
    struct sim_result r;

    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        fix_toy(&f);
        fix_add(&f, MDL_LISTS, "goods2,product,motor\n");
        fix_scenario(&f, "base", OFFICE("review_d = 20;") "rules = ( " SETTLED " );");
        fix_scenario(
            &f, "none",
            fix_format(&f, OFFICE("review_d = 20;") "rules = ( " SETTLED ", %s );", none[i]));
        fix_play(&f, 2, &r);
        fix_same(&r, 0, &r, 1, "rule_exists");
        sim_result_free(&r);
        fix_free(&f);
    }
}

static void test_run__a_policy_with_effect_is_not(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    fix_toy(&f);
    fix_scenario(&f, "base", "");
    fix_scenario(&f, "ban", "rules = ( " RULE("r", EXPORT "action = \"deny\";") " );");
    fix_play(&f, 1, &r);
    assert_true(fix_sum(&r, "refused", 0, 0) == 0);
    assert_true(fix_sum(&r, "refused", 1, 0) > 0);
    FIX_NEAR(fix_at(&r, "demand", 0, 0, car, NULL), fix_at(&r, "demand", 1, 0, car, NULL), 0);
    sim_result_free(&r);
    fix_free(&f);
}

/* ---- where and when does not matter ---- */

/* The toy with nothing drawn: constant demand. */
static void constant(struct fix *f)
{
    fix_toy(f);
    fix_set_at(f, MDL_DEMAND, 0, "dist", "constant");
    fix_set_at(f, MDL_DEMAND, 1, "dist", "constant");
    fix_set_at(f, MDL_DEMAND, 0, "patience_d", "5");
}

static void test_run__another_start_gives_the_same_on_other_dates(void **state)
{
    static const int year[] = {2026, 2027, 1990, 1970, 1969, 1931, 2900};
    struct fix f[7];
    struct sim_result r[7];

    (void)state;
    for (int i = 0; i < 7; i++) {
        int32_t start = sim_date_join(year[i], 1, 1);
        char from[11], until[11];

        sim_date_print(start + 10, from);
        sim_date_print(start + 50, until);
        constant(&f[i]);
        fix_scenario(&f[i], "ban", "");
        f[i].cfg[0] =
            fix_format(&f[i],
                       "title = \"t\"; network = \"toy\"; start = \"%d-01-01\"; warm_up_d "
                       "= 40; horizon_d = 59; rules = ( { id = \"r\"; action = \"deny\"; "
                       "from = \"%s\"; until = \"%s\"; } );",
                       year[i], from, until);
        fix_play(&f[i], 1, &r[i]);
        if (i > 0)
            fix_same(&r[0], 0, &r[i], 0, NULL);
    }
    assert_true(fix_sum(&r[0], "refused", 0, 0) > 0);
    for (int i = 0; i < 7; i++) {
        sim_result_free(&r[i]);
        fix_free(&f[i]);
    }
}

/* All in kilograms, so that nothing is indivisible but a milligram. */
static void in_kilograms(struct fix *f, int k)
{
    static const char *const piece[] = {"motor", "car", "missile"};

    constant(f);
    for (int i = 0; i < 3; i++)
        fix_set(f, MDL_PRODUCTS, piece[i], "quanta_per_unit", "1000000");
    for (size_t i = 0; i < 2; i++)
        fix_set_at(f, MDL_DEMAND, i, "rate_d", fix_format(f, "%d", k * (i ? 2 : 100)));
    for (size_t i = 0; i < 6; i++) {
        struct sim_csv c = fix_csv(f, MDL_PROCESSES);
        int at = sim_csv_find(&c, "capacity_d");

        fix_set_at(f, MDL_PROCESSES, i, "capacity_d",
                   fix_format(f, "%lld", k * atoll(c.cell[i * c.n_col + (size_t)at])));
    }
}

static void test_run__a_thousand_times_as_much_is_a_thousand_times_as_much(void **state)
{
    static const char *const columns[] = {"demand",  "served",  "lost", "planned",
                                          "started", "ordered", "made", "shipped"};
    const char *ban = "rules = ( { id = \"r\"; action = \"deny\"; from = \"2026-01-03\"; } );";
    struct fix f, g;
    struct sim_result a, b;

    (void)state;
    in_kilograms(&f, 1);
    half_year(&f, "ban", ban);
    fix_play(&f, 1, &a);
    in_kilograms(&g, 1000);
    half_year(&g, "ban", ban);
    fix_play(&g, 1, &b);
    assert_true(fix_sum(&a, "lost", 0, 0) > 0);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        const struct sim_column *x = fix_column(&a, columns[i]), *y = fix_column(&b, columns[i]);

        for (size_t k = 0; k < sim_column_n(&a, x); k++)
            FIX_NEAR(sim_column_at(y, k), 1000 * sim_column_at(x, k),
                     1e-4 * (1 + 1000 * sim_column_at(x, k)));
    }
    sim_result_free(&a);
    sim_result_free(&b);
    fix_free(&f);
    fix_free(&g);
}

/* The rows of a table again, with a letter before every id of a site, process or country. */
static void second_toy(struct fix *f)
{
    fix_add(f, MDL_SITES,
            "x.cn.mine,Mine,,XA,mine,7,14,7,7\nx.cn.sep,Sep,,XA,oxide,7,14,7,7\n"
            "x.cn.mag,Mag,,XA,magnet,7,14,7,7\nx.jp.motor,Mot,,XB,component,7,14,7,7\n"
            "x.market,Mkt,,XB,market,7,14,7,7\n");
    fix_add(f, MDL_PROCESSES,
            "x.p.mine,x.cn.mine,dig,2000,1,1\nx.p.sep,x.cn.sep,separate,200,5,1\n"
            "x.p.mag,x.cn.mag,sinter,400,7,0.95\nx.p.motor,x.jp.motor,wind,400,2,"
            "1\n");
    fix_add(f, MDL_LANES,
            "x.cn.mine,x.cn.sep,ore,1,2,0\nx.cn.sep,x.cn.mag,ox.nd,1,2,0\n"
            "x.cn.sep,x.cn.mag,ox.dy,1,2,0\nx.cn.mag,x.jp.motor,magnet,1,7,2\n"
            "x.jp.motor,x.market,motor,1,1,0\n");
    fix_add(f, MDL_DEMAND, "x.market,motor,civil,50,0.3,gamma,20\n");
}

/* Do two results agree, by labels, in every column of stock points, plants and markets whose label
 * begins (or does not begin) with "x."? */
static void assert_part(const struct sim_result *a, uint32_t sa, const struct sim_result *b,
                        uint32_t sb, int is_x)
{
    static const char *const axes[] = {"point", "plant", "market"};

    for (int i = 0; i < a->n_column; i++) {
        const struct sim_column *c = &a->column[i], *d = fix_column(b, a->column[i].name);
        const struct sim_axis *x, *y;
        size_t size = sim_type_size(c->type), rest = 1;
        int of = -1;

        for (int k = 0; k < 3 && c->n_axis > 2; k++)
            if (strcmp(a->axis[c->axis[2]].name, axes[k]) == 0)
                of = c->axis[2];
        if (of < 0 || strstr(c->name, "missed_") || strstr(c->name, "before_") ||
            strcmp(c->name, "delivered_kg") == 0)
            continue; /* numbers of causes and origins, and the day before, are the study's */
        x = &a->axis[of];
        y = &b->axis[d->axis[2]];
        for (int k = 3; k < c->n_axis; k++)
            rest *= a->axis[c->axis[k]].n;
        for (size_t j = 0; j < x->n; j++) {
            size_t at;

            if ((strncmp(x->label[j], "x.", 2) == 0) != is_x)
                continue;
            at = fix_place(y, x->label[j]);
            if (memcmp((char *)c->data + (sa * x->n + j) * rest * size,
                       (char *)d->data + (sb * y->n + at) * rest * size, rest * size) != 0)
                fail_msg("%s of %s differs", c->name, x->label[j]);
        }
    }
}

static void test_run__a_part_that_hangs_together_with_nothing_is_not_touched(void **state)
{
    struct fix f, g;
    struct sim_result alone, both;
    const char *refuse_x = "{ id = \"a\"; from = \"2025-01-01\"; origin = [ \"XA\" ]; action = "
                           "\"licence\"; office = \"o\"; approval = 0.5; }";

    (void)state;
    fix_toy(&f);
    fix_scenario(&f, "base", "");
    fix_play(&f, 1, &alone);
    fix_toy(&g);
    second_toy(&g);
    fix_scenario(&g, "base", fix_format(&g, OFFICE("review_d = 20;") "rules = ( %s );", refuse_x));
    fix_scenario(&g, "ban",
                 fix_format(&g, OFFICE("review_d = 20;") "rules = ( %s, %s );", refuse_x,
                            RULE("r", EXPORT "action = \"deny\";")));
    fix_play(&g, 1, &both);
    assert_part(&alone, 0, &both, 0, 0); /* beside another chain as alone */
    assert_part(&both, 0, &both, 1, 1);  /* a ban of the one leaves the other as it is */
    assert_true(fix_sum(&both, "refused", 1, 0) > fix_sum(&both, "refused", 0, 0));
    sim_result_free(&alone);
    sim_result_free(&both);
    fix_free(&f);
    fix_free(&g);
}

/* ---- what a rule does ---- */

/* CN has cars of its own, from the same magnets. */
static void home_market(struct fix *f)
{
    impatient(f);
    fix_add(f, MDL_SITES,
            "cn.motor,Motors,,CN,component,7,14,7,7\ncn.market,M,,CN,market,7,14,7,7\n");
    fix_add(f, MDL_PROCESSES, "p.cn.motor,cn.motor,wind,400,2,1\n");
    fix_add(f, MDL_LANES, "cn.mag,cn.motor,magnet,1,2,0\ncn.motor,cn.market,motor,1,2,0\n");
    fix_add(f, MDL_DEMAND, "cn.market,motor,civil,50,0.1,gamma,1\n");
}

static void test_run__an_embargo_stops_what_depends_on_it_and_nothing_else(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    home_market(&f);
    half_year(&f, "base", "");
    half_year(&f, "ban", "rules = ( " RULE("r", EXPORT "action = \"deny\";") " );");
    fix_play(&f, 2, &r);
    for (uint32_t run = 0; run < 2; run++) {
        static const char *const stopped[] = {"p.motor", "p.car", "p.def"};

        for (int i = 0; i < 3; i++)
            assert_true(fix_at(&r, "stop_first", 1, run, stopped[i], NULL) > 9);
        assert_true(isnan(fix_at(&r, "stop_first", 1, run, "p.cn.motor", NULL)));
        assert_true(isnan(fix_at(&r, "stop_first", 0, run, "p.car", NULL)));
        FIX_NEAR(lost(&r, 0, run, car), 0, 0);
        FIX_NEAR(lost(&r, 1, run, "cn.market~motor~civil"), 0, 0);
        assert_true(lost(&r, 1, run, car) > 8000 && lost(&r, 1, run, missile) > 100);
        for (int month = 2; month < 6; month++)
            FIX_NEAR(fix_at(&r, "exports", 1, run, "CN>JP~magnet", fix_format(&f, "%d", month)), 0,
                     0);
        assert_true(fix_at(&r, "exports", 0, run, "CN>JP~magnet", "5") > 1000);
    }
    sim_result_free(&r);
    fix_free(&f);
}

static void test_run__licences_delay_by_their_review(void **state)
{
    struct fix f;
    struct sim_result r;

    (void)state;
    fix_toy(&f);
    half_year(&f, "base", "");
    half_year(&f, "slow",
              OFFICE("review_d = 12;") "rules = ( { id = \"r\"; from = \"2025-01-01\"; " EXPORT
                                       "action = \"licence\"; office = \"o\"; } );");
    fix_play(&f, 1, &r);
    /* the answer is two messages away, so the day after the twelfth is the first to let go */
    FIX_NEAR(fix_at(&r, "lead_mean", 1, 0, "jp.motor~magnet", NULL) -
                 fix_at(&r, "lead_mean", 0, 0, "jp.motor~magnet", NULL),
             12, 0.5);
    FIX_NEAR(fix_sum(&r, "refused_licences", 1, 0), 0, 0);
    assert_true(fix_sum(&r, "applied", 1, 0) > 400);
    FIX_NEAR(fix_sum(&r, "applied", 1, 0),
             fix_sum(&r, "granted", 1, 0) + fix_sum(&r, "waiting", 1, 0),
             0.25 * fix_sum(&r, "applied", 1, 0)); /* what waited at the start was not counted */
    FIX_NEAR(lost(&r, 1, 0, car), 0, 0);
    sim_result_free(&r);
    fix_free(&f);
}

static void test_run__stricter_rules_let_out_less(void **state)
{
    static const char *const rule[] = {
        "", "end_use = [ \"military\" ]; action = \"deny\"; list = \"headings\";",
        "action = \"licence\"; office = \"o\"; approval = 0.5; list = \"headings\";",
        "action = \"deny\"; list = \"headings\";"};
    struct fix f;
    struct sim_result r;

    (void)state;
    fix_toy(&f);
    for (int i = 0; i < 4; i++)
        half_year(
            &f, fix_format(&f, "s%d", i),
            i == 0
                ? ""
                : fix_format(&f, OFFICE("review_d = 60;") "rules = ( " RULE("r", EXPORT "%s") " );",
                             rule[i]));
    fix_play(&f, 2, &r);
    for (uint32_t run = 0; run < 2; run++)
        for (uint32_t i = 1; i < 4; i++) {
            assert_true(fix_sum(&r, "exports", i, run) < fix_sum(&r, "exports", i - 1, run));
            assert_true(lost(&r, i, run, car) >= lost(&r, i - 1, run, car));
        }
    sim_result_free(&r);
    fix_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_run__twice_gives_the_same_bytes_and_another_run_others),
        cmocka_unit_test(test_run__another_seed_gives_another_demand),
        cmocka_unit_test(test_run__shuffled_rows_give_the_same_bytes),
        cmocka_unit_test(test_run__a_policy_without_effect_is_the_baseline_bit_for_bit),
        cmocka_unit_test(test_run__a_policy_with_effect_is_not),
        cmocka_unit_test(test_run__another_start_gives_the_same_on_other_dates),
        cmocka_unit_test(test_run__a_thousand_times_as_much_is_a_thousand_times_as_much),
        cmocka_unit_test(test_run__a_part_that_hangs_together_with_nothing_is_not_touched),
        cmocka_unit_test(test_run__an_embargo_stops_what_depends_on_it_and_nothing_else),
        cmocka_unit_test(test_run__licences_delay_by_their_review),
        cmocka_unit_test(test_run__stricter_rules_let_out_less)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
