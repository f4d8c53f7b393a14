#include "tests/models/fixture.h"

/* The toy with one scenario whose overrides are `set`, loaded. */
static void load_set(struct fix *f, struct mdl_study *st, const char *set)
{
    f->n_cfg = 0;
    fix_scenario(f, "a", fix_format(f, "set = (\n%s\n);", set));
    fix_study_ok(f, st);
}

static const char *cell(struct fix *f, const struct mdl_network *n, enum mdl_table_number t,
                        const char *key, const char *head)
{
    struct sim_csv c;
    int id = 0, col;

    assert_int_equal(
        sim_csv_parse(&c, &f->a, "t", n->table_text[t], strlen(n->table_text[t]), NULL), 0);
    while (id >= 0 && strcmp(c.head[id], "id") != 0)
        id++;
    col = sim_csv_find(&c, head);
    for (size_t i = 0; col >= 0 && i < c.n_row; i++)
        if (strcmp(c.cell[i * c.n_col + (size_t)id], key) == 0)
            return c.cell[i * c.n_col + (size_t)col];
    fail_msg("no cell %s of %s", head, key);
    return NULL;
}

/* Numbers of the column cover_d of all sites, in the order of their ids: cn.mag cn.mine cn.sep
 * jp.car jp.def jp.market jp.motor. */
static void assert_covers(const char *set, const double want[7])
{
    struct fix f;
    struct mdl_study st;

    fix_toy(&f);
    load_set(&f, &st, set);
    assert_int_equal(st.net.n_site, 7);
    for (int i = 0; i < 7; i++)
        FIX_NEAR(st.net.site[i].cover_d, want[i], 0);
    mdl_study_free(&st);
    fix_free(&f);
}

#define COVER(id, where, what)                                                                     \
    "{ id = \"" id "\"; table = \"sites\"; " where " column = \"cover_d\"; " what " }"

/* ---- what is done ---- */

static void test_override__value_multiply_and_add(void **state)
{
    (void)state;
    assert_covers(COVER("x", "where = { country = \"JP\"; tier = \"vehicle\"; };", "value = 20;"),
                  (double[]){14, 14, 14, 20, 14, 14, 14});
    assert_covers(COVER("x", "where = { id = \"jp.car\"; };", "multiply = 1.5;"),
                  (double[]){14, 14, 14, 21, 14, 14, 14});
    assert_covers(COVER("x", "where = { id = \"jp.car\"; };", "add = -4;"),
                  (double[]){14, 14, 14, 10, 14, 14, 14});
    assert_covers(COVER("x", "where = { id = \"jp.car\"; };", "value = \"0.25\";"),
                  (double[]){14, 14, 14, 0.25, 14, 14, 14});
}

static void test_override__where(void **state)
{
    (void)state;
    assert_covers(COVER("x", "", "value = 1;"), (double[]){1, 1, 1, 1, 1, 1, 1});
    assert_covers(COVER("x", "where = { };", "value = 1;"), (double[]){1, 1, 1, 1, 1, 1, 1});
    assert_covers(COVER("x", "where = { tier = [ \"mine\", \"vehicle\" ]; };", "value = 1;"),
                  (double[]){14, 1, 14, 1, 14, 14, 14});
    assert_covers(COVER("x", "where = { id = \"cn.m*\"; };", "value = 1;"),
                  (double[]){1, 1, 14, 14, 14, 14, 14});
    assert_covers(COVER("x", "where = { id = [ \"cn.m*\", \"!cn.mine\" ]; };", "value = 1;"),
                  (double[]){1, 14, 14, 14, 14, 14, 14});
    assert_covers(COVER("x", "where = { country = \"!CN\"; };", "value = 1;"),
                  (double[]){14, 14, 14, 1, 1, 1, 1});
    assert_covers(COVER("x", "where = { entity = \"\"; };", "value = 1;"),
                  (double[]){1, 1, 1, 1, 14, 1, 1});
    assert_covers(COVER("x", "where = { entity = \"!\"; };", "value = 1;"),
                  (double[]){14, 14, 14, 14, 1, 14, 14});
    assert_covers(COVER("x", "where = { sector = \"\"; };", "value = 1;"), /* no such column yet */
                  (double[]){1, 1, 1, 1, 1, 1, 1});
}

