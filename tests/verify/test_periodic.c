/* Periodic review, a day's demand at once: (s,S), (T,Q), base-stock, newsvendor.
 *
 * Demand comes at midnight, orders follow, what is recorded is the end of the period; goods with a
 * transit time of 0 come two seconds later, before the next period's demand.
 *
 * 15 comparisons at 4 standard errors: a right program fails one with probability 0.4 % if the
 * seeds are drawn anew (theory.h); the seeds are fixed. */
#include "tests/verify/theory.h"

#define MARKET "market~unit~civil"
#define POINT "market~unit"

enum { PERIODS = 20000 };

static void run_periodic(struct theory *t, int review_d, const char *lane, const char *demand,
                         const char *stocks, int quanta, int seed)
{
    char sites[64], scenario[128];

    snprintf(sites, sizeof sites, "market,AA,%d,fifo", review_d);
    snprintf(scenario, sizeof scenario, "warm_up_d = 366; horizon_d = %d; seed = %d;", PERIODS,
             seed);
    theory_run(t, &(struct theory_net){.sites = sites,
                                       .lanes = lane,
                                       .demand = demand,
                                       .stocks = stocks,
                                       .scenario = scenario,
                                       .quanta = quanta});
}

/* ---- (s,S) ---- */

struct ss_case {
    const char *row;
    int mean, s, S;
    double K, h, p;
    int seed;
};

static void ss_cost(const struct ss_case *c, const char *between)
{
    struct theory t;
    double x[RUNS];
    char demand[64], stocks[64];

    snprintf(demand, sizeof demand, "market,%d,,poisson,", c->mean);
    snprintf(stocks, sizeof stocks, "market,sS,%d,%d,,", c->s, c->S);
    run_periodic(&t, 1, "source,market,0", demand, stocks, 1, c->seed);
    for (int k = 0; k < RUNS; k++)
        x[k] = c->K * theory_value(&t, "order_lines", POINT, k) / PERIODS +
               c->h * theory_value(&t, "stock_mean", POINT, k) +
               c->p * theory_value(&t, "backlog_mean", MARKET, k);
    theory_exact(&t.faults, c->row, x, 0.001);
    for (int k = 0; between && k < RUNS; k++)
        x[k] = PERIODS / theory_value(&t, "order_lines", POINT, k);
    if (between)
        theory_exact(&t.faults, between, x, 0.001);
    theory_end(&t);
}

