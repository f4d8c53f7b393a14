#include "tests/models/fixture.h"

#include "sim/source.h"

/* Swarf may replace magnets in motors. */
static void swap(struct fix *f)
{
    fix_add(f, MDL_LANES, "cn.mag,jp.motor,swarf,1,7,2\n");
    fix_table(f, MDL_SUBSTITUTES, "id,recipe,product,substitute,cover_d\nx,wind,magnet,swarf,10\n");
}

/* The toy with every table, and every column of the key tables. */
static void whole(struct fix *f)
{
    fix_toy(f);
    fix_table(f, MDL_CALENDARS, "country,date,working\nCN,2026-02-17,0.2\n");
    fix_table(f, MDL_STOCKS,
              "site,product,policy,s,S,r,Q\njp.car,motor,order-up-to,100,200,100,200\n");
    fix_table(f, MDL_CATALOGUE, "category,name,entries\n1C,Materials,40\n");
    fix_table(f, MDL_ELEMENTS, "element,name,value_usd_kg\ndy,Dysprosium,300\n");
    swap(f);
    for (int t = 0; t < MDL_TABLES; t++)
        for (const struct sim_key *k = mdl_tables[t].keys; k->name; k++) {
            struct sim_csv c = fix_csv(f, (enum mdl_table_number)t);

            if (sim_csv_find(&c, k->name) < 0)
                fix_set_at(f, (enum mdl_table_number)t, 0, k->name, "");
        }
}

/* "table.csv:2:7: head = 'value': ", where a fault of the first row's cell would begin. */
static const char *place(struct fix *f, int t, const char *head, const char *value)
{
    struct sim_csv c = fix_csv(f, (enum mdl_table_number)t);
    int col = sim_csv_find(&c, head);

    assert_true(col >= 0);
    return fix_format(f, "%s.csv:%d:%d: %s = '%.60s%s': ", mdl_tables[t].name, c.line[0],
                      c.column[col], head, value, strlen(value) > 60 ? "..." : "");
}

/* What a value of the wrong range or kind is told: "must be ...". */
static const char *allowed(struct fix *f, const struct sim_key *k)
{
    char to[512], *why = sim_arena_alloc(&f->a, 512, 1);
    const char *wrong = k->type == SIM_KEY_DIST ? fix_format(f, "%.17g", 2 * k->hi + 1) : "?";

    assert_int_equal(sim_keys_value(k, wrong, to, &f->a, why, 512), SIM_EINPUT);
    return why;
}

/* A network with this in the first row of a table that can be read is also run for a few days: it
 * balances, or is refused, but nothing breaks. */
static void run(struct fix *f)
{
    struct sim_result res;
    struct mdl_study st;

    fix_scenario(f, "base", "warm_up_d = 5; horizon_d = 10;");
    f->cfg[0] = "title = \"t\"; network = \"toy\"; start = \"2026-02-14\"; warm_up_d = 5;"
                "horizon_d = 10; runs = 1; substitution = true;";
    if (fix_study(f, &st) != 0) {
        assert_non_null(strstr(f->err.text, "more than can be counted"));
        return;
    }
    fix_run(&st, 1, &res);
    sim_result_free(&res);
    mdl_study_free(&st);
}

static void assert_fits(int t, const struct sim_key *k, const char *value)
{
    struct fix f;
    struct mdl_network n;

    whole(&f);
    fix_set_at(&f, (enum mdl_table_number)t, 0, k->name, value);
    if (fix_network(&f, &n) == 0)
        run(&f);
    else if (strstr(f.err.text,
                    fix_format(&f, "%s%s", place(&f, t, k->name, value), allowed(&f, k))))
        fail_msg("%s", f.err.text);
    fix_free(&f);
}

static void assert_refused(int t, const struct sim_key *k, const char *value)
{
    struct fix f;
    struct mdl_network n;
    const char *at;

    whole(&f);
    fix_set_at(&f, (enum mdl_table_number)t, 0, k->name, value);
    at = place(&f, t, k->name, value);
    if (fix_network(&f, &n) != SIM_EINPUT || strstr(f.err.text, at) == NULL)
        fail_msg("%s.csv takes %s = '%s'; %s", mdl_tables[t].name, k->name, value,
                 f.err.text ? f.err.text : "");
    fix_free(&f);
}