static void test_override__in_the_order_of_the_list(void **state)
{
    (void)state;
    assert_covers(COVER("z", "", "value = 10;") "," COVER("a", "", "multiply = 2;"),
                  (double[]){20, 20, 20, 20, 20, 20, 20});
    assert_covers(COVER("z", "", "multiply = 2;") "," COVER("a", "", "value = 10;"),
                  (double[]){10, 10, 10, 10, 10, 10, 10});
    assert_covers(COVER("z", "", "add = 2;") "," COVER("a", "where = { cover_d = \"16\"; };",
                                                       "multiply = 2;"),
                  (double[]){32, 32, 32, 32, 32, 32, 32});
}

static void test_override__a_column_that_the_table_has_not(void **state)
{
    struct fix f;
    struct mdl_study st;

    (void)state;
    fix_toy(&f);
    load_set(&f, &st,
             "{ id = \"x\"; table = \"sites\"; where = { id = \"jp.car\"; };\n"
             "  column = \"stretch_cover_d\"; value = 5; },\n"
             "{ id = \"y\"; table = \"sites\"; where = { country = \"JP\"; };\n"
             "  column = \"military_share\"; add = 0.25; },\n" /* to the default, 0 */
             "{ id = \"z\"; table = \"sites\"; where = { id = \"jp.def\"; };\n"
             "  column = \"allocation\"; value = \"fifo\"; }");
    for (uint32_t i = 0; i < st.net.n_site; i++) {
        const struct mdl_site *s = &st.net.site[i];

        FIX_NEAR(s->stretch_cover_d, strcmp(s->id, "jp.car") == 0 ? 5 : 0, 0);
        FIX_NEAR(s->military_share, *s->id == 'j' ? 0.25 : 0, 0);
        assert_int_equal(s->allocation, strcmp(s->id, "jp.def") == 0 ? MDL_FIFO : MDL_PROPORTIONAL);
    }
    mdl_study_free(&st);
    fix_free(&f);
}

static void test_override__distributions(void **state)
{
    static const struct {
        const char *was, *what, *is;
    } all[] = {{"4", "multiply = 1.5", "6"},
               {"4", "add = 1", "5"},
               {"uniform(1,3)", "multiply = 2", "uniform(2,6)"},
               {"triangular(1,2,4)", "multiply = 0.5", "triangular(0.5,1,2)"},
               {"triangular(1,2,4)", "add = 3", "triangular(4,5,7)"},
               {"exponential(3)", "multiply = 2", "exponential(6)"},
               {"lognormal(14,0.6)", "multiply = 2", "lognormal(28,0.6)"},
               {"gamma(10,0.3)", "multiply = 0", "gamma(0,0.3)"},
               {"erlang(3,10)", "multiply = 2", "erlang(3,20)"},
               {"poisson(3)", "value = \"lognormal(5,0.5)\"", "lognormal(5,0.5)"}};

    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct fix f;
        struct mdl_study st;

        fix_toy(&f);
        fix_set(&f, MDL_PROCESSES, "p.car", "cycle_d", all[i].was);
        load_set(&f, &st,
                 fix_format(&f,
                            "{ id = \"x\"; table = \"processes\"; where = { id = \"p.car\"; };\n"
                            "  column = \"cycle_d\"; %s; }",
                            all[i].what));
        assert_string_equal(cell(&f, &st.net, MDL_PROCESSES, "p.car", "cycle_d"), all[i].is);
        mdl_study_free(&st);
        fix_free(&f);
    }
}