static void test_ss__cost(void **state)
{
    static const struct ss_case cases[] = {
        {"(s,S)=(6,40) Poisson 10, K=64 h=1 p=9: cost", 10, 6, 40, 64, 1, 9, 301},
        {"(s,S)=(14,62) Poisson 20, K=64 h=1 p=9: cost", 20, 14, 62, 64, 1, 9, 302},
        {"(s,S)=(19,56) Poisson 25, K=64 h=1 p=9: cost", 25, 19, 56, 64, 1, 9, 303},
        {"(s,S)=(23,66) Poisson 30, K=64 h=1 p=9: cost", 30, 23, 66, 64, 1, 9, 304},
        {"(s,S)=(4,10) Poisson 6, K=5 h=1 p=4: cost", 6, 4, 10, 5, 1, 4, 305},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ss_cost(&cases[i], i == 0 ? "(s,S)=(6,40) Poisson 10: periods between orders" : NULL);
}

/* ---- newsvendor ---- */

/* Every period begins with q, and what is not served is lost. */
static void test_newsvendor__poisson(void **state)
{
    struct theory t;
    double x[RUNS];

    (void)state;
    run_periodic(&t, 1, "source,market,0", "market,20,,poisson,0", "market,base-stock,,24,,", 1,
                 311);
    for (int k = 0; k < RUNS; k++)
        x[k] = theory_value(&t, "stock_mean", POINT, k) +
               4 * theory_value(&t, "lost", MARKET, k) / PERIODS;
    theory_exact(&t.faults, "newsvendor Poisson 20, q=24 cu=4 co=1: cost", x, 0.002);
    theory_end(&t);
}

/* ---- base-stock with a lead time ---- */

static double poisson(int n, double mean)
{
    return exp(n * log(mean) - mean - lgamma(n + 1.0));
}

/* E[(S-D)^+] of a gamma law by Simpson's rule. */
static double gamma_left_over(double S, double shape, double scale)
{
    const int n = 20000;
    double sum = 0;

    for (int i = 1; i < n; i++) {
        double x = S * i / n;

        sum += (i % 2 ? 4 : 2) * (S - x) *
               exp((shape - 1) * log(x / scale) - x / scale - lgamma(shape)) / scale;
    }
    return sum * S / n / 3;
}

/* The net stock at a period's end is S less the demand of the lead time and one period (Zipkin,
 * Foundations of Inventory Management, 2000). */
static void test_base_stock__gamma_demand(void **state)
{
    struct theory t;
    double x[RUNS], S = 265, cv = 0.16;
    double left = gamma_left_over(S, 5 / (cv * cv), 50 * cv * cv);

    (void)state;
    run_periodic(&t, 1, "source,market,4", "market,50,0.16,gamma,", "market,base-stock,,265,,",
                 1000, 321);
    theory_measure(&t, x, 1, "stock_mean", NULL, POINT);
    theory_compare(&t.faults, "periodic base-stock gamma 50 cv 0.16 L=4 S=265: on hand", left, x,
                   0.005);
    theory_measure(&t, x, 1, "backlog_mean", NULL, MARKET);
    theory_compare(&t.faults, "periodic base-stock gamma 50 cv 0.16 L=4 S=265: backorders",
                   left - S + 250, x, 0.01);
    theory_end(&t);
}

static void test_base_stock__poisson_demand(void **state)
{
    struct theory t;
    double x[RUNS], left = 0;

    (void)state;
    for (int n = 0; n < 22; n++)
        left += (22 - n) * poisson(n, 18);
    run_periodic(&t, 1, "source,market,2", "market,6,,poisson,", "market,base-stock,,22,,", 1, 322);
    theory_measure(&t, x, 1, "stock_mean", NULL, POINT);
    theory_compare(&t.faults, "periodic base-stock Poisson 6 L=2 S=22: on hand", left, x, 0.005);
    theory_measure(&t, x, 1, "backlog_mean", NULL, MARKET);
    theory_compare(&t.faults, "periodic base-stock Poisson 6 L=2 S=22: backorders", left - 4, x,
                   0.01);
    theory_end(&t);
}

/* ---- (T,Q) ---- */

/* One piece every T days, lost sales: the stock before a delivery is the queue that an arrival of
 * D/M/1 finds, geometric with the root of sigma = exp(-lambda T (1-sigma)) (Kleinrock, Queueing
 * Systems vol. 1, 1975); what is sold is what comes. With T = 2 the days between hold
 * (X + 1 - D)^+. */
static void test_tq__as_dm1(void **state)
{
    struct theory t;
    double x[RUNS], sigma = 0.5, even, odd = 0;

    (void)state;
    for (int i = 0; i < 200; i++)
        sigma = exp(-1.25 * (1 - sigma));
    even = sigma / (1 - sigma);
    for (int n = 0; n < 200; n++)
        for (int d = 0; d <= n; d++)
            odd += (1 - sigma) * pow(sigma, n) * poisson(d, 0.625) * (n + 1 - d);
    run_periodic(&t, 1, "source,market,0", "market,1.25,,poisson,0", "market,TQ,,,,1", 1, 331);
    theory_measure(&t, x, 1, "stock_mean", NULL, POINT);
    theory_compare(&t.faults, "(T,Q)=(1,1) Poisson 1.25, lost sales: on hand", even, x, 0.01);
    theory_measure(&t, x, 1, "served", "demand", MARKET);
    theory_compare(&t.faults, "(T,Q)=(1,1) Poisson 1.25, lost sales: share served", 0.8, x, 0.002);
    theory_end(&t);
    run_periodic(&t, 2, "source,market,0", "market,0.625,,poisson,0", "market,TQ,,,,1", 1, 332);
    theory_measure(&t, x, 1, "stock_mean", NULL, POINT);
    theory_compare(&t.faults, "(T,Q)=(2,1) Poisson 0.625, lost sales: on hand", (even + odd) / 2, x,
                   0.015);
    theory_measure(&t, x, 1, "served", "demand", MARKET);
    theory_compare(&t.faults, "(T,Q)=(2,1) Poisson 0.625, lost sales: share served", 0.8, x, 0.002);
    for (int k = 0; k < RUNS; k++)
        assert_true(theory_value(&t, "order_lines", POINT, k) == PERIODS / 2);
    theory_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ss__cost),
        cmocka_unit_test(test_newsvendor__poisson),
        cmocka_unit_test(test_base_stock__gamma_demand),
        cmocka_unit_test(test_base_stock__poisson_demand),
        cmocka_unit_test(test_tq__as_dm1),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