static void number_text(const struct sim_key *k, double x, char to[64])
{
    if (k->type == SIM_KEY_INT)
        snprintf(to, 64, "%lld", (long long)x);
    else
        sim_text_show(x, to);
}

static void test_network_load__takes_every_number_at_its_ends_and_none_beyond(void **state)
{
    static const char *const no_number[] = {"x",  "nan", "inf", "-inf", "1e999", "0x10",
                                            " 1", "1 ",  "1,5", "--1",  "1e",    "1.2.3"};
    int checked = 0;

    (void)state;
    for (int t = 0; t < MDL_TABLES; t++)
        for (const struct sim_key *k = mdl_tables[t].keys; k->name; k++) {
            double step = k->type == SIM_KEY_INT;
            char to[64];

            if (k->type != SIM_KEY_INT && k->type != SIM_KEY_REAL && k->type != SIM_KEY_DIST &&
                k->type != SIM_KEY_REALS)
                continue;
            number_text(k, k->lo, to);
            assert_fits(t, k, to);
            number_text(k, k->hi, to);
            assert_fits(t, k, to);
            number_text(k, step > 0 ? k->lo - 1 : nextafter(k->lo, -INFINITY), to);
            assert_refused(t, k, to);
            number_text(k, step > 0 ? k->hi + 1 : nextafter(k->hi, INFINITY), to);
            assert_refused(t, k, to);
            for (size_t i = 0; i < sizeof no_number / sizeof *no_number; i++)
                assert_refused(t, k, no_number[i]);
            if (k->type == SIM_KEY_INT) {
                assert_refused(t, k, "1.5");
                assert_refused(t, k, "9223372036854775808");
                assert_refused(t, k, "-9223372036854775809");
            }
            checked++;
        }
    assert_true(checked >= 30);
}

static void test_network_load__takes_every_word_and_no_other(void **state)
{
    (void)state;
    for (int t = 0; t < MDL_TABLES; t++)
        for (const struct sim_key *k = mdl_tables[t].keys; k->name; k++) {
            if (k->type != SIM_KEY_WORD)
                continue;
            for (int i = 0; k->words[i]; i++)
                assert_fits(t, k, k->words[i]);
            assert_refused(t, k, "?");
            assert_refused(t, k, "Yes");
        }
}

static void test_network_load__takes_dates_of_the_calendar_only(void **state)
{
    static const char *const no_date[] = {"1899-12-31", "3000-01-01", "2026-02-29",
                                          "2026-13-01", "2026-1-1",   "20260101",
                                          "01.02.2026", "2026-00-10", "tomorrow"};

    (void)state;
    for (int t = 0; t < MDL_TABLES; t++)
        for (const struct sim_key *k = mdl_tables[t].keys; k->name; k++) {
            if (k->type != SIM_KEY_DATE)
                continue;
            assert_fits(t, k, "1900-01-01");
            assert_fits(t, k, "2999-12-31");
            assert_fits(t, k, "2024-02-29");
            for (size_t i = 0; i < sizeof no_date / sizeof *no_date; i++)
                assert_refused(t, k, no_date[i]);
        }
}

static void test_network_load__takes_ids_of_64_small_characters(void **state)
{
    static const char sixty_four[] =
        "abcdefghijklmnopqrstuvwxyz0123456789._-abcdefghijklmnopqrstuvwxy";
    char more[66];

    (void)state;
    assert_int_equal(strlen(sixty_four), 64);
    snprintf(more, sizeof more, "%sz", sixty_four);
    for (int t = 0; t < MDL_TABLES; t++)
        for (const struct sim_key *k = mdl_tables[t].keys; k->name; k++) {
            if (k->type != SIM_KEY_ID || strcmp(k->name, "country") == 0)
                continue;
            assert_fits(t, k, sixty_four);
            assert_refused(t, k, more);
            assert_refused(t, k, "A");
            assert_refused(t, k, "a b");
            assert_refused(t, k, "a/b");
            assert_refused(t, k, "\xc3\xa4");
            assert_refused(t, k, "");
        }
}

static void test_network_load__an_empty_cell_is_the_default_or_refused(void **state)
{
    int optional = 0, required = 0;

    (void)state;
    for (int t = 0; t < MDL_TABLES; t++)
        for (const struct sim_key *k = mdl_tables[t].keys; k->name; k++)
            if (k->def) {
                assert_fits(t, k, "");
                optional++;
            } else {
                assert_refused(t, k, "");
                required++;
            }
    assert_true(optional > 20 && required > 20);
}