static void test_override__rows_come_and_go(void **state)
{
    struct fix f;
    struct mdl_study st;

    (void)state;
    fix_toy(&f);
    load_set(
        &f, &st,
        "{ id = \"no-arms\"; table = \"demand\"; where = { end_use = \"military\"; };\n"
        "  remove_row = true; },\n"
        "{ id = \"no-arms-2\"; table = \"lanes\"; where = { to = \"jp.def\"; }; remove_row = true; "
        "},\n"
        "{ id = \"no-arms-3\"; table = \"lanes\"; where = { from = \"jp.def\"; }; remove_row = "
        "true; },\n"
        "{ id = \"no-arms-4\"; table = \"processes\"; where = { site = \"jp.def\"; };\n"
        "  remove_row = true; },\n"
        "{ id = \"no-arms-5\"; table = \"sites\"; where = { id = \"jp.def\"; }; remove_row = true; "
        "},\n"
        "{ id = \"shop\"; table = \"sites\"; add_row = { id = \"us.market\"; name = \"Shop\";\n"
        "  country = \"US\"; tier = \"market\"; cover_d = 3; }; source = \"guess\"; },\n"
        "{ id = \"road\"; table = \"lanes\"; add_row = { from = \"jp.car\"; to = \"us.market\";\n"
        "  product = \"car\"; share = 1.0; transit_d = \"uniform(20,30)\"; source = \"own\";\n"
        "  status = \"quoted\"; }; source = \"guess\"; },\n"
        "{ id = \"buyers\"; table = \"demand\"; add_row = { site = \"us.market\";\n"
        "  product = \"car\"; rate_d = 10; }; source = \"guess\"; status = \"derived\"; },\n"
        "{ id = \"more\"; table = \"demand\"; column = \"rate_d\"; multiply = 2.0; }");
    assert_int_equal(st.net.n_site, 7);
    assert_int_equal(st.net.n_process, 5);
    assert_int_equal(st.net.n_lane, 7);
    assert_int_equal(st.net.n_demand, 2);
    assert_int_equal(mdl_network_site(&st.net, "jp.def"), UINT32_MAX);
    FIX_NEAR(st.net.site[mdl_network_site(&st.net, "us.market")].cover_d, 3, 0);
    assert_string_equal(cell(&f, &st.net, MDL_SITES, "us.market", "status"), "estimate");
    assert_string_equal(cell(&f, &st.net, MDL_SITES, "us.market", "source"), "guess");
    for (uint32_t i = 0; i < st.net.n_demand; i++) {
        const struct mdl_demand *d = &st.net.demand[i];

        FIX_NEAR(d->rate_d, strcmp(d->site_id, "us.market") == 0 ? 20 : 200, 0);
    }
    for (uint32_t i = 0; i < st.net.n_lane; i++)
        if (strcmp(st.net.lane[i].to_id, "us.market") == 0) {
            assert_string_equal(st.net.lane[i].source, "own");
            assert_int_equal(st.net.lane[i].status, 0);
        }
    mdl_study_free(&st);
    fix_free(&f);
}

static void test_override__a_changed_row_says_so(void **state)
{
    struct fix f;
    struct mdl_study st;

    (void)state;
    fix_toy(&f);
    load_set(&f, &st,
             COVER("more", "where = { id = \"jp.car\"; };", "multiply = 2;") ",\n" COVER(
                 "none", "where = { id = \"jp.def\"; };",
                 "multiply = 1;") ",\n" COVER("read", "where = { id = \"jp.motor\"; };",
                                              "value = 9; status = \"derived\"; source = \"a "
                                              "page\";") ",\n"
                                                         "{ id = \"own\"; table = \"sites\"; where "
                                                         "= { id = \"cn.mag\"; }; column = "
                                                         "\"source\";\n"
                                                         "  value = \"a book\"; }");
    assert_string_equal(cell(&f, &st.net, MDL_SITES, "jp.car", "status"), "estimate");
    assert_string_equal(cell(&f, &st.net, MDL_SITES, "jp.car", "source"),
                        "test; cover_d by set more");
    assert_string_equal(cell(&f, &st.net, MDL_SITES, "jp.def", "status"), "quoted");
    assert_string_equal(cell(&f, &st.net, MDL_SITES, "jp.def", "source"), "test");
    assert_string_equal(cell(&f, &st.net, MDL_SITES, "jp.motor", "status"), "derived");
    assert_string_equal(cell(&f, &st.net, MDL_SITES, "jp.motor", "source"),
                        "test; cover_d by set read: a page");
    assert_string_equal(cell(&f, &st.net, MDL_SITES, "cn.mag", "status"), "quoted");
    assert_string_equal(cell(&f, &st.net, MDL_SITES, "cn.mag", "source"), "a book");
    mdl_study_free(&st);
    fix_free(&f);
}

/* ---- what is stored ---- */

