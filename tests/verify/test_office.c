/* Licence offices as queues. A market under continuous review orders one piece from abroad for
 * every customer, so applications reach the office as a Poisson stream; an application is one
 * piece.
 *
 * Time in the tables is in units of the mean review, 0.1 day. A piece takes four messages of a
 * second beside the review, and reviews are rounded to the second, 1/8640 of their mean: less than
 * a twentieth of the standard errors.
 *
 * 17 comparisons at 4 standard errors: a right program fails one with probability 0.5 % if the
 * seeds are drawn anew (theory.h); the seeds are fixed. */
#include "tests/verify/theory.h"

#define MEAN_D 0.1
#define MARKET "market~unit~civil"

struct office_case {
    double rate_d;
    const char *reviewers, *review_d;
    int S, horizon_d, seed;
    double applications; /* for a piece; 0 = 1 */
};

static void run_office(struct theory *t, const struct office_case *c)
{
    char demand[64], stocks[64], scenario[512];

    snprintf(demand, sizeof demand, "market,%.9g,,poisson,", c->rate_d);
    snprintf(stocks, sizeof stocks, "market,base-stock,,%d,,", c->S);
    snprintf(scenario, sizeof scenario,
             "warm_up_d = 100; horizon_d = %d; seed = %d;\n"
             "offices = ( { id = \"office\"; reviewers = %s; review_d = { %s }; } );\n"
             "rules = ( { id = \"licence\"; from = \"2029-01-01\"; action = \"licence\"; "
             "office = \"office\"; } );",
             c->horizon_d, c->seed, c->reviewers, c->review_d);
    theory_run(t, &(struct theory_net){.sites = "market,BB,0,fifo",
                                       .lanes = "source,market,0",
                                       .demand = demand,
                                       .stocks = stocks,
                                       .scenario = scenario,
                                       .applications = c->applications});
}

static void wait_in_queue(const struct theory *t, double x[RUNS])
{
    theory_measure(t, x, 1 / MEAN_D, "queue_wait", NULL, "office");
}

static void time_in_office(const struct theory *t, double x[RUNS])
{
    theory_measure(t, x, 1 / MEAN_D, "review_days", "granted", "office");
}

/* The stock behind it is make-to-stock of an M/M/1 queue: what is on order has the geometric law of
 * the number in it (Buzacott & Shanthikumar, Stochastic Models of Manufacturing Systems, 1993). */
static void test_office__mm1(void **state)
{
    struct theory t;
    double x[RUNS], fill = 1 - pow(0.8, 4);

    (void)state;
    run_office(&t, &(struct office_case){.rate_d = 8,
                                         .reviewers = "1",
                                         .review_d = "dist = \"exponential\"; mean = 0.1;",
                                         .S = 4,
                                         .horizon_d = 6000,
                                         .seed = 101});
    wait_in_queue(&t, x);
    theory_exact(&t.faults, "M/M/1 lambda=0.8: Wq", x, 0.012);
    time_in_office(&t, x);
    theory_exact(&t.faults, "M/M/1 lambda=0.8: W", x, 0.01);
    theory_measure(&t, x, 1, "served_at_once", "demand", MARKET);
    theory_compare(&t.faults, "M/M/1 make-to-stock rho=0.8 S=4: fill rate 1-rho^S", fill, x, 0.005);
    theory_measure(&t, x, 1, "backlog_mean", NULL, MARKET);
    theory_compare(&t.faults, "M/M/1 make-to-stock rho=0.8 S=4: backorders rho^(S+1)/(1-rho)",
                   (1 - fill) * 4, x, 0.02);
    theory_end(&t);
}

static void test_office__mm3(void **state)
{
    struct theory t;
    double x[RUNS];

    (void)state;
    run_office(&t, &(struct office_case){.rate_d = 25,
                                         .reviewers = "3",
                                         .review_d = "dist = \"exponential\"; mean = 0.1;",
                                         .S = 4,
                                         .horizon_d = 2000,
                                         .seed = 102});
    wait_in_queue(&t, x);
    theory_exact(&t.faults, "M/M/3 lambda=2.5: Wq", x, 0.012);
    time_in_office(&t, x);
    theory_exact(&t.faults, "M/M/3 lambda=2.5: W", x, 0.007);
    theory_end(&t);
}

static void test_office__mm5(void **state)
{
    struct theory t;
    double x[RUNS];

    (void)state;
    run_office(&t, &(struct office_case){.rate_d = 40,
                                         .reviewers = "5",
                                         .review_d = "dist = \"exponential\"; mean = 0.1;",
                                         .S = 4,
                                         .horizon_d = 750,
                                         .seed = 103});
    wait_in_queue(&t, x);
    theory_exact(&t.faults, "M/M/5 lambda=4: Wq", x, 0.015);
    theory_end(&t);
}

