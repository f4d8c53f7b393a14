#include "tests/models/random_net.h"

/* Invariants over random networks and rules. The audit is on: every product balances exactly, every
 * element by origin to 1e-9, no stock is negative, or the run fails. */

enum { NETWORKS = 60 };

/* A network, its scenario without rules, and one with. */
static void make(struct fix *f, uint64_t seed, int horizon_d)
{
    struct fix_dice d = {seed};

    net_random(f, &d);
    for (int i = 0; i < 2; i++) {
        const char *rules = i ? fix_format(f, "rules = ( %s );", net_rules(f, &d)) : "";

        fix_scenario(f, i ? "rules" : "base", "");
        f->cfg[i] =
            fix_format(f,
                       "title = \"t\"; network = \"toy\"; start = \"2026-01-10\"; warm_up_d = "
                       "50; horizon_d = %d; seed = %d;\n" NET_OFFICES "%s",
                       horizon_d, (int)(seed % 1000), rules);
    }
}

static void try(struct fix *f, uint64_t seed, uint32_t runs, struct sim_result *r)
{
    struct mdl_study st;
    struct sim_err err = SIM_ERR_INIT;

    if (fix_study(f, &st) != 0)
        fail_msg("network %d: %s", (int)seed, f->err.text);
    mdl_result_init(r, &st, runs);
    for (uint32_t s = 0; s < st.n_scenario; s++)
        for (uint32_t k = 0; k < runs; k++)
            if (fix_run_one(&st, s, k, r, &err) != 0)
                fail_msg("network %d, scenario %u: %s", (int)seed, s, err.text);
    mdl_study_free(&st);
}

static void assert_causes_add_up(const struct sim_result *r, uint32_t s, uint32_t run)
{
    const struct sim_column *why = fix_column(r, "missed_by_why");
    size_t n_plant = r->axis[why->axis[2]].n, n_why = r->axis[why->axis[3]].n;
    double usd = fix_sum(r, "loss_usd", s, run);

    FIX_NEAR(fix_sum(r, "loss_by_cause", s, run), usd, 1e-9 * (1 + usd));
    for (size_t i = 0; i < n_plant; i++) {
        const char *plant = r->axis[why->axis[2]].label[i];
        double net =
            fix_at(r, "planned", s, run, plant, NULL) - fix_at(r, "started", s, run, plant, NULL);
        double missed = fix_at(r, "missed", s, run, plant, NULL), sum = 0;

        for (size_t k = 0; k < n_why; k++)
            sum += fix_at(r, "missed_by_why", s, run, plant, r->axis[why->axis[3]].label[k]);
        assert_true(missed >= 0 && missed >= net - 1e-9);
        FIX_NEAR(sum, missed, 1e-4 * (1 + missed));
    }
}

/* Demand is served, lost or waits; what waited before the start is not known, so the sum may be
 * larger than the demand, never smaller. */
static void assert_customers_are_kept(const struct sim_result *r, uint32_t s, uint32_t run)
{
    const struct sim_column *c = fix_column(r, "demand");

    for (size_t i = 0; i < r->axis[c->axis[2]].n; i++) {
        const char *m = r->axis[c->axis[2]].label[i];
        double demand = fix_at(r, "demand", s, run, m, NULL);
        double served = fix_at(r, "served", s, run, m, NULL);
        double once = fix_at(r, "served_at_once", s, run, m, NULL);
        double rest = fix_at(r, "lost", s, run, m, NULL) + fix_at(r, "backlog", s, run, m, NULL);

        assert_true(once >= 0 && once <= served * (1 + 1e-12));
        assert_true(served + rest >= demand * (1 - 1e-12));
        FIX_NEAR(demand, fix_at(r, "demand", 0, run, m, NULL), 0); /* the same luck */
    }
}