static const char *const some =
    COVER("z", "where = { country = \"JP\"; };", "multiply = 1.5;") ",\n" COVER(
        "a", "where = { id = \"jp.*\"; };",
        "add = 0.1;") ",\n"
                      "{ id = \"m.applied\"; table = \"lanes\"; where = { to = \"jp.motor\"; };\n"
                      "  column = \"transit_d\"; multiply = 1.7; },\n"
                      "{ id = \"m\"; table = \"demand\"; where = { product = \"car\"; };\n"
                      "  column = \"trend_y\"; value = 0.02; }";

static void test_override__nothing_is_done_twice(void **state)
{
    struct fix f, g = {0};
    struct mdl_study st, again;

    (void)state;
    fix_toy(&f);
    load_set(&f, &st, some);
    FIX_NEAR(st.net.site[mdl_network_site(&st.net, "jp.car")].cover_d, 14 * 1.5 + 0.1, 0);
    g.label[0] = "a";
    g.cfg[0] = st.scenario[0].text;
    g.n_cfg = 1;
    for (int t = 0; t < MDL_TABLES; t++)
        g.text[t] = st.net.table_text[t];
    assert_non_null(strstr(st.scenario[0].text, "applied = true"));
    fix_study_ok(&g, &again);
    for (int t = 0; t < MDL_TABLES; t++)
        if (st.net.table_text[t])
            assert_string_equal(st.net.table_text[t], again.net.table_text[t]);
    assert_string_equal(st.scenario[0].text, again.scenario[0].text);
    mdl_study_free(&again);
    mdl_study_free(&st);
    fix_free(&g);
    fix_free(&f);
}

static void test_override__the_order_of_rows_changes_nothing(void **state)
{
    struct fix f;
    struct mdl_study st, turned;

    (void)state;
    fix_toy(&f);
    load_set(&f, &st, some);
    for (int t = 0; t < MDL_TABLES; t++) {
        struct sim_csv c;
        size_t *row, *col;

        if (f.text[t] == NULL)
            continue;
        c = fix_csv(&f, (enum mdl_table_number)t);
        row = sim_arena_alloc(&f.a, c.n_row, sizeof *row);
        col = sim_arena_alloc(&f.a, c.n_col, sizeof *col);
        for (size_t i = 0; i < c.n_row; i++)
            row[i] = c.n_row - 1 - i;
        for (size_t i = 0; i < c.n_col; i++)
            col[i] = c.n_col - 1 - i;
        f.text[t] = fix_print(&f, &c, row, c.n_row, col, c.n_col);
    }
    fix_study_ok(&f, &turned);
    for (int t = 0; t < MDL_TABLES; t++)
        if (st.net.table_text[t])
            assert_string_equal(st.net.table_text[t], turned.net.table_text[t]);
    mdl_study_free(&turned);
    mdl_study_free(&st);
    fix_free(&f);
}

/* A run on overridden tables is the run on tables that were written so. */
static void test_override__runs_as_if_the_tables_were_so(void **state)
{
    struct fix f, g;
    struct sim_result x, y;

    (void)state;
    fix_toy(&f);
    fix_scenario(
        &f, "a",
        "set = (" COVER(
            "c", "where = { id = \"jp.car\"; };",
            "multiply = 0.5;") ",\n"
                               "{ id = \"d\"; table = \"demand\"; where = { product = \"car\"; };\n"
                               "  column = \"rate_d\"; multiply = 1.1; });");
    fix_play(&f, 2, &x);
    fix_toy(&g);
    fix_set(&g, MDL_SITES, "jp.car", "cover_d", "7");
    fix_set_at(&g, MDL_DEMAND, 0, "rate_d", "110");
    fix_scenario(&g, "a", "");
    fix_play(&g, 2, &y);
    for (uint32_t r = 0; r < 2; r++) {
        FIX_NEAR(fix_at(&x, "served", 0, r, "jp.market~car~civil", NULL),
                 fix_at(&y, "served", 0, r, "jp.market~car~civil", NULL), 0);
        FIX_NEAR(fix_at(&x, "demand", 0, r, "jp.market~car~civil", NULL),
                 fix_at(&y, "demand", 0, r, "jp.market~car~civil", NULL), 0);
    }
    sim_result_free(&x);
    sim_result_free(&y);
    fix_free(&f);
    fix_free(&g);
}

/* ---- faults ---- */

