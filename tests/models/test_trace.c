#include "tests/models/shop.h"

/* The trace of a run: every row of a small one, sums of large ones, and that it changes nothing. */

static void trace_run(const struct mdl_study *st, uint32_t scenario, struct sim_result *r,
                      const struct mdl_trace_plan *plan, struct mdl_trace *t)
{
    struct sim_err err = SIM_ERR_INIT;
    struct mdl_run_options o = {.audit = 1, .trace = plan, .events = t};
    struct mdl_run_report report;

    if (mdl_run(st, scenario, &o, r, &report, &err) != 0)
        fail_msg("%s", err.text);
}

static const char *const kinds[] = {
#define WORD(name, word) #word,
    MDL_TRACE_KINDS(WORD)
#undef WORD
};

static const struct mdl_trace_plan everything = {.from = SIM_DAY_NONE, .until = SIM_DAY_NONE};

/* A row as text: hours since the beginning, kind, site, order, quantity, against, days. */
static char *row_text(char *to, size_t n, const struct mdl_study *st, const struct mdl_trace_row *r)
{
    int k = snprintf(to, n, "%lld %s %s", (long long)(r->tick / 3600), kinds[r->kind],
                     st->net.site[r->actor].id);

    if (r->order)
        k += snprintf(to + k, n - (size_t)k, " #%lld", (long long)r->order);
    k += snprintf(to + k, n - (size_t)k, " %g", (double)r->quantity);
    if (!isnan(r->against))
        k += snprintf(to + k, n - (size_t)k, "/%g", (double)r->against);
    if (!isnan(r->days))
        k += snprintf(to + k, n - (size_t)k, " %gd", (double)r->days);
    if (r->rule != UINT32_MAX)
        k += snprintf(to + k, n - (size_t)k, " %s", st->scenario[0].rule[r->rule].id);
    if (r->cause != UINT32_MAX)
        snprintf(to + k, n - (size_t)k, " (%s)", st->cause[r->cause].label);
    return to;
}

/* The rows of the only run of a scenario; of the events of one site if it is named. */
static void assert_rows(struct fix *f, const char *times, const char *rules, const char *site,
                        const char *const *want)
{
    struct mdl_trace_plan plan = everything;
    struct mdl_study st;
    struct sim_result r;
    struct mdl_trace t;
    char text[200];
    size_t i = 0;

    fix_scenario(f, "s", "");
    f->cfg[0] = fix_format(f, "title = \"t\"; network = \"toy\"; start = \"2026-01-01\"; %s\n%s",
                           times, rules);
    fix_study_ok(f, &st);
    assert_int_equal(mdl_trace_plan(&plan, &st.arena, &st.net, &site, site != NULL, NULL, 0, NULL),
                     0);
    mdl_result_init(&r, &st, 1);
    trace_run(&st, 0, &r, &plan, &t);
    for (; i < t.n && want[i]; i++)
        assert_string_equal(row_text(text, sizeof text, &st, &t.row[i]), want[i]);
    if (i < t.n)
        fail_msg("one row more: %s", row_text(text, sizeof text, &st, &t.row[i]));
    assert_null(want[i]);
    mdl_trace_free(&t);
    sim_result_free(&r);
    mdl_study_free(&st);
    fix_free(f);
}

/* The shop has 40 parts, sells 10 a day and orders them every midnight from the source; an order is
 * there after one hour, the goods three days later. */
static void small_shop(struct fix *f)
{
    shop(f);
    fix_table(f, MDL_STOCKS, "site,product,policy,S,initial\njp.shop,part,base-stock,40,40\n");
}

static void test_trace__every_row_of_a_shop(void **state)
{
    static const char *const want[] = {
        "0 placed jp.shop #10000001 10/10 4d",          "1 accepted cn.src #10000001 10/10",
        "1 shipped cn.src #10000001 10/10 3d",          "24 placed jp.shop #10000002 10/10 4d",
        "25 accepted cn.src #10000002 10/10",           "25 shipped cn.src #10000002 10/10 3d",
        "48 placed jp.shop #10000003 10/10 4d",         "49 accepted cn.src #10000003 10/10",
        "49 shipped cn.src #10000003 10/10 3d",         "72 placed jp.shop #10000004 10/10 4d",
        "73 accepted cn.src #10000004 10/10",           "73 shipped cn.src #10000004 10/10 3d",
        "73 received jp.shop #10000001 10/10 3.04167d", "96 placed jp.shop #10000005 10/10 4d",
        "97 accepted cn.src #10000005 10/10",           "97 shipped cn.src #10000005 10/10 3d",
        "97 received jp.shop #10000002 10/10 3.04167d", NULL};
    struct fix f;

    (void)state;
    small_shop(&f);
    assert_rows(&f, "warm_up_d = 0; horizon_d = 5;", "", "jp.shop", want);
}

