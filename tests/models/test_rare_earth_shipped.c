#include "tests/models/rare_earth.h"

#include <dirent.h>

/* The shipped scenarios: every run closes. */

/* All of the loss has a cause, and at most a hundredth of it none that is known. */
static void check_causes(const struct sim_result *r, uint32_t s, uint32_t run)
{
    double usd = fix_sum(r, "loss_usd", s, run);

    FIX_NEAR(fix_sum(r, "loss_by_cause", s, run), usd, 1e-9 * (1 + usd));
    assert_true(fix_at(r, "loss_by_cause", s, run, "unexplained", NULL) <= 0.01 * usd);
}

/* Those that test_rare_earth_runs does not run. */
static void test_run__every_other_shipped_scenario_closes(void **state)
{
    static const char done[] =
        "calibration-2024.cfg baseline.cfg japan-2026-assurance.cfg japan-2026-military.cfg "
        "japan-2026-broad-licensing.cfg japan-embargo.cfg "
        "world-2025-announcement-18.cfg";
    DIR *d = opendir("scenarios");
    struct dirent *e;
    int known = 0;

    (void)state;
    assert_non_null(d);
    while ((e = readdir(d)) != NULL) {
        const char *dot = strrchr(e->d_name, '.');
        char path[300];
        const char *file = path;
        struct mdl_study st;
        struct sim_result r;

        if (dot == NULL || strcmp(dot, ".cfg") != 0)
            continue;
        if (is_in(e->d_name, done)) {
            known++;
            continue;
        }
        snprintf(path, sizeof path, "scenarios/%s", e->d_name);
        load(&st, &file, 1, NULL, 0);
        play(&st, 1, &r);
        check_causes(&r, 0, 0);
        sim_result_free(&r);
        mdl_study_free(&st);
    }
    closedir(d);
    assert_int_equal(known, 7);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_run__every_other_shipped_scenario_closes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