static void assert_told(const char *set, const char *says)
{
    struct fix f;
    struct mdl_study st;

    fix_toy(&f);
    fix_scenario(&f, "a", fix_format(&f, "set = (\n%s\n);", set));
    assert_int_equal(fix_study(&f, &st), SIM_EINPUT);
    fix_said(&f, says);
    fix_free(&f);
}

#define ONE "a.cfg:4: 'x': must say one of value, multiply, add, add_row and remove_row = true; "

static void test_override__faults_of_an_entry(void **state)
{
    (void)state;
    assert_told(COVER("x", "", ""), ONE "it says none\n");
    assert_told(COVER("x", "", "value = 1; multiply = 2;"), ONE "it says several\n");
    assert_told(COVER("x", "", "add = 1;\nremove_row = true;"), ONE "it says several\n");
    assert_told("{ id = \"x\"; table = \"site\"; column = \"cover_d\"; value = 1; }",
                "a.cfg:4: table = \"site\": must be one of products, entities, sites, bom, "
                "processes, lanes, demand, lists, catalogue, elements, calendars, stocks, "
                "substitutes; did you "
                "mean 'sites'?\n");
    assert_told("{ id = \"x\"; table = \"sites\"; value = 1; }",
                "a.cfg:4: 'x': column is missing: which column value changes\n");
    assert_told("{ id = \"x\"; table = \"sites\"; column = \"id\"; remove_row = true; }",
                "a.cfg:4: column = \"id\": a whole row has no column; take it out, remove_row says "
                "all\n");
    assert_told("{ id = \"x\"; table = \"sites\"; where = { id = \"jp.car\"; };\n"
                "  add_row = { id = \"new\"; }; }",
                "a.cfg:4: where: a new row needs no where\n");
    assert_told(COVER("x", "where = { cover_d = 14; };", "value = 1;"),
                "a.cfg:4: cover_d = 14: must be a text or a list of texts, in quotes: cells are "
                "compared as they are written\n");
    assert_told(COVER("x", "where = { id = [ ]; };", "value = 1;"),
                "a.cfg:4: id: must be a text or a list of texts, in quotes: cells are compared as "
                "they are written\n");
    assert_told(COVER("x", "", "value = [ 1, 2 ];"),
                "a.cfg:4: value: must be a text, a number, true or false; this is a list\n");
    assert_told(COVER("x", "", "value = \"a\\tb\";"),
                "a.cfg:4: value = \"a?b\": holds the control character 0x09\n");
    assert_told("{ id = \"x\"; table = \"sites\"; add_row = { id = [ \"a\" ]; }; }",
                "a.cfg:4: id: must be a text, a number, true or false\n");
    assert_told(COVER("x", "", "valeu = 1;"),
                "a.cfg:4: unknown key 'valeu'; did you mean 'value'?\n");
}

static void test_override__faults_of_columns_and_rows(void **state)
{
    (void)state;
    assert_told("{ id = \"x\"; table = \"sites\"; column = \"covr_d\"; value = 1; }",
                "a.cfg:4: column = \"covr_d\": sites.csv has no such column; did you mean "
                "'cover_d'?\n");
    assert_told("{ id = \"x\"; table = \"products\"; column = \"el_dx_g\"; value = 1; }",
                "a.cfg:4: column = \"el_dx_g\": products.csv has no such column; did you mean "
                "'el_dy_g'?\n");
    assert_told(COVER("x", "where = { contry = \"JP\"; };", "value = 1;"),
                "a.cfg:4: contry = \"JP\": sites.csv has no such column; did you mean "
                "'country'?\n");
    assert_told(COVER("x", "where = { country = \"JQ\"; };", "value = 1;"),
                "a.cfg:4: country = \"JQ\": no row of sites.csv has it\n");
    assert_told(COVER("x", "where = { country = \"CN\"; tier = \"vehicle\"; };", "value = 1;"),
                "a.cfg:4: 'x': no row of sites.csv has all that its where asks for\n");
    assert_told("{ id = \"x\"; table = \"calendars\"; column = \"working\"; value = 1; }",
                "a.cfg:4: table = \"calendars\": the network has no table calendars.csv\n");
    assert_told("{ id = \"x\"; table = \"sites\"; column = \"country\"; multiply = 2; }",
                "a.cfg:4: column = \"country\": multiply needs a column of numbers; this one takes "
                "a value\n");
    assert_told("{ id = \"x\"; table = \"sites\"; add_row = { idd = \"new\"; id = \"n\";\n"
                "  name = \"N\"; country = \"JP\"; tier = \"mine\"; source = \"x\"; }; }",
                "a.cfg:4: idd = \"new\": sites.csv has no such column; did you mean 'id'?\n");
}