#define LICENCE                                                                                    \
    "offices = ( { id = \"o\"; country = \"CN\"; reviewers = 0; review_d = 1.0; approval = 1.0; "  \
    "} );"                                                                                         \
    "rules = ( { id = \"r\"; from = \"2026-01-02\"; action = \"licence\"; office = \"o\"; } );"

static void test_trace__licences(void **state)
{
    static const char *const want[] = {
        "0 placed jp.shop #10000001 10/10 4d",
        "1 accepted cn.src #10000001 10/10",
        "1 shipped cn.src #10000001 10/10 3d",
        "24 placed jp.shop #10000002 10/10 4d",
        "25 accepted cn.src #10000002 10/10",
        "25 filed cn.src #10000002 10/1 r",
        "25 held cn.src #10000002 10/10",
        "26 told jp.shop #10000002 10/10 0.0833333d (r, licence pending, part)",
        "48 placed jp.shop #10000003 10/10 4d",
        "49 accepted cn.src #10000003 10/10",
        "49 filed cn.src #10000003 10/1 r",
        "49 held cn.src #10000003 10/10",
        "50 told jp.shop #10000003 10/10 0.0833333d (r, licence pending, part)",
        "51 granted cn.src #10000002 10 r",
        "51 shipped cn.src #10000002 10/10 3d",
        "72 placed jp.shop #10000004 10/10 4d",
        "73 accepted cn.src #10000004 10/10",
        "73 filed cn.src #10000004 10/1 r",
        "73 held cn.src #10000004 10/10",
        "73 received jp.shop #10000001 10/10 3.04167d",
        "74 told jp.shop #10000004 10/10 0.0833333d (r, licence pending, part)",
        "75 granted cn.src #10000003 10 r",
        "75 shipped cn.src #10000003 10/10 3d",
        NULL};
    struct fix f;

    (void)state;
    small_shop(&f);
    assert_rows(&f, "warm_up_d = 0; horizon_d = 4;", LICENCE, "jp.shop", want);
}

static void test_trace__refusals(void **state)
{
    static const char *const want[] = {
        "0 placed jp.shop #10000001 10/10 4d",
        "1 accepted cn.src #10000001 10/10",
        "1 shipped cn.src #10000001 10/10 3d",
        "24 placed jp.shop #10000002 10/10 4d",
        "25 accepted cn.src #10000002 10/10",
        "25 refused cn.src #10000002 10 r (r, denied, part)",
        "26 turned_away jp.shop #10000002 10/10 0.0833333d (r, denied, part)",
        "48 unplaced jp.shop 20 (r, denied, part)",
        "72 unplaced jp.shop 30 (r, denied, part)",
        "73 received jp.shop #10000001 10/10 3.04167d",
        "96 unplaced jp.shop 40 (r, denied, part)",
        "120 lost jp.shop 10 (r, denied, part)",
        "120 unplaced jp.shop 40 (r, denied, part)",
        "144 lost jp.shop 10 (r, denied, part)",
        "144 unplaced jp.shop 40 (r, denied, part)",
        "168 lost jp.shop 10 (r, denied, part)",
        "168 unplaced jp.shop 40 (r, denied, part)",
        NULL};
    struct fix f;

    (void)state;
    small_shop(&f);
    assert_rows(&f, "warm_up_d = 0; horizon_d = 8;",
                "rules = ( { id = \"r\"; from = \"2026-01-02\"; action = \"deny\"; } );", "jp.shop",
                want);
}

/* A plant that makes ten a day, each of two parts, has parts for two days and a half, and none
 * come. */
