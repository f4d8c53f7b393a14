/* The shipped network and scenarios in tests, which run from the root of the repository. */
#ifndef TEST_RARE_EARTH_H
#define TEST_RARE_EARTH_H

#include "tests/models/fixture.h"

#include "sim/batch.h"

enum { RARE_RUNS = 6 };

/* Is the word in a list (words separated by blanks; "!" before it = all others; NULL = all)? */
static inline int is_in(const char *word, const char *list)
{
    size_t n = strlen(word);
    int no = list != NULL && *list == '!';

    if (list == NULL)
        return 1;
    for (const char *p = list + no; (p = strstr(p, word)) != NULL; p += n)
        if ((p == list + no || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
            return !no;
    return no;
}

static inline void load(struct mdl_study *st, const char *const *files, int n,
                        const char *const *set, int n_set)
{
    struct sim_err err = SIM_ERR_INIT;
    struct mdl_options o = {.runs = RARE_RUNS, .seed = -1, .set = set, .n_set = n_set};

    if (mdl_study_load(st, files, n, &o, &err) != 0)
        fail_msg("%s does not load: %s", files[0], err.text);
}

/* ---- runs, all with the audit on ---- */

struct batch {
    const struct mdl_study *st;
    struct sim_result *res;
    uint32_t runs;
};

static inline int work(void *ctx, size_t job, int thread, struct sim_err *err)
{
    struct batch *b = ctx;
    uint32_t run = (uint32_t)(job % b->runs);
    struct mdl_run_options o = {.run = run, .slot = run, .audit = 1};
    struct mdl_run_report report;
    int rc = mdl_run(b->st, (uint32_t)(job / b->runs), &o, b->res, &report, err);

    (void)thread;
    if (rc == 0 && !(report.element_error <= 1e-9))
        rc = sim_err_add(err, SIM_ERUN, "an element's balance is open by %g", report.element_error);
    return rc;
}

/* Runs all scenarios of a study; every run must close. */
static inline void play(const struct mdl_study *st, uint32_t runs, struct sim_result *res)
{
    struct sim_err err = SIM_ERR_INIT;
    struct batch b = {st, res, runs};
    struct sim_batch batch = {.n_job = (size_t)st->n_scenario * runs, .ctx = &b, .work = work};
    uint8_t *status = calloc(batch.n_job, 1);

    assert_non_null(status);
    mdl_result_init(res, st, runs);
    if (sim_batch_run(&batch, status, &err) != 0)
        fail_msg("%s", err.text);
    sim_err_free(&err);
    free(status);
}

#endif