static void test_office__md1(void **state)
{
    struct theory t;
    double x[RUNS];

    (void)state;
    run_office(&t, &(struct office_case){.rate_d = 8,
                                         .reviewers = "1",
                                         .review_d = "dist = \"constant\"; value = 0.1;",
                                         .S = 4,
                                         .horizon_d = 4000,
                                         .seed = 104});
    wait_in_queue(&t, x);
    theory_exact(&t.faults, "M/D/1 lambda=0.8: Wq", x, 0.01);
    theory_end(&t);
}

/* A piece that needs two applications of half the time each, on one desk: they are reviewed one
 * after the other, so one of them waits half a review longer, and both are decided together. */
static void test_office__two_applications_a_piece(void **state)
{
    struct theory t;
    double x[RUNS];

    (void)state;
    run_office(&t, &(struct office_case){.rate_d = 8,
                                         .reviewers = "1",
                                         .review_d = "dist = \"constant\"; value = 0.05;",
                                         .S = 4,
                                         .horizon_d = 4000,
                                         .seed = 108,
                                         .applications = 2});
    wait_in_queue(&t, x);
    theory_compare(&t.faults, "M/D/1 lambda=0.8, two halves: Wq of an application", 2.25, x, 0.01);
    time_in_office(&t, x);
    theory_compare(&t.faults, "M/D/1 lambda=0.8, two halves: W", 3, x, 0.01);
    theory_measure(&t, x, 1.0 / (8 * 4000), "applied", NULL, "office");
    theory_compare(&t.faults, "applications for a piece", 2, x, 0.003);
    theory_end(&t);
}

/* Two desks that always begin and end the two applications of a piece together. */
static void test_office__two_applications_at_two_desks(void **state)
{
    struct theory t;
    double x[RUNS];

    (void)state;
    run_office(&t, &(struct office_case){.rate_d = 8,
                                         .reviewers = "2",
                                         .review_d = "dist = \"constant\"; value = 0.1;",
                                         .S = 4,
                                         .horizon_d = 3000,
                                         .seed = 109,
                                         .applications = 2});
    wait_in_queue(&t, x);
    theory_exact(&t.faults, "M/D/1 lambda=0.8: Wq", x, 0.01);
    theory_end(&t);
}

static void test_office__me21(void **state)
{
    struct theory t;
    double x[RUNS];

    (void)state;
    run_office(&t, &(struct office_case){.rate_d = 8,
                                         .reviewers = "1",
                                         .review_d = "dist = \"erlang\"; k = 2; mean = 0.1;",
                                         .S = 4,
                                         .horizon_d = 4000,
                                         .seed = 105});
    wait_in_queue(&t, x);
    theory_exact(&t.faults, "M/E2/1 lambda=0.8: Wq", x, 0.012);
    theory_end(&t);
}

/* SCV 2: sigma = sqrt(ln 3), median = mean / sqrt(3). */
static void test_office__mg1_lognormal(void **state)
{
    struct theory t;
    double x[RUNS];

    (void)state;
    run_office(&t, &(struct office_case){.rate_d = 8,
                                         .reviewers = "1",
                                         .review_d = "dist = \"lognormal\"; "
                                                     "median = 0.05773502692; "
                                                     "sigma = 1.048147074;",
                                         .S = 4,
                                         .horizon_d = 6000,
                                         .seed = 106});
    wait_in_queue(&t, x);
    theory_exact(&t.faults, "M/G/1 lognormal lambda=0.8: Wq", x, 0.02);
    theory_end(&t);
}

/* With reviewers = 0 an office is a pure delay, and what is on order is Poisson whatever the law of
 * the review (Palm): lambda E[L] = 5. The mean review is a day here. */
static void test_office__no_limit_is_a_delay(void **state)
{
    struct theory t;
    double x[RUNS];

    (void)state;
    run_office(&t, &(struct office_case){.rate_d = 5,
                                         .reviewers = "0",
                                         .review_d = "dist = \"lognormal\"; "
                                                     "median = 0.5773502692; "
                                                     "sigma = 1.048147074;",
                                         .S = 8,
                                         .horizon_d = 4000,
                                         .seed = 107});
    for (int k = 0; k < RUNS; k++)
        assert_true(theory_value(&t, "queue_wait", "office", k) == 0);
    theory_measure(&t, x, 1, "review_days", "granted", "office");
    theory_compare(&t.faults, "M/G/infinity: W", 1, x, 0.003);
    theory_measure(&t, x, 1, "served_at_once", "demand", MARKET);
    theory_exact(&t.faults, "base-stock lambda=1 E[L]=5 S=8: fill rate", x, 0.003);
    theory_measure(&t, x, 1, "backlog_mean", NULL, MARKET);
    theory_exact(&t.faults, "base-stock lambda=1 E[L]=5 S=8: backorders", x, 0.015);
    theory_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_office__mm1),
        cmocka_unit_test(test_office__mm3),
        cmocka_unit_test(test_office__mm5),
        cmocka_unit_test(test_office__md1),
        cmocka_unit_test(test_office__two_applications_a_piece),
        cmocka_unit_test(test_office__two_applications_at_two_desks),
        cmocka_unit_test(test_office__me21),
        cmocka_unit_test(test_office__mg1_lognormal),
        cmocka_unit_test(test_office__no_limit_is_a_delay),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