static void test_trace__a_plant(void **state)
{
    static const char *const want[] = {
        "0 started jp.plant 10/10",
        "0 finished jp.plant 10",
        "0 placed jp.shop #20000001 10/10 2d",
        "1 accepted jp.plant #20000001 10/10",
        "24 placed jp.plant #10000001 20/20 4d",
        "24 started jp.plant 9/9",
        "24 finished jp.plant 9",
        "24 shipped jp.plant #20000001 10/10 1d",
        "24 placed jp.shop #20000002 10/10 2d",
        "25 accepted cn.src #10000001 20/20",
        "25 accepted jp.plant #20000002 10/10",
        "48 placed jp.plant #10000002 18/18 4d",
        "48 started jp.plant 6/10",
        "48 short jp.plant 12/20 0.601002d",
        "48 finished jp.plant 6",
        "48 missed jp.plant 4/4 (own stock policy)",
        "48 shipped jp.plant #20000002 10/10 1d",
        "48 received jp.shop #20000001 10/10 2d",
        "48 placed jp.shop #20000003 10/10 2d",
        "49 accepted cn.src #10000002 18/18",
        "49 told jp.plant #10000001 20/20 1.04167d (capacity, cn.src)",
        "49 accepted jp.plant #20000003 10/10",
        "72 placed jp.plant #10000003 20/20 4d",
        "72 started jp.plant 0/10",
        "72 short jp.plant 0/20 0d",
        "72 missed jp.plant 10/10 (capacity, cn.src)",
        "72 shipped jp.plant #20000003 10/10 1d",
        "72 received jp.shop #20000002 10/10 2d",
        "72 placed jp.shop #20000004 10/10 2d",
        "73 accepted cn.src #10000003 20/20",
        "73 told jp.plant #10000002 18/18 1.04167d (capacity, cn.src)",
        "73 accepted jp.plant #20000004 10/10",
        "96 placed jp.plant #10000004 20/20 4d",
        "96 started jp.plant 0/10",
        "96 short jp.plant 0/20 0d",
        "96 missed jp.plant 10/10 (capacity, cn.src)",
        "96 shipped jp.plant #20000004 10/10 1d",
        "96 received jp.shop #20000003 10/10 2d",
        "96 placed jp.shop #20000005 10/10 2d",
        "97 accepted cn.src #10000004 20/20",
        "97 told jp.plant #10000003 20/20 1.04167d (capacity, cn.src)",
        "97 accepted jp.plant #20000005 10/10",
        NULL};
    struct fix f;

    (void)state;
    small_shop(&f);
    fix_table(&f, MDL_PRODUCTS,
              "id,name,stage,unit,quanta_per_unit,value_usd,per_application\n"
              "car,Car,vehicle,piece,1,1000,10\npart,Part,component,piece,1,100,10\n");
    fix_table(&f, MDL_SITES,
              "id,name,country,tier,review_d,smooth_d\ncn.src,Source,CN,component,1,1\n"
              "jp.plant,Plant,JP,vehicle,1,1\njp.shop,Shop,JP,market,1,1\n");
    fix_table(&f, MDL_BOM,
              "recipe,role,product,quantity\nmake,output,part,1\n"
              "join,output,car,1\njoin,input,part,2\n");
    fix_table(&f, MDL_PROCESSES,
              "id,site,recipe,capacity_d\np.src,cn.src,make,0\np.plant,jp.plant,join,10\n");
    fix_table(
        &f, MDL_LANES,
        "from,to,product,share,transit_d\ncn.src,jp.plant,part,1,3\njp.plant,jp.shop,car,1,1\n");
    fix_table(&f, MDL_DEMAND, "site,product,rate_d,dist,patience_d\njp.shop,car,10,constant,0\n");
    fix_table(&f, MDL_STOCKS,
              "site,product,policy,S,initial\njp.shop,car,base-stock,100,100\n"
              "jp.plant,part,base-stock,50,50\ncn.src,part,,,0\n");
    assert_rows(&f, "warm_up_d = 0; horizon_d = 5;", "", "jp.plant", want);
}

/* ---- a chain with two uses under a licence that is refused now and then ---- */

static void chain_run(struct fix *f, struct mdl_study *st, struct sim_result *r,
                      struct mdl_trace *t, const struct mdl_trace_plan *plan)
{
    fix_toy(f);
    fix_scenario(f, "s", "");
    f->cfg[0] =
        "title = \"t\"; network = \"toy\"; start = \"2026-01-01\"; warm_up_d = 40; horizon_d = 150;"
        "offices = ( { id = \"o\"; country = \"CN\"; reviewers = 1; review_d = 9.0; approval = "
        "0.7; "
        "} );\n"
        "rules = ( { id = \"r\"; from = \"2026-01-10\"; origin = [ \"CN\" ]; destination "
        "= [ \"JP\" ]; action = \"licence\"; office = \"o\"; } );";
    fix_study_ok(f, st);
    mdl_result_init(r, st, 1);
    trace_run(st, 0, r, plan, t);
}

static void test_trace__it_changes_nothing(void **state)
{
    struct fix f = {0}, g = {0};
    struct mdl_study st, su;
    struct sim_result r, s;
    struct mdl_trace t, none = {0};

    (void)state;
    chain_run(&f, &st, &r, &t, &everything);
    chain_run(&g, &su, &s, &none, NULL);
    assert_true(t.n > 1000);
    assert_int_equal(none.n, 0);
    fix_same(&r, 0, &s, 0, NULL);
    mdl_trace_free(&t);
    sim_result_free(&r);
    sim_result_free(&s);
    mdl_study_free(&st);
    mdl_study_free(&su);
    fix_free(&f);
    fix_free(&g);
}