static void test_override__a_cell_out_of_range_names_both_places(void **state)
{
    (void)state;
    assert_told(COVER("x", "where = { id = \"jp.car\"; };", "\nvalue = -3;"),
                "sites.csv:6:27: cover_d = '-3': must be 0 to 3650; set by a.cfg:5\n");
    assert_told(COVER("x", "where = { id = \"jp.c*\"; };", "multiply = 1e9;"),
                "sites.csv:6:27: cover_d = '14000000000': must be 0 to 3650; set by a.cfg:4\n");
    assert_told("{ id = \"x\"; table = \"sites\"; where = { id = \"jp.car\"; };\n"
                "  column = \"review_d\"; multiply = 1.5; }",
                "sites.csv:6:25: review_d = '10.5': must be a whole number, 0 to 365; set by "
                "a.cfg:5\n");
    assert_told("{ id = \"x\"; table = \"lanes\"; where = { to = \"jp.car\"; };\n"
                "  column = \"from\"; value = \"jp.engine\"; }",
                "lanes.csv:7:1: from = 'jp.engine': no such site in the network; set by "
                "a.cfg:5\n");
    assert_told("{ id = \"x\"; table = \"demand\"; where = { product = \"missile\"; };\n"
                "  column = \"patience_d\"; multiply = 2; }",
                "demand.csv:3:40: patience_d = '': is empty, so there is no number to multiply or "
                "add to; give a value; set by a.cfg:5\n");
    assert_told("{ id = \"x\"; table = \"demand\"; column = \"patience_d\"; value = \"\"; },\n"
                "{ id = \"y\"; table = \"demand\"; column = \"patience_d\"; multiply = 2; }",
                "demand.csv:2:35: patience_d = '': is empty, so there is no number to multiply or "
                "add to; give a value, or leave out such rows (where = { patience_d = \"!\"; }): 1 "
                "more like it; set by a.cfg:5\n");
    assert_told("{ id = \"x\"; table = \"lanes\"; where = { to = \"jp.car\"; };\n"
                "  column = \"transit_d\"; value = \"exponential(3)\"; },\n"
                "{ id = \"y\"; table = \"lanes\"; where = { to = \"jp.car\"; };\n"
                "  column = \"transit_d\"; add = 1; }",
                "lanes.csv:7:25: transit_d = 'exponential(3)': only numbers, uniform and "
                "triangular can be added to: give it as value; set by a.cfg:7\n");
    assert_told("{ id = \"x\"; table = \"lanes\"; where = { to = \"jp.car\"; };\n"
                "  column = \"transit_d\"; value = \"poisson(3)\"; },\n"
                "{ id = \"y\"; table = \"lanes\"; where = { to = \"jp.car\"; };\n"
                "  column = \"transit_d\"; multiply = 2; }",
                "lanes.csv:7:25: transit_d = 'poisson(3)': poisson(mean) counts whole things and "
                "is neither multiplied nor moved: give it as value; set by a.cfg:7\n");
}

static void test_override__an_added_row_is_told_at_its_override(void **state)
{
    (void)state;
    assert_told("{ id = \"x\"; table = \"sites\"; add_row = { id = \"new\"; name = \"N\";\n"
                "  country = \"JP\"; tier = \"market\"; cover_d = -1; }; source = \"guess\"; }",
                "a.cfg:4: cover_d = '-1': must be 0 to 3650\n");
    assert_told("{ id = \"x\"; table = \"sites\"; add_row = { id = \"new\"; name = \"N\";\n"
                "  country = \"JP\"; tier = \"market\"; }; }",
                "a.cfg:4: source = '': must be a text\n");
    assert_told("{ id = \"x\"; table = \"sites\"; add_row = { id = \"jp.car\"; name = \"N\";\n"
                "  country = \"JP\"; tier = \"market\"; }; source = \"guess\"; }",
                "a.cfg:4: the same key as in sites.csv:6; a key may be used once\n");
    assert_told("{ id = \"x\"; table = \"bom\"; add_row = { recipe = \"fly\"; role = \"output\";\n"
                "  product = \"swarf\"; quantity = 1; }; source = \"guess\"; },\n"
                "{ id = \"y\"; table = \"bom\"; add_row = { recipe = \"fly\"; role = \"input\";\n"
                "  product = \"ore\"; quantity = 0.1; }; source = \"guess\"; },\n"
                "{ id = \"z\"; table = \"processes\"; add_row = { id = \"p.fly\";\n"
                "  site = \"cn.mine\"; recipe = \"fly\"; }; source = \"guess\"; }",
                "a.cfg:4: recipe fly: its outputs hold 10 g of dy per unit, its inputs only 0.5\n"
                "a.cfg:4: recipe fly: its outputs hold 200 g of nd per unit, its inputs only 10\n");
}