static void test_network_load__an_optional_column_may_be_left_out(void **state)
{
    (void)state;
    for (int t = 0; t < MDL_TABLES; t++)
        for (const struct sim_key *k = mdl_tables[t].keys; k->name; k++) {
            struct fix f;
            struct mdl_network n;
            struct sim_csv c;
            size_t *col, m = 0;

            fix_toy(&f);
            fix_table(&f, MDL_CALENDARS, "country,date,working\nCN,2026-02-17,0.2\n");
            fix_table(&f, MDL_STOCKS, "site,product\njp.car,motor\n");
            fix_table(&f, MDL_CATALOGUE, "category,name,entries\n1C,Materials,40\n");
            fix_table(&f, MDL_ELEMENTS, "element,name,value_usd_kg\ndy,Dysprosium,300\n");
            swap(&f);
            c = fix_csv(&f, (enum mdl_table_number)t);
            col = sim_arena_alloc(&f.a, c.n_col, sizeof *col);
            for (size_t j = 0; j < c.n_col; j++)
                if (strcmp(c.head[j], k->name) != 0)
                    col[m++] = j;
            f.text[t] = fix_print(&f, &c, NULL, c.n_row, col, m);
            if (strcmp(k->name, "end_use") == 0 || strcmp(k->name, "entity") == 0 ||
                strcmp(k->name, "parent") == 0 || k->def)
                fix_network_ok(&f, &n);
            else {
                assert_int_equal(fix_network(&f, &n), SIM_EINPUT);
                assert_non_null(strstr(f.err.text, fix_format(&f, "%s.csv:1: column %s is missing",
                                                              mdl_tables[t].name, k->name)));
            }
            fix_free(&f);
        }
}

/* ---- elements ---- */

static void test_network_load__takes_contents_at_their_ends_and_none_beyond(void **state)
{
    static const char *const good[] = {"0", "1e9", "", "0.5"};
    static const char *const bad[] = {"-1e-9", "1000000000.1", "x", "nan"};
    struct fix f;
    struct mdl_network n;

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        fix_toy(&f);
        fix_set(&f, MDL_PRODUCTS, "ore", "el_tb_g", good[i]);
        fix_network_ok(&f, &n);
        fix_free(&f);
        fix_toy(&f);
        fix_set(&f, MDL_PRODUCTS, "ore", "el_tb_g", bad[i]);
        fix_refused(&f, fix_format(&f,
                                   "products.csv:2:54: el_tb_g = '%s': must be 0 to "
                                   "1000000000\n",
                                   bad[i]));
        fix_free(&f);
    }
}

static void test_network_load__content_goes_through_the_bill_of_materials(void **state)
{
    struct fix f;
    struct mdl_network n;
    const struct mdl_product *magnet, *missile;

    (void)state;
    fix_toy(&f);
    fix_network_ok(&f, &n);
    assert_int_equal(n.n_element, 2);
    assert_string_equal(n.element[0], "dy");
    assert_string_equal(n.element[1], "nd");
    magnet = &n.product[mdl_network_product(&n, "magnet")];
    missile = &n.product[mdl_network_product(&n, "missile")];
    FIX_NEAR(magnet->el_g[0], 0.02 * 870 - 0.1 * 10, 1e-12);
    FIX_NEAR(magnet->el_g[1], 0.4 * 850 - 0.1 * 200, 1e-12);
    FIX_NEAR(missile->el_g[0], 3 * magnet->el_g[0], 1e-12);
    FIX_NEAR(missile->el_g[1], 3 * magnet->el_g[1], 1e-12);
    assert_int_equal(n.product[mdl_network_product(&n, "ox.dy")].n_el, 1);
    assert_int_equal(n.n_mined, 1);
    assert_string_equal(n.country[n.mined[0]], "CN");
    assert_int_equal(n.n_origin, 2); /* not separated yet, and CN */
    assert_string_equal(n.country[n.origin[1]], "CN");
    fix_free(&f);
}

