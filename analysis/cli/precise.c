/* Runs until the loss is known well enough: `run --precision`. */
#include "analysis/cli/cli.h"

#include "analysis/compare.h"
#include "analysis/reduce.h"
#include "analysis/stop.h"
#include "sim/batch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STEP = 10, MAX_RUNS = 300 };

static int fault(const char *text, struct sim_err *err)
{
    return sim_err_add(err, SIM_EINPUT,
                       "--precision = %s: must be a part of the loss, 0.1%% to 50%%", text);
}

static int read_percent(const char *text, double *to, struct sim_err *err)
{
    char *end;
    double x = strtod(text, &end);

    end += strspn(end, " ");
    end += *end == '%';
    if (end == text || *end != '\0' || !(x >= 0.1 && x <= 50.0))
        return fault(text, err);
    *to = x / 100.0;
    return 0;
}

int cmd_precise_begin(struct cmd_work *w, struct sim_err *err)
{
    struct cmd_work_options *o = &w->o;
    struct ana_stop_rule *r = &w->precise.rule;
    int rc;

    if (!o->precision && o->max_runs == 0)
        return 0;
    if (!o->precision)
        return sim_err_add(err, SIM_EINPUT, "--max-runs goes with --precision; else say --runs");
    rc = read_percent(o->precision, &w->precise.half, err);
    *r = (struct ana_stop_rule){.first = o->runs < 0 ? ANA_STOP_FIRST : (size_t)o->runs,
                                .step = STEP,
                                .max = o->max_runs == 0 ? MAX_RUNS : (size_t)o->max_runs,
                                .level = 0.95};
    if (o->runs >= 0 && o->runs < ANA_STATS_MIN)
        rc = sim_err_add(err, SIM_EINPUT,
                         "--runs = %lld: with --precision it is the runs before the first look; no "
                         "interval is given of fewer than %d",
                         (long long)o->runs, ANA_STATS_MIN);
    if (r->max < r->first)
        rc = sim_err_add(err, SIM_EINPUT, "--max-runs = %zu: must be %zu or more, the first look",
                         r->max, r->first);
    o->runs = (int64_t)r->max;
    return rc;
}

/* The loss of runs 0 .. n-1 of every scenario; NaN where a run failed. */
static void take_losses(const struct cmd_work *w, size_t n, double to[])
{
    const char *country = sim_result_find_attr(&w->res, "focus_country");
    size_t n_scenario = w->st.n_scenario, max = w->precise.rule.max;

    for (size_t s = 0; s < n_scenario; s++)
        for (size_t run = 0; run < n; run++)
            to[s * max + run] = w->jobs.status[run * n_scenario + s] == SIM_DONE
                                    ? ana_compare_loss(&w->res, s, run, country)
                                    : (double)NAN;
}

static void look(struct cmd_work *w, size_t n, double loss[])
{
    size_t n_scenario = w->st.n_scenario, max = w->precise.rule.max,
           n_target = n_scenario > 1 ? n_scenario - 1 : 1;
    struct ana_stop_target *t = malloc(n_target * sizeof *t);

    if (t == NULL)
        sim_out_of_memory(n_target * sizeof *t);
    take_losses(w, n, loss);
    w->precise.rule.level = 1.0 - 0.05 / (double)n_target;
    for (size_t i = 0; i < n_target; i++)
        t[i] = (struct ana_stop_target){.with = loss + (n_scenario > 1 ? (i + 1) * max : 0),
                                        .base = n_scenario > 1 ? loss : NULL,
                                        .half = w->precise.half,
                                        .relative = 1};
    ana_stop_at(&w->precise.rule, t, n_target, n, &w->precise.look);
    w->precise.worst = w->st.scenario[n_scenario > 1 ? w->precise.look.worst + 1 : 0].label;
    free(t);
}

/* "satisfied after 60 runs: ...", for the closing line and the attribute. */
static void tell(struct cmd_work *w)
{
    const struct ana_stop_look *l = &w->precise.look;
    double part = 100.0 * w->precise.half * l->half / l->wanted;
    char *to = w->precise.text;
    size_t size = sizeof w->precise.text, n;

    n = (size_t)snprintf(to, size, "%s after %zu runs: ", ana_stop_word(l->state), l->n);
    if (l->half == 0.0)
        snprintf(to + n, size - n, "the loss is the same in all runs%s",
                 w->jobs.progress.failed > 0 ? " that are done" : "");
    else if (isfinite(part))
        snprintf(to + n, size - n,
                 "the mean loss is known to within %.3g %% (%.100s), %.4g %% was asked", part,
                 w->precise.worst, 100.0 * w->precise.half);
    else
        snprintf(to + n, size - n, "how well the loss is known cannot be said (%.100s)",
                 w->precise.worst);
    sim_result_attr(&w->res, "stopping", "%s; looked after %zu, then every %zu, at most %zu", to,
                    w->precise.rule.first, w->precise.rule.step, w->precise.rule.max);
}

/* From here on it is as if so many runs had been asked for. */
static void cut(struct cmd_work *w, size_t n)
{
    ana_keep_runs(&w->res, n);
    w->n = n * w->st.n_scenario;
    w->jobs.runs = (uint32_t)n;
    w->st.runs = (int64_t)n;
}

int cmd_precise_run(struct cmd_work *w, struct sim_err *err)
{
    const struct ana_stop_rule *r = &w->precise.rule;
    double *loss = malloc(r->max * w->st.n_scenario * sizeof *loss);
    size_t n = 0;
    int rc = 0;

    if (loss == NULL)
        sim_out_of_memory(r->max * w->st.n_scenario * sizeof *loss);
    if (r->first < ANA_STOP_FIRST && !w->o.quiet)
        fprintf(stderr,
                "%zu runs before the first look: with fewer than %d it is often too early\n",
                r->first, ANA_STOP_FIRST);
    while (w->precise.look.state == ANA_STOP_MORE && rc != SIM_ESTOP) {
        int one;

        n = ana_stop_next(r, n + 1);
        one = cmd_jobs_run(&w->jobs, n * w->st.n_scenario - w->jobs.first, err);
        rc = one ? one : rc;
        for (size_t i = w->jobs.first; i < n * w->st.n_scenario; i++)
            w->jobs.progress.failed += w->jobs.status[i] == SIM_FAILED;
        w->jobs.first = n * w->st.n_scenario;
        if (rc != SIM_ESTOP)
            look(w, n, loss);
    }
    free(loss);
    if (rc == SIM_ESTOP)
        return rc;
    tell(w);
    cut(w, n);
    return rc;
}