/* Events of a kind since `start`: the sum of their quantities times the value of a unit. */
static double sum_usd(const struct mdl_study *st, const struct mdl_trace *t, int kind,
                      uint32_t plant, uint32_t cause)
{
    double sum = 0;

    for (size_t i = 0; i < t->n; i++)
        if (t->row[i].kind == kind && t->row[i].tick >= 40 * (int64_t)SIM_TICKS_PER_DAY &&
            (plant == UINT32_MAX || t->row[i].plant == plant) &&
            (cause == UINT32_MAX || t->row[i].cause == cause))
            sum += (double)t->row[i].quantity * st->net.product[t->row[i].product].value_usd;
    return sum;
}

static void test_trace__sums_are_those_of_the_result(void **state)
{
    struct fix f = {0};
    struct mdl_study st;
    struct sim_result r;
    struct mdl_trace t;
    double lost = 0, missed = 0;

    (void)state;
    chain_run(&f, &st, &r, &t, &everything);
    for (uint32_t k = 0; k < st.net.n_process; k++) {
        double value =
            st.net.product[st.net.recipe[st.net.process[k].recipe].out[0].product].value_usd;
        double want = fix_at(&r, "missed", 0, 0, st.net.process[k].id, NULL) * value;

        FIX_NEAR(sum_usd(&st, &t, MDL_TRACED_MISSED, k, UINT32_MAX), want, 1e-5 * (1 + want));
        want = fix_at(&r, "started", 0, 0, st.net.process[k].id, NULL) * value;
        FIX_NEAR(sum_usd(&st, &t, MDL_TRACED_STARTED, k, UINT32_MAX), want, 1e-5 * (1 + want));
        missed += fix_at(&r, "missed", 0, 0, st.net.process[k].id, NULL);
    }
    for (uint32_t c = 0; c < st.n_cause; c++) {
        double want = fix_at(&r, "loss_by_cause", 0, 0, st.cause[c].label, NULL);

        FIX_NEAR(sum_usd(&st, &t, MDL_TRACED_LOST, UINT32_MAX, c), want, 1e-5 * (1 + want));
        lost += want;
    }
    assert_true(missed > 100 && lost > 1000);
    mdl_trace_free(&t);
    sim_result_free(&r);
    mdl_study_free(&st);
    fix_free(&f);
}

static const struct mdl_trace_row *find_row(const struct mdl_trace *t, int kind, int64_t order)
{
    const struct mdl_trace_row *found = NULL;

    for (size_t i = 0; i < t->n; i++)
        if (t->row[i].kind == kind && t->row[i].order == order) {
            assert_null(found); /* only once */
            found = &t->row[i];
        }
    return found;
}

/* A number names one order line, the same for both sides; rows are in order of time and actor. */
static void test_trace__buyer_and_supplier_mean_the_same_order(void **state)
{
    struct fix f = {0};
    struct mdl_study st;
    struct sim_result r;
    struct mdl_trace t;
    size_t orders = 0;

    (void)state;
    chain_run(&f, &st, &r, &t, &everything);
    for (size_t i = 0; i < t.n; i++) {
        const struct mdl_trace_row *p = &t.row[i], *a;

        if (i > 0)
            assert_true(p->tick > p[-1].tick ||
                        (p->tick == p[-1].tick &&
                         (p->actor > p[-1].actor ||
                          (p->actor == p[-1].actor && p->sequence > p[-1].sequence))));
        if (p->kind != MDL_TRACED_PLACED)
            continue;
        assert_ptr_equal(find_row(&t, MDL_TRACED_PLACED, p->order), p);
        a = find_row(&t, MDL_TRACED_ACCEPTED, p->order);
        if (a == NULL) { /* on the way at the beginning, or placed at the very end */
            assert_true(p->tick < 0 || p->tick >= 189 * (int64_t)SIM_TICKS_PER_DAY);
            continue;
        }
        assert_int_equal(a->tick - p->tick, 3600);
        assert_int_equal(a->actor, p->partner);
        assert_int_equal(a->partner, p->actor);
        assert_int_equal(a->product, p->product);
        assert_true(a->quantity == p->quantity && a->use == p->use);
        orders++;
    }
    assert_true(orders > 100);
    mdl_trace_free(&t);
    sim_result_free(&r);
    mdl_study_free(&st);
    fix_free(&f);
}