static void test_network_load__ratios_are_exact(void **state)
{
    static const struct {
        const char *quantity;
        int64_t num, den;
    } ratio[] = {{"0.5", 500000, 1},
                 {"0.000000001", 1, 1000},
                 {"0.333333333", 333333333, 1000},
                 {"9000000", 9000000000000, 1},
                 {"1234.567890123", 1234567890123, 1000}};
    struct fix f;
    struct mdl_network n;

    (void)state;
    for (size_t i = 0; i < sizeof ratio / sizeof *ratio; i++) {
        const struct mdl_recipe *r;

        fix_toy(&f);
        fix_set_at(&f, MDL_BOM, fix_row(&f, MDL_BOM, "wind") + 1, "quantity", ratio[i].quantity);
        fix_network_ok(&f, &n);
        r = &n.recipe[n.process[n.site[mdl_network_site(&n, "jp.motor")].first_process].recipe];
        assert_true(r->in[0].num == ratio[i].num && r->in[0].den == ratio[i].den);
        fix_free(&f);
    }
}

static void test_network_load__a_ratio_that_does_not_fit_is_refused(void **state)
{
    struct fix f;
    struct mdl_network n;

    (void)state;
    fix_toy(&f);
    fix_set(&f, MDL_PRODUCTS, "magnet", "quanta_per_unit", "999999937");
    fix_set_at(&f, MDL_BOM, fix_row(&f, MDL_BOM, "wind") + 1, "quantity", "9.123456789");
    fix_network_ok(&f, &n);
    fix_set_at(&f, MDL_BOM, fix_row(&f, MDL_BOM, "wind") + 1, "quantity", "9999.123456789");
    fix_refused(&f, "bom.csv:11:1: recipe = 'wind': a quantity in quanta per quantum of the main "
                    "output is no fraction of 64-bit numbers: give it fewer digits\n");
    fix_free(&f);
}

/* ---- order of rows and columns ---- */

static void assert_same_network(const struct mdl_network *x, const struct mdl_network *y)
{
    for (int t = 0; t < MDL_TABLES; t++)
        if (x->table_text[t] || y->table_text[t])
            assert_string_equal(x->table_text[t], y->table_text[t]);
    assert_int_equal(x->n_point, y->n_point);
    for (uint32_t i = 0; i < x->n_point; i++) {
        assert_string_equal(x->point[i].id, y->point[i].id);
        assert_int_equal(x->point[i].n_lane_in, y->point[i].n_lane_in);
        assert_int_equal(x->point[i].n_maker, y->point[i].n_maker);
        assert_int_equal(x->point[i].n_user, y->point[i].n_user);
        for (uint32_t k = 0; k < x->point[i].n_maker; k++)
            assert_int_equal(x->point[i].maker[k], y->point[i].maker[k]);
        for (uint32_t k = 0; k < x->point[i].n_lane_in; k++)
            assert_int_equal(x->point[i].lane_in[k], y->point[i].lane_in[k]);
    }
    assert_int_equal(x->n_lane, y->n_lane);
    for (uint32_t i = 0; i < x->n_lane; i++) {
        assert_string_equal(x->lane[i].id, y->lane[i].id);
        assert_int_equal(x->lane[i].hash, y->lane[i].hash);
    }
    assert_int_equal(x->n_process, y->n_process);
    for (uint32_t i = 0; i < x->n_process; i++)
        assert_string_equal(x->process[i].id, y->process[i].id);
    assert_int_equal(x->n_recipe, y->n_recipe);
    for (uint32_t i = 0; i < x->n_recipe; i++) {
        assert_string_equal(x->recipe[i].id, y->recipe[i].id);
        assert_int_equal(x->recipe[i].n_in, y->recipe[i].n_in);
        for (uint32_t k = 0; k < x->recipe[i].n_in; k++)
            assert_int_equal(x->recipe[i].in[k].product, y->recipe[i].in[k].product);
        for (uint32_t k = 0; k < x->recipe[i].n_out; k++)
            assert_int_equal(x->recipe[i].out[k].product, y->recipe[i].out[k].product);
    }
    for (uint32_t i = 0; i < x->n_demand; i++)
        assert_int_equal(x->demand[i].point, y->demand[i].point);
    for (uint32_t i = 0; i < x->n_country; i++)
        assert_string_equal(x->country[i], y->country[i]);
}

static void test_network_load__shuffled_rows_and_columns_are_the_same_network(void **state)
{
    struct fix f, g;
    struct mdl_network x, y;
    struct fix_dice dice = {11};

    (void)state;
    whole(&f);
    fix_network_ok(&f, &x);
    for (int i = 0; i < 20; i++) {
        whole(&g);
        fix_shuffle(&g, &dice);
        fix_network_ok(&g, &y);
        assert_same_network(&x, &y);
        fix_free(&g);
    }
    fix_free(&f);
}