static void test_override__faults_are_gathered(void **state)
{
    (void)state;
    assert_told(
        COVER("x", "where = { id = \"jp.cat\"; };", "value = 1;") ",\n" COVER(
            "y", "where = { id = \"jp.car\"; };",
            "value = -1;") ",\n"
                           "{ id = \"z\"; table = \"lanes\"; column = \"shares\"; value = 1; }",
        "a.cfg:4: id = \"jp.cat\": no row of sites.csv has it\n"
        "sites.csv:6:27: cover_d = '-1': must be 0 to 3650; set by a.cfg:5\n"
        "a.cfg:6: column = \"shares\": lanes.csv has no such column; did you mean "
        "'share'?\n");
}

static void test_override__scenarios_say_the_same(void **state)
{
    static const char must[] = "; scenarios in one file share one network, so they must say the "
                               "same in set, in the same order\n";
    const char *const x = COVER("x", "", "value = 1;"), *const y = COVER("y", "", "value = 2;");
    struct fix f;
    struct mdl_study st;

    (void)state;
    fix_toy(&f);
    fix_scenario(&f, "a", fix_format(&f, "set = (\n%s,\n%s\n);", x, y));
    fix_scenario(&f, "b", fix_format(&f, "\n\nset = ( %s,\n %s );", x, y));
    fix_study_ok(&f, &st);
    mdl_study_free(&st);
    fix_scenario(&f, "c", fix_format(&f, "set = (\n%s,\n%s\n);", y, x));
    fix_scenario(&f, "d", fix_format(&f, "\nset = (\n%s\n);", x));
    fix_scenario(&f, "e", "");
    assert_int_equal(fix_study(&f, &st), SIM_EINPUT);
    fix_said(&f, fix_format(&f,
                            "c.cfg:4: set differs from a.cfg:4%sd.cfg:4: set differs from "
                            "a.cfg:5%se.cfg:1: set differs from a.cfg:4%s",
                            must, must, must));
    f.n_cfg = 0;
    fix_scenario(&f, "a", "");
    fix_scenario(&f, "b", fix_format(&f, "set = (\n%s\n);", x));
    assert_int_equal(fix_study(&f, &st), SIM_EINPUT);
    fix_said(&f, fix_format(&f, "b.cfg:4: set differs from a.cfg:1%s", must));
    fix_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_override__value_multiply_and_add),
        cmocka_unit_test(test_override__where),
        cmocka_unit_test(test_override__in_the_order_of_the_list),
        cmocka_unit_test(test_override__a_column_that_the_table_has_not),
        cmocka_unit_test(test_override__distributions),
        cmocka_unit_test(test_override__rows_come_and_go),
        cmocka_unit_test(test_override__a_changed_row_says_so),
        cmocka_unit_test(test_override__nothing_is_done_twice),
        cmocka_unit_test(test_override__the_order_of_rows_changes_nothing),
        cmocka_unit_test(test_override__runs_as_if_the_tables_were_so),
        cmocka_unit_test(test_override__faults_of_an_entry),
        cmocka_unit_test(test_override__faults_of_columns_and_rows),
        cmocka_unit_test(test_override__a_cell_out_of_range_names_both_places),
        cmocka_unit_test(test_override__an_added_row_is_told_at_its_override),
        cmocka_unit_test(test_override__faults_are_gathered),
        cmocka_unit_test(test_override__scenarios_say_the_same)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
