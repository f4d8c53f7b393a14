/* What the tests against theory share: a small network and its scenario as texts, RUNS independent
 * runs of it through the real model, and the comparison of a measure with its exact value.
 *
 * A comparison holds if the mean over the runs lies within 4 standard errors of the exact value,
 * the standard error being that of RUNS = 40 independent runs. Were the seeds drawn anew, a right
 * program would fail one comparison with probability 2.7e-4 (two-sided, Student's t with 39 degrees
 * of freedom). Every comparison also names the largest relative standard error that it accepts, so
 * that none can hold for want of data. */
#ifndef TEST_THEORY_H
#define TEST_THEORY_H

#include "models/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/verify/exact.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RUNS = 40 };

/* Rows of the tables, without status and source. There is one product, `unit`, in whole pieces, and
 * `source` in country AA makes it at once out of nothing, under continuous review. */
struct theory_net {
    const char *sites;    /* id,country,review_d,allocation */
    const char *lanes;    /* from,to,transit_d */
    const char *demand;   /* site,rate_d,cv,dist,patience_d */
    const char *stocks;   /* site,policy,s,S,r,Q */
    const char *scenario; /* warm_up_d, horizon_d, seed; offices, rules */
    int quanta;           /* in one unit; 0 = 1 */
    double applications;  /* for one unit; 0 = 1 */
};

struct theory {
    struct mdl_study study;
    struct sim_result res;
    int faults;
};

/* Writes rows under a header, with `tail` after every row. */
static inline void theory_table(const char *dir, const char *name, const char *head,
                                const char *first, const char *rows, const char *tail)
{
    char path[512];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    f = fopen(path, "w");
    assert_non_null(f);
    fprintf(f, "%s,status,source\n%s", head, first);
    for (const char *end; *rows; rows = *end ? end + 1 : end) {
        end = strchr(rows, '\n');
        end = end ? end : rows + strlen(rows);
        fprintf(f, "%.*s%s,derived,textbook\n", (int)(end - rows), rows, tail);
    }
    assert_int_equal(fclose(f), 0);
}

static inline void theory_write(const struct theory_net *n, const char *dir)
{
    char path[512], product[128];
    FILE *f;

    snprintf(product, sizeof product, "unit,Unit,other,piece,%d,1,%.9g,300",
             n->quanta ? n->quanta : 1, n->applications > 0 ? 1 / n->applications : 1.0);
    theory_table(dir, "products.csv",
                 "id,name,stage,unit,quanta_per_unit,value_usd,per_application,el_nd_g", "",
                 product, "");
    theory_table(dir, "sites.csv", "id,country,review_d,allocation,name,tier,out_cover_d",
                 "source,AA,0,fifo,Source,mine,0,derived,textbook\n", n->sites, ",Site,other,0");
    theory_table(dir, "bom.csv", "recipe,role,product,quantity", "", "make,output,unit,1", "");
    theory_table(dir, "processes.csv", "id,site,recipe", "", "make-at-source,source,make", "");
    theory_table(dir, "lanes.csv", "from,to,transit_d,product,share", "", n->lanes, ",unit,1");
    theory_table(dir, "demand.csv", "site,rate_d,cv,dist,patience_d,product", "", n->demand,
                 ",unit");
    theory_table(dir, "stocks.csv", "site,policy,s,S,r,Q,product", "", n->stocks, ",unit");
    snprintf(path, sizeof path, "%s/theory.cfg", dir);
    f = fopen(path, "w");
    assert_non_null(f);
    fprintf(f,
            "title = \"theory\"; network = \"%s\"; start = \"2030-01-01\"; message_s = 1; "
            "runs = %d;\n%s\n",
            dir, RUNS, n->scenario);
    assert_int_equal(fclose(f), 0);
}

static inline void theory_remove(const char *dir)
{
    static const char *const names[] = {"products.csv", "sites.csv",  "bom.csv",    "processes.csv",
                                        "lanes.csv",    "demand.csv", "stocks.csv", "theory.cfg"};
    char path[512];

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        (void)unlink(path);
    }
    (void)rmdir(dir);
}