static void assert_no_column_is_negative(const struct sim_result *r)
{
    for (int i = 0; i < r->n_column; i++) {
        const struct sim_column *c = &r->column[i];

        for (size_t k = 0; fix_by_run(r, c) && k < sim_column_n(r, c); k++)
            if (sim_column_at(c, k) < 0 && strcmp(c->name, "missed_cause") != 0)
                fail_msg("%s holds %g", c->name, sim_column_at(c, k));
    }
}

static void test_run__balances_and_books_all_losses_on_random_networks(void **state)
{
    int lossy = 0, ruled = 0, held = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= NETWORKS; seed++) {
        struct fix f;
        struct sim_result r;

        make(&f, seed, 90);
        try(&f, seed, 1, &r);
        for (uint32_t s = 0; s < 2; s++) {
            assert_causes_add_up(&r, s, 0);
            assert_customers_are_kept(&r, s, 0);
        }
        assert_no_column_is_negative(&r);
        lossy += fix_sum(&r, "loss_usd", 1, 0) > 0;
        ruled += fix_sum(&r, "refused", 1, 0) > 0;
        held += fix_sum(&r, "applied", 1, 0) > 0;
        sim_result_free(&r);
        fix_free(&f);
    }
    /* the networks are not all alike: many lose something, many meet their rules */
    assert_true(lossy > NETWORKS / 3);
    assert_true(ruled > NETWORKS / 6 && held > NETWORKS / 6);
}

static void test_run__shuffled_rows_give_the_same_bytes_on_random_networks(void **state)
{
    struct fix_dice dice = {77};

    (void)state;
    for (uint64_t seed = 1; seed <= NETWORKS / 2; seed++) {
        struct fix f, g;
        struct sim_result a, b;

        make(&f, seed, 90);
        try(&f, seed, 1, &a);
        make(&g, seed, 90);
        fix_shuffle(&g, &dice);
        try(&g, seed, 1, &b);
        fix_same(&a, 0, &b, 0, NULL);
        fix_same(&a, 1, &b, 1, NULL);
        sim_result_free(&a);
        sim_result_free(&b);
        fix_free(&f);
        fix_free(&g);
    }
}

static void test_run__a_rule_of_no_length_changes_nothing_on_random_networks(void **state)
{
    static const char *const action[] = {"action = \"deny\"; ", "action = \"licence\"; "};

    (void)state;
    for (uint64_t seed = 1; seed <= NETWORKS / 2; seed++) {
        struct fix f;
        struct sim_result r;
        char *end;

        make(&f, seed, 90);
        fix_scenario(&f, "more", "");
        f.cfg[2] = sim_arena_copy(&f.a, f.cfg[1], strlen(f.cfg[1]));
        end = strrchr(f.cfg[2], ')');
        assert_non_null(end);
        *end = '\0';
        f.cfg[2] = fix_format(&f,
                              "%s, { id = \"s\"; from = \"2026-01-25\"; until = \"2026-01-25\"; "
                              "office = \"p\"; %s} );",
                              f.cfg[2], action[seed % 2]);
        try(&f, seed, 1, &r);
        fix_same(&r, 1, &r, 2, "rule_exists");
        sim_result_free(&r);
        fix_free(&f);
    }
}

static void test_run__the_audit_holds_for_years(void **state)
{
    static const uint64_t seed[] = {101, 102, 104, 106, 107};

    (void)state;
    for (size_t i = 0; i < sizeof seed / sizeof *seed; i++) {
        struct fix f;
        struct sim_result r;

        make(&f, seed[i], 1500);
        try(&f, seed[i], 1, &r);
        assert_causes_add_up(&r, 1, 0);
        sim_result_free(&r);
        fix_free(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_run__balances_and_books_all_losses_on_random_networks),
        cmocka_unit_test(test_run__shuffled_rows_give_the_same_bytes_on_random_networks),
        cmocka_unit_test(test_run__a_rule_of_no_length_changes_nothing_on_random_networks),
        cmocka_unit_test(test_run__the_audit_holds_for_years)};

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