/* ---- what is picked ---- */

static void test_trace_plan__sites_products_and_days(void **state)
{
    struct fix f = {0}, g = {0};
    struct mdl_study st, su;
    struct sim_result r, s;
    struct mdl_trace all, some;
    struct mdl_trace_plan plan = {.from = 20454, .until = 20460}; /* 2026-01-01 .. 07 */
    const char *const site[] = {"jp.mot*"}, *const product[] = {"magnet"};
    size_t n = 0;

    (void)state;
    chain_run(&f, &st, &r, &all, &everything);
    assert_int_equal(mdl_trace_plan(&plan, &st.arena, &st.net, site, 1, product, 1, NULL), 0);
    chain_run(&g, &su, &s, &some, &plan);
    for (size_t i = 0; i < all.n; i++) {
        const struct mdl_trace_row *a = &all.row[i];
        uint32_t motor = mdl_network_site(&st.net, "jp.motor"),
                 magnet = mdl_network_product(&st.net, "magnet");

        if ((a->actor != motor && a->partner != motor) ||
            (a->product != magnet && a->input != magnet) ||
            a->tick < 40 * (int64_t)SIM_TICKS_PER_DAY || a->tick >= 47 * (int64_t)SIM_TICKS_PER_DAY)
            continue;
        assert_true(n < some.n && some.row[n].order == a->order && some.row[n].kind == a->kind &&
                    some.row[n].tick == a->tick);
        n++;
    }
    assert_true(n > 3);
    assert_int_equal(n, some.n);
    mdl_trace_free(&all);
    mdl_trace_free(&some);
    sim_result_free(&r);
    sim_result_free(&s);
    mdl_study_free(&st);
    mdl_study_free(&su);
    fix_free(&f);
    fix_free(&g);
}

static void test_trace_plan__a_name_that_fits_nothing(void **state)
{
    struct fix f;
    struct mdl_network net;
    struct mdl_trace_plan plan = {0};
    struct sim_err err = SIM_ERR_INIT;
    const char *const site[] = {"jp.shp", "jp.*"}, *const product[] = {"x*"};

    (void)state;
    shop(&f);
    fix_network_ok(&f, &net);
    assert_int_equal(mdl_trace_plan(&plan, &f.a, &net, site, 2, product, 1, &err), SIM_EINPUT);
    assert_string_equal(err.text,
                        "--trace-site = jp.shp: the network has none of that name; did you mean "
                        "jp.shop?\n--trace-product = x*: the network has none of that name\n");
    sim_err_free(&err);
    fix_free(&f);
}

/* ---- in a result ---- */

static void test_trace_store__columns_of_an_event(void **state)
{
    struct fix f = {0};
    struct mdl_study st;
    struct sim_result r;
    struct mdl_trace t;
    const double run = 3;
    size_t n, filed = 0;

    (void)state;
    chain_run(&f, &st, &r, &t, &everything);
    n = t.n;
    mdl_trace_store(&r, &st, &t, &run, 1);
    assert_null(t.row);
    assert_int_equal(r.axis[sim_result_find_axis(&r, "event")].n, n);
    for (size_t i = 0; i < n; i++) {
        assert_true(sim_column_at(fix_column(&r, "event_run"), i) == 3);
        if (sim_column_at(fix_column(&r, "event_kind"), i) != MDL_TRACED_FILED)
            continue;
        filed++;
        assert_true(sim_column_at(fix_column(&r, "event_office"), i) == 0);
        assert_true(sim_column_at(fix_column(&r, "event_rule"), i) == 0);
        assert_true(sim_column_at(fix_column(&r, "event_day"), i) >= 9); /* from 10 January */
        assert_true(sim_column_at(fix_column(&r, "event_plant"), i) == -1);
    }
    assert_true(filed > 10);
    sim_result_free(&r);
    mdl_study_free(&st);
    fix_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trace__every_row_of_a_shop),
        cmocka_unit_test(test_trace__licences),
        cmocka_unit_test(test_trace__refusals),
        cmocka_unit_test(test_trace__a_plant),
        cmocka_unit_test(test_trace__it_changes_nothing),
        cmocka_unit_test(test_trace__sums_are_those_of_the_result),
        cmocka_unit_test(test_trace__buyer_and_supplier_mean_the_same_order),
        cmocka_unit_test(test_trace_plan__sites_products_and_days),
        cmocka_unit_test(test_trace_plan__a_name_that_fits_nothing),
        cmocka_unit_test(test_trace_store__columns_of_an_event),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