/* Loads the network and does all runs, with all balances checked. */
static inline void theory_run(struct theory *t, const struct theory_net *n)
{
    const char *tmp = getenv("TMPDIR");
    char dir[256], path[512];
    const char *file = path;
    struct mdl_options o = {.runs = -1, .seed = -1};
    struct sim_err err = SIM_ERR_INIT;
    int rc;

    *t = (struct theory){.faults = 0};
    snprintf(dir, sizeof dir, "%s/theory-XXXXXX", tmp && *tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(dir));
    theory_write(n, dir);
    snprintf(path, sizeof path, "%s/theory.cfg", dir);
    rc = mdl_study_load(&t->study, &file, 1, &o, &err);
    theory_remove(dir);
    sim_err_print(&err, "", stderr);
    assert_int_equal(rc, 0);
    mdl_result_init(&t->res, &t->study, RUNS);
    for (uint32_t k = 0; k < RUNS; k++) {
        struct mdl_run_options one = {.run = k, .slot = k, .audit = 1};
        struct mdl_run_report report;

        rc = mdl_run(&t->study, 0, &one, &t->res, &report, &err);
        sim_err_print(&err, "", stderr);
        assert_int_equal(rc, 0);
    }
    sim_err_free(&err);
}

/* Frees; fails if a comparison did. */
static inline void theory_end(struct theory *t)
{
    sim_result_free(&t->res);
    mdl_study_free(&t->study);
    assert_int_equal(t->faults, 0);
}

/* A run's value of a column at a label of its third axis, summed over any axis behind it. */
static inline double theory_value(const struct theory *t, const char *column, const char *label,
                                  int run)
{
    const struct sim_column *c = sim_result_find(&t->res, column);
    const struct sim_axis *axis;
    size_t at = 0, behind;
    double sum = 0;

    assert_non_null(c);
    axis = &t->res.axis[c->axis[2]];
    while (at < axis->n && strcmp(axis->label[at], label) != 0)
        at++;
    assert_true(at < axis->n);
    behind = sim_column_slot(&t->res, c) / axis->n;
    for (size_t i = 0; i < behind; i++)
        sum += sim_column_at(c, ((size_t)run * axis->n + at) * behind + i);
    return sum;
}

/* x[run] = factor x column / per, where per is a column at the same label or NULL for 1. */
static inline void theory_measure(const struct theory *t, double x[RUNS], double factor,
                                  const char *column, const char *per, const char *label)
{
    for (int k = 0; k < RUNS; k++)
        x[k] =
            factor * theory_value(t, column, label, k) / (per ? theory_value(t, per, label, k) : 1);
}

/* Compares the mean of x over the runs with an exact value. rel = largest relative standard error
 * accepted. */
static inline void theory_compare(int *faults, const char *what, double value, const double x[RUNS],
                                  double rel)
{
    double mean = 0, var = 0, se, t;

    for (int k = 0; k < RUNS; k++)
        mean += x[k] / RUNS;
    for (int k = 0; k < RUNS; k++)
        var += (x[k] - mean) * (x[k] - mean) / (RUNS - 1);
    se = sqrt(var / RUNS);
    t = (mean - value) / se;
    print_message("%-58s exact %-13.9g simulated %-11.6g s.e. %-9.2e (%.2f %%) t %+.2f\n", what,
                  value, mean, se, 100 * se / value, t);
    if (!(fabs(t) <= 4) || !(se <= rel * fabs(value))) {
        print_error("%s: %s\n", what,
                    fabs(t) <= 4 ? "the standard error is too large" : "not the exact value");
        ++*faults;
    }
}

/* The same for a row of the table in exact.h. */
static inline void theory_exact(int *faults, const char *row, const double x[RUNS], double rel)
{
    for (size_t i = 0; i < sizeof exact / sizeof *exact; i++)
        if (strcmp(exact[i].what, row) == 0) {
            theory_compare(faults, row, exact[i].value, x, rel);
            return;
        }
    fail_msg("exact.h has no row '%s'", row);
}

#endif
