/* Continuous review, unit Poisson demand: base-stock with backorders and with lost sales, (r,Q),
 * two stages in series. Stocks and backorders are counted at midnight, which is a random moment
 * here.
 *
 * A lead time is longer than in theory by the order's message of one second: 0.0012 % of the
 * shortest, nothing beside the standard errors.
 *
 * 32 comparisons at 4 standard errors: a right program fails one with probability 0.9 % if the
 * seeds are drawn anew (theory.h); the seeds are fixed. */
#include "tests/verify/theory.h"

#define MARKET "market~unit~civil"
#define POINT "market~unit"

static void fill_rate(struct theory *t, const char *row, double rel)
{
    double x[RUNS];

    theory_measure(t, x, 1, "served_at_once", "demand", MARKET);
    theory_exact(&t->faults, row, x, rel);
}

static void backorders(struct theory *t, const char *row, double rel)
{
    double x[RUNS];

    theory_measure(t, x, 1, "backlog_mean", NULL, MARKET);
    theory_exact(&t->faults, row, x, rel);
}

static void on_hand(struct theory *t, const char *row, double rel)
{
    double x[RUNS];

    theory_measure(t, x, 1, "stock_mean", NULL, POINT);
    theory_exact(&t->faults, row, x, rel);
}

/* ---- base-stock ---- */

static void run_base_stock(struct theory *t, const char *lane, const char *demand,
                           const char *stocks, int seed, int horizon_d)
{
    char scenario[128];

    snprintf(scenario, sizeof scenario, "warm_up_d = 365; horizon_d = %d; seed = %d;", horizon_d,
             seed);
    theory_run(t, &(struct theory_net){.sites = "market,AA,0,fifo",
                                       .lanes = lane,
                                       .demand = demand,
                                       .stocks = stocks,
                                       .scenario = scenario});
}

static void palm(const char *lane, int seed)
{
    struct theory t;
    double x[RUNS];

    run_base_stock(&t, lane, "market,1,,poisson,", "market,base-stock,,8,,", seed, 25000);
    fill_rate(&t, "base-stock lambda=1 E[L]=5 S=8: fill rate", 0.0025);
    backorders(&t, "base-stock lambda=1 E[L]=5 S=8: backorders", 0.015);
    on_hand(&t, "base-stock lambda=1 E[L]=5 S=8: on hand", 0.0025);
    theory_measure(&t, x, 1, "lead_mean", NULL, POINT);
    theory_compare(&t.faults, "base-stock E[L]=5: lead time with two messages",
                   5 + (strchr(lane, '(') ? 1.0 : 2.0) / 86400, x, 0.01);
    theory_end(&t);
}

static void test_base_stock__exponential_lead_time(void **state)
{
    (void)state;
    palm("source,market,exponential(5)", 201);
}

/* Orders cross: sigma = 1, median = 5 / exp(1/2). */
static void test_base_stock__lognormal_lead_time(void **state)
{
    (void)state;
    palm("source,market,\"lognormal(3.0326532985631671,1)\"", 202);
}

static void test_base_stock__constant_lead_time(void **state)
{
    struct theory t;

    (void)state;
    run_base_stock(&t, "source,market,5", "market,1,,poisson,", "market,base-stock,,8,,", 203,
                   25000);
    fill_rate(&t, "base-stock lambda=1 E[L]=5 S=8: fill rate", 0.0025);
    backorders(&t, "base-stock lambda=1 E[L]=5 S=8: backorders", 0.015);
    on_hand(&t, "base-stock lambda=1 E[L]=5 S=8: on hand", 0.0025);
    for (int k = 0; k < RUNS;
         k++) /* two messages on an order's way there, and back with the goods */
        assert_true(fabs(theory_value(&t, "lead_mean", POINT, k) - 5) < 2.5 / 86400);
    theory_end(&t);
}

static void test_base_stock__short_of_stock(void **state)
{
    struct theory t;

    (void)state;
    run_base_stock(&t, "source,market,\"uniform(1,7)\"", "market,1,,poisson,",
                   "market,base-stock,,4,,", 204, 20000);
    fill_rate(&t, "base-stock lambda=1 E[L]=4 S=4: fill rate", 0.005);
    backorders(&t, "base-stock lambda=1 E[L]=4 S=4: backorders", 0.01);
    theory_end(&t);
    run_base_stock(&t, "source,market,\"gamma(4,0.5)\"", "market,1,,poisson,",
                   "market,base-stock,,6,,", 205, 20000);
    fill_rate(&t, "base-stock lambda=1 E[L]=4 S=6: fill rate", 0.003);
    backorders(&t, "base-stock lambda=1 E[L]=4 S=6: backorders", 0.015);
    theory_end(&t);
}

/* ---- lost sales ---- */

static void lost(const char *row, const char *lane, const char *demand, const char *stocks,
                 int seed, int horizon_d, double rel)
{
    struct theory t;
    double x[RUNS];

    run_base_stock(&t, lane, demand, stocks, seed, horizon_d);
    theory_measure(&t, x, 1, "lost", "demand", MARKET);
    theory_exact(&t.faults, row, x, rel);
    for (int k = 0; k < RUNS; k++) {
        assert_true(theory_value(&t, "backlog_mean", MARKET, k) == 0);
        assert_true(theory_value(&t, "served_at_once", MARKET, k) ==
                    theory_value(&t, "served", MARKET, k));
    }
    theory_end(&t);
}