static void test_network_load__the_canonical_text_is_its_own(void **state)
{
    struct fix f, g = {0};
    struct mdl_network x, y;

    (void)state;
    whole(&f);
    fix_network_ok(&f, &x);
    for (int t = 0; t < MDL_TABLES; t++)
        g.text[t] = x.table_text[t];
    fix_network_ok(&g, &y);
    assert_same_network(&x, &y);
    fix_free(&f);
    fix_free(&g);
}

/* ---- small things ---- */

static void test_network_working__is_one_where_nothing_is_listed(void **state)
{
    struct fix f;
    struct mdl_network n;
    int32_t day;

    (void)state;
    fix_toy(&f);
    fix_table(&f, MDL_CALENDARS, "country,date,working\nCN,2026-02-17,0.25\nCN,2026-02-20,0\n");
    fix_network_ok(&f, &n);
    assert_int_equal(sim_date_parse(&day, "2026-02-17"), 0);
    FIX_NEAR(mdl_network_working(&n, mdl_network_country(&n, "CN"), day), 0.25, 0);
    FIX_NEAR(mdl_network_working(&n, mdl_network_country(&n, "CN"), day + 1), 1, 0);
    FIX_NEAR(mdl_network_working(&n, mdl_network_country(&n, "CN"), day + 3), 0, 0);
    FIX_NEAR(mdl_network_working(&n, mdl_network_country(&n, "CN"), day + 4), 1, 0);
    FIX_NEAR(mdl_network_working(&n, mdl_network_country(&n, "CN"), day - 1), 1, 0);
    FIX_NEAR(mdl_network_working(&n, mdl_network_country(&n, "JP"), day), 1, 0);
    fix_free(&f);
}

static void test_network_find__knows_what_is_there_only(void **state)
{
    struct fix f;
    struct mdl_network n;

    (void)state;
    fix_toy(&f);
    fix_network_ok(&f, &n);
    for (uint32_t i = 0; i < n.n_site; i++)
        assert_int_equal(mdl_network_site(&n, n.site[i].id), i);
    for (uint32_t i = 0; i < n.n_product; i++)
        assert_int_equal(mdl_network_product(&n, n.product[i].id), i);
    for (uint32_t i = 0; i < n.n_entity; i++)
        assert_int_equal(mdl_network_entity(&n, n.entity[i].id), i);
    for (uint32_t i = 0; i < n.n_country; i++)
        assert_int_equal(mdl_network_country(&n, n.country[i]), i);
    for (uint32_t i = 0; i < n.n_point; i++)
        assert_int_equal(mdl_network_point(&n, n.point[i].site, n.point[i].product), i);
    assert_true(mdl_network_site(&n, "jp.ca") == UINT32_MAX);
    assert_true(mdl_network_site(&n, "") == UINT32_MAX);
    assert_true(mdl_network_site(&n, NULL) == UINT32_MAX);
    assert_true(mdl_network_point(&n, 0, mdl_network_product(&n, "car")) == UINT32_MAX);
    fix_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_network_load__takes_every_number_at_its_ends_and_none_beyond),
        cmocka_unit_test(test_network_load__takes_every_word_and_no_other),
        cmocka_unit_test(test_network_load__takes_dates_of_the_calendar_only),
        cmocka_unit_test(test_network_load__takes_ids_of_64_small_characters),
        cmocka_unit_test(test_network_load__an_empty_cell_is_the_default_or_refused),
        cmocka_unit_test(test_network_load__an_optional_column_may_be_left_out),
        cmocka_unit_test(test_network_load__takes_contents_at_their_ends_and_none_beyond),
        cmocka_unit_test(test_network_load__content_goes_through_the_bill_of_materials),
        cmocka_unit_test(test_network_load__ratios_are_exact),
        cmocka_unit_test(test_network_load__a_ratio_that_does_not_fit_is_refused),
        cmocka_unit_test(test_network_load__shuffled_rows_and_columns_are_the_same_network),
        cmocka_unit_test(test_network_load__the_canonical_text_is_its_own),
        cmocka_unit_test(test_network_working__is_one_where_nothing_is_listed),
        cmocka_unit_test(test_network_find__knows_what_is_there_only)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