static void test_lost_sales__erlang_loss(void **state)
{
    const char *twelve = "lost sales lambda E[L]=10 S=12: share lost";

    (void)state;
    lost(twelve, "source,market,5", "market,2,,poisson,0", "market,base-stock,,12,,", 211, 25000,
         0.005);
    lost(twelve, "source,market,\"lognormal(3.0326532985631671,1)\"", "market,2,,poisson,0",
         "market,base-stock,,12,,", 212, 25000, 0.007);
    lost("lost sales lambda E[L]=4 S=4: share lost", "source,market,exponential(2)",
         "market,2,,poisson,0", "market,base-stock,,4,,", 213, 8000, 0.005);
    lost("lost sales lambda E[L]=4 S=8: share lost", "source,market,\"uniform(0,4)\"",
         "market,2,,poisson,0", "market,base-stock,,8,,", 214, 12500, 0.015);
}

/* ---- (r,Q) ---- */

static void test_rq__constant_lead_time(void **state)
{
    struct theory t;
    double x[RUNS];

    (void)state;
    run_base_stock(&t, "source,market,5", "market,1,,poisson,", "market,rQ,,,4,6", 221, 25000);
    fill_rate(&t, "(r,Q)=(4,6) lambda=1 L=5: fill rate", 0.0025);
    backorders(&t, "(r,Q)=(4,6) lambda=1 L=5: backorders", 0.01);
    on_hand(&t, "(r,Q)=(4,6) lambda=1 L=5: on hand", 0.0025);
    theory_measure(&t, x, 1.0 / 25000, "order_lines", NULL, POINT);
    theory_exact(&t.faults, "(r,Q)=(4,6) lambda=1 L=5: orders per day", x, 0.002);
    theory_end(&t);
}

static void test_rq__cost(void **state)
{
    struct theory t;
    double x[RUNS];

    (void)state;
    run_base_stock(&t, "source,market,2", "market,1.5,,poisson,", "market,rQ,,,3,5", 222, 20000);
    for (int k = 0; k < RUNS; k++)
        x[k] = 100 * theory_value(&t, "order_lines", POINT, k) / 20000 +
               20 * theory_value(&t, "stock_mean", POINT, k) +
               150 * theory_value(&t, "backlog_mean", MARKET, k);
    theory_exact(&t.faults, "(r,Q)=(3,5) lambda=1.5 L=2 K=100 h=20 p=150: cost", x, 0.002);
    theory_end(&t);
}

/* ---- two stages ---- */

/* What waits upstream is seen from the lead time downstream, by Little's law. */
static void two_stages(const char *allocation, int seed)
{
    struct theory t;
    double x[RUNS];
    char sites[64], scenario[128];

    snprintf(sites, sizeof sites, "depot,AA,0,%s\nmarket,AA,0,fifo", allocation);
    snprintf(scenario, sizeof scenario, "warm_up_d = 365; horizon_d = 12500; seed = %d;", seed);
    theory_run(&t, &(struct theory_net){.sites = sites,
                                        .lanes = "source,depot,3\ndepot,market,1",
                                        .demand = "market,2,,poisson,",
                                        .stocks = "depot,base-stock,,6,,\n"
                                                  "market,base-stock,,4,,",
                                        .scenario = scenario});
    fill_rate(&t, "two stages lambda=2 L=3,1 S=6,4: fill rate", 0.005);
    backorders(&t, "two stages lambda=2 L=3,1 S=6,4: backorders", 0.015);
    on_hand(&t, "two stages lambda=2 L=3,1 S=6,4: on hand", 0.005);
    theory_measure(&t, x, 1, "lead_mean", NULL, POINT);
    for (int k = 0; k < RUNS; k++)
        x[k] = 2 * (x[k] - 1 - 1.0 / 86400);
    theory_exact(&t.faults, "two stages lambda=2 L=3,1 S=6,4: upstream backorders", x, 0.01);
    theory_end(&t);
}

static void test_serial__two_stages(void **state)
{
    (void)state;
    two_stages("fifo", 231);
}

/* With one buyer it makes no difference how scarce stock is shared out. */
static void test_serial__two_stages_in_proportion(void **state)
{
    (void)state;
    two_stages("proportional", 232);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base_stock__constant_lead_time),
        cmocka_unit_test(test_base_stock__exponential_lead_time),
        cmocka_unit_test(test_base_stock__lognormal_lead_time),
        cmocka_unit_test(test_base_stock__short_of_stock),
        cmocka_unit_test(test_lost_sales__erlang_loss),
        cmocka_unit_test(test_rq__constant_lead_time),
        cmocka_unit_test(test_rq__cost),
        cmocka_unit_test(test_serial__two_stages),
        cmocka_unit_test(test_serial__two_stages_in_proportion),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
