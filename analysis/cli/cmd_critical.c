#include "analysis/cli/cli.h"

#include "analysis/critical.h"
#include "analysis/file.h"
#include "analysis/store.h"
#include "sim/batch.h"
#include "sim/source.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct options {
    const char *what, *from, *out, *over, *progress;
    int64_t days, runs, seed, threads, top;
    struct cmd_texts set, tier, country;
    int quiet;
};

/* So many runs of each that the network of this project, 258 sites, takes some ten minutes on two
 * cores. */
enum { USUAL_RUNS = 5, USUAL_DAYS = 60 };

#define AT(field) offsetof(struct options, field)
static const struct cmd_option options[] = {
    {"--what", "site|lane|supplier", CMD_TEXT, 0, 0, AT(what),
     "what is taken out: each site, each lane, or each country's exports of each product (default: "
     "site)"},
    {"--days", "T", CMD_WHOLE, 1, 36500, AT(days), "for how many days (default: 60)"},
    {"--from", "DATE", CMD_TEXT, 0, 0, AT(from), "from which day on (default: the first recorded)"},
    {"--tier", "STAGE", CMD_TEXTS, 0, 0, AT(tier),
     "only sites of this stage (or lanes from there, products of it); may be said again"},
    {"--country", "CC", CMD_TEXTS, 0, 0, AT(country), "only those of this country; the same"},
    {"--top", "N", CMD_WHOLE, 1, 100000, AT(top), "rows of the table (default: 20)"},
    {"--runs", "N", CMD_WHOLE, 1, 1000000, AT(runs),
     "runs of each (default: 5); 20 or more give intervals"},
    {"-o", "FILE", CMD_TEXT, 0, 0, AT(out),
     "file to write (default: the scenario's name, -critical.h5)"},
    {"--seed", "S", CMD_WHOLE, 0, INT64_C(1) << 53, AT(seed), "seed, instead of the scenario's"},
    {"--threads", "T", CMD_WHOLE, 1, 1024, AT(threads), "cores to use (default: all)"},
    {"--set", "PATH=VALUE", CMD_TEXTS, 0, 0, AT(set), "change a key of the scenario: retry_d=60"},
    {"--over", "X.cfg", CMD_TEXT, 0, 0, AT(over),
     "keys that are laid over the scenario, before --set: rare-earth/uncertain"},
    {"--quiet", NULL, CMD_FLAG, 0, 0, AT(quiet), "print faults only"},
    {"--progress", "json", CMD_TEXT, 0, 0, AT(progress), "a line of JSON now and then, on stderr"},
    {0}};

static const struct cmd_usage usage = {
    .name = "critical",
    .operands = "SCENARIO",
    .what = "Takes out one site after the other for some days, with the same random numbers, and\n"
            "ranks them by what is lost for it: final demand first, then output of plants.",
    .least = 1,
    .most = 1,
    .options = options,
    .more =
        "A site that is out makes nothing; one that only trades ships nothing (shocks of kind\n"
        "down). A lane that is out is closed; of a supplier, what it exports of one product is\n"
        "held at the border. All runs go into one file, with an axis `target`."};

/* One thing that is taken out: a shock. */
struct target {
    const char *id, *name, *country, *tier, *product;
    const char *shock; /* its keys, without id and days */
};

struct work {
    const struct options *o;
    struct mdl_study st;
    struct sim_result res;
    struct target *target;
    size_t n, runs, done_base;
    int32_t first, end; /* days from start */
    char *ends;         /* [n_process] plants of end products */
    struct ana_critical_run *base;
    struct sim_arena *base_arena;       /* [runs] */
    struct ana_critical_effect *effect; /* [n][runs] */
    uint8_t *status;
    double begin, run_s;
    int threads, baselines; /* is it the baselines' turn? */
    struct cmd_progress progress;
    const volatile int *stop;
    char *out;
};

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

/* ---- targets ---- */

static int among(const struct cmd_texts *t, const char *text)
{
    for (int i = 0; i < t->n; i++)
        if (strcmp(t->s[i], text) == 0)
            return 1;
    return t->n == 0;
}

SIM_FORMAT(2, 3) static char *text(struct work *w, const char *fmt, ...)
{
    char to[1024];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(to, sizeof to, fmt, ap);
    va_end(ap);
    return sim_arena_copy(&w->st.arena, to, strlen(to));
}

static void add(struct work *w, const struct target *t)
{
    if (among(&w->o->country, t->country) && among(&w->o->tier, t->tier))
        w->target[w->n++] = *t;
}

/* Sites that make something or ship something; a mere market cannot be taken out. */
static void add_sites(struct work *w)
{
    const struct mdl_network *n = &w->st.net;

    for (uint32_t i = 0; i < n->n_site; i++) {
        const struct mdl_site *s = &n->site[i];
        int works = s->n_process > 0;

        for (uint32_t p = s->first_point; p < s->first_point + s->n_point; p++)
            works |= n->point[p].n_lane_out > 0;
        if (works)
            add(w, &(struct target){s->id, s->name, s->country_id, s->tier, "",
                                    text(w, "kind = \"down\"; site = [ \"%s\" ];", s->id)});
    }
}

/* Lanes that are used or can be qualified. */
static void add_lanes(struct work *w)
{
    const struct mdl_network *n = &w->st.net;

    for (uint32_t i = 0; i < n->n_lane; i++) {
        const struct mdl_lane *l = &n->lane[i];
        const struct mdl_site *s = &n->site[l->from];

        if (l->qualified || sim_dist_mean(&l->qualify_d) > 0)
            add(w, &(struct target){l->id, l->id, s->country_id, s->tier, l->product_id,
                                    text(w, "kind = \"lane\"; lane = [ \"%s\" ];", l->id)});
    }
}

/* A country and a product that it exports. */
static void add_suppliers(struct work *w)
{
    const struct mdl_network *n = &w->st.net;
    char *seen = sim_arena_alloc(&w->st.arena, (size_t)n->n_country * n->n_product, 1);

    for (uint32_t i = 0; i < n->n_lane; i++)
        if (n->lane[i].border)
            seen[(size_t)n->site[n->lane[i].from].country * n->n_product + n->lane[i].product] = 1;
    for (uint32_t c = 0; c < n->n_country; c++)
        for (uint32_t p = 0; p < n->n_product; p++) {
            const struct mdl_product *x = &n->product[p];

            if (seen[(size_t)c * n->n_product + p])
                add(w, &(struct target){text(w, "%s~%s", n->country[c], x->id), x->name,
                                        n->country[c], x->stage, x->id,
                                        text(w,
                                             "kind = \"port\"; direction = \"out\"; country = [ "
                                             "\"%s\" ]; product = [ \"%s\" ];",
                                             n->country[c], x->id)});
        }
}

static int list_targets(struct work *w, struct sim_err *err)
{
    const struct mdl_network *n = &w->st.net;
    size_t most = (size_t)n->n_site + n->n_lane + (size_t)n->n_country * n->n_product;

    w->target = sim_arena_alloc(&w->st.arena, most, sizeof *w->target);
    if (strcmp(w->o->what, "lane") == 0)
        add_lanes(w);
    else if (strcmp(w->o->what, "supplier") == 0)
        add_suppliers(w);
    else
        add_sites(w);
    return w->n > 0 ? 0
                    : sim_err_add(err, SIM_EINPUT,
                                  "nothing to take out: no %s is of these stages and countries",
                                  w->o->what);
}

/* Plants whose main output is an input of nothing. */
static void list_ends(struct work *w)
{
    const struct mdl_network *n = &w->st.net;

    w->ends = sim_arena_alloc(&w->st.arena, n->n_process, 1);
    for (uint32_t k = 0; k < n->n_process; k++) {
        uint32_t made = n->recipe[n->process[k].recipe].out[0].product;

        w->ends[k] = 1;
        for (uint32_t r = 0; r < n->n_recipe; r++)
            for (uint32_t j = 0; j < n->recipe[r].n_in; j++)
                if (n->recipe[r].in[j].product == made)
                    w->ends[k] = 0;
    }
}

/* ---- runs ---- */

static int do_run(const struct work *w, const struct mdl_study *st, uint32_t run,
                  struct ana_critical_run *to, struct sim_arena *a, struct sim_err *err)
{
    struct mdl_run_options o = {.run = run, .stop = w->stop};
    struct mdl_run_report report;
    struct sim_result r;
    int rc;

    mdl_result_init(&r, st, 1);
    rc = mdl_run(st, 0, &o, &r, &report, err);
    if (rc == 0)
        rc = ana_critical_keep(to, a, &r, err);
    sim_result_free(&r);
    return rc;
}

/* One thing out, in one run: only what it did is kept. */
static int take_out(struct work *w, const struct target *t, size_t run,
                    struct ana_critical_effect *to, struct sim_err *err)
{
    char shock[2048], from[11];
    struct mdl_study st;
    struct ana_critical_run with;
    struct sim_arena a = {0};
    int rc;

    sim_date_print(w->st.scenario[0].start + w->first, from);
    snprintf(shock, sizeof shock,
             "shocks = ( { id = \"critical.target\"; from = \"%s\"; days = %lld; %s } );", from,
             (long long)w->o->days, t->shock);
    rc = mdl_study_strike(&st, &w->st, 0, shock, err);
    if (rc == 0)
        rc = do_run(w, &st, (uint32_t)run, &with, &a, err);
    if (rc == 0)
        ana_critical_compare(to, &w->base[run], &with, w->first, w->end, w->ends);
    mdl_study_free(&st);
    sim_arena_free(&a);
    return rc;
}

static int job(void *ctx, size_t at, int thread, struct sim_err *err)
{
    struct work *w = ctx;
    struct sim_err own = SIM_ERR_INIT;
    size_t run = w->baselines ? at + w->done_base : at % w->runs;
    const char *id = w->baselines ? "the baseline" : w->target[at / w->runs].id;
    int rc;

    (void)thread;
    if (w->baselines)
        rc = do_run(w, &w->st, (uint32_t)run, &w->base[run], &w->base_arena[run], &own);
    else
        rc = take_out(w, &w->target[at / w->runs], run, &w->effect[at], &own);
    if (rc != 0 && rc != SIM_ESTOP)
        rc = sim_err_add(err, SIM_ERUN, "%s, run %zu: %.*s", id, run,
                         own.text ? (int)strcspn(own.text, "\n") : 6,
                         own.text ? own.text : "failed");
    sim_err_free(&own);
    return rc;
}

static void progress(void *ctx, size_t done, size_t failed, size_t n)
{
    struct work *w = ctx;

    (void)n;
    cmd_progress_show(&w->progress, done + (w->baselines ? w->done_base : w->runs),
                      failed + w->progress.failed, (w->n + 1) * w->runs);
}

static int batch(struct work *w, size_t n, uint8_t *status, struct sim_err *err)
{
    const struct sim_batch b = {.n_job = n,
                                .threads = w->threads,
                                .ctx = w,
                                .work = job,
                                .progress = progress,
                                .stop = w->stop};

    return sim_batch_run(&b, status, err);
}

static void say_estimate(const struct work *w)
{
    size_t n = (w->n + 1) * w->runs;
    char time[24], each[24];

    if (w->o->quiet)
        return;
    cmd_seconds(w->run_s * (double)n / fmin(w->threads, (double)n), time);
    cmd_seconds(w->run_s, each);
    printf("%zu %s%s and the baseline x %zu run%s will take about %s on %d core%s (%s a run)\n",
           w->n, w->o->what, plural(w->n), w->runs, plural(w->runs), time, w->threads,
           plural((size_t)w->threads), each);
    fflush(stdout);
}

/* The baseline first, all its runs; without one of them nothing can be compared. */
static int do_runs(struct work *w, struct sim_err *err)
{
    uint8_t *status = sim_arena_alloc(&w->st.arena, w->runs, 1);
    int rc;

    w->baselines = 1;
    cmd_progress_begin(&w->progress, "runs", 0);
    rc = batch(w, 1, status, err);
    w->run_s = cmd_clock() - w->progress.begin;
    w->done_base = 1;
    if (rc != 0)
        return rc == SIM_ESTOP ? rc : SIM_EIO;
    cmd_progress_end(&w->progress);
    say_estimate(w);
    rc = batch(w, w->runs - 1, status + 1, err);
    if (rc != 0)
        return rc == SIM_ESTOP ? rc : SIM_EIO;
    w->baselines = 0;
    for (size_t i = 0; i < w->n * w->runs; i++)
        w->effect[i] = (struct ana_critical_effect){NAN, NAN, NAN, NAN, NAN};
    return batch(w, w->n * w->runs, w->status, err);
}

/* ---- the file ---- */

static const struct {
    const char *name, *units, *meaning;
    size_t at;
} columns[] = {
    {"loss_usd", "USD", "final demand lost or waiting at the end, beyond the baseline",
     offsetof(struct ana_critical_effect, loss_usd)},
    {"net_usd", "USD", "starts of plants lost against the baseline x value of output less inputs",
     offsetof(struct ana_critical_effect, net_usd)},
    {"survive_d", "d", "days until a market has been handed over less than in the baseline",
     offsetof(struct ana_critical_effect, survive_d)},
    {"stop_d", "d", "days until a plant of end products stops that does not in the baseline",
     offsetof(struct ana_critical_effect, stop_d)},
    {"recover_d", "d",
     "days from the end until markets are handed over 95 % of the baseline's again",
     offsetof(struct ana_critical_effect, recover_d)},
};

static void add_axes(struct work *w)
{
    struct sim_result *r = &w->res;
    const char **text_of[5];
    const char *const label[] = {w->st.scenario[0].label};
    double *run = sim_arena_alloc(&r->arena, w->runs, sizeof *run);

    for (int k = 0; k < 5; k++)
        text_of[k] = sim_arena_alloc(&r->arena, w->n, sizeof(char *));
    for (size_t i = 0; i < w->n; i++) {
        const struct target *t = &w->target[i];
        const char *const all[] = {t->id, t->name ? t->name : t->id, t->country, t->tier,
                                   t->product};

        for (int k = 0; k < 5; k++)
            text_of[k][i] = all[k] ? all[k] : "";
    }
    for (size_t i = 0; i < w->runs; i++)
        run[i] = (double)i;
    sim_result_axis(
        r, &(struct sim_axis){.name = "scenario", .long_name = "scenario", .n = 1, .label = label});
    sim_result_axis(r, &(struct sim_axis){.name = "run",
                                          .long_name = "number of the run",
                                          .units = "1",
                                          .n = w->runs,
                                          .value = run});
    sim_result_axis(
        r, &(struct sim_axis){
               .name = "target",
               .long_name = "what is taken out",
               .n = w->n,
               .label = text_of[0],
               .n_coord = 4,
               .coord = {
                   {.name = "target_name", .long_name = "name", .label = text_of[1]},
                   {.name = "target_country", .long_name = "country", .label = text_of[2]},
                   {.name = "target_tier", .long_name = "stage of the chain", .label = text_of[3]},
                   {.name = "target_product",
                    .long_name = "product, of lanes and suppliers",
                    .label = text_of[4]}}});
}

/* What was asked for, and the whole input, as in the results of runs. */
static void add_texts(struct work *w)
{
    struct sim_result all;
    char from[11];

    mdl_result_init(&all, &w->st, 1);
    for (int i = 0; i < all.n_attr; i++)
        sim_result_attr(&w->res, all.attr[i].name, "%s", all.attr[i].text);
    for (int i = 0; i < all.n_input; i++)
        sim_result_input(&w->res, all.input[i].name, all.input[i].text);
    sim_result_free(&all);
    sim_date_print(w->st.scenario[0].start + w->first, from);
    sim_result_attr(&w->res, "version", "%s", LODESTONE_VERSION);
    cmd_tell_changes(&w->res, &w->o->set, w->o->over);
    sim_result_attr(&w->res, "critical_what", "%s", w->o->what);
    sim_result_attr(&w->res, "critical_from", "%s", from);
    sim_result_attr(&w->res, "critical_days", "%lld", (long long)w->o->days);
}

static void fill(struct work *w)
{
    const struct sim_column *c;

    add_axes(w);
    add_texts(w);
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++) {
        sim_result_column(&w->res, columns[k].name, "scenario run target", SIM_F64, SIM_KEEP,
                          columns[k].units, columns[k].meaning);
        c = sim_result_find(&w->res, columns[k].name);
        for (size_t i = 0; i < w->n * w->runs; i++) /* the result: runs first */
            ((double *)c->data)[i % w->runs * w->n + i / w->runs] =
                *(const double *)(const void *)((const char *)&w->effect[i] + columns[k].at);
    }
}

/* ---- all of it ---- */

static int read_from(struct work *w, struct sim_err *err)
{
    const struct mdl_scenario *s = &w->st.scenario[0];
    int32_t day = s->start;
    char last[11], start[11];

    sim_date_print(s->start, start);
    sim_date_print(s->start + (int32_t)s->horizon_d - 1, last);
    if (w->o->from && (sim_date_parse(&day, w->o->from) != 0 || day < s->start ||
                       day >= s->start + (int32_t)s->horizon_d))
        return sim_err_add(err, SIM_EINPUT, "--from %s: must be a recorded day, %s to %s",
                           w->o->from, start, last);
    w->first = day - s->start;
    w->end = (int32_t)fmin((double)w->first + (double)w->o->days, (double)s->horizon_d);
    return 0;
}

static int prepare(struct work *w, const char *file, struct sim_err *err)
{
    const struct mdl_options mo = {.over = w->o->over,
                                   .set = w->o->set.s,
                                   .n_set = w->o->set.n,
                                   .runs = w->runs ? (int64_t)w->runs : -1,
                                   .seed = w->o->seed,
                                   .share_dir = CMD_SHARE};
    const char *label;
    size_t size;
    int rc = mdl_study_load(&w->st, &file, 1, &mo, err);

    if (rc == 0)
        rc = read_from(w, err);
    if (rc == 0)
        rc = list_targets(w, err);
    if (rc != 0)
        return rc;
    list_ends(w);
    w->st.scenario[0].outputs = MDL_OUTPUTS_FULL; /* daily series, reduced at once */
    label = w->st.scenario[0].label;
    size = strlen(w->o->out ? w->o->out : label) + sizeof "-critical.h5";
    w->out = sim_arena_alloc(&w->st.arena, size, 1);
    snprintf(w->out, size, w->o->out ? "%s" : "%s-critical.h5", w->o->out ? w->o->out : label);
    w->base = sim_arena_alloc(&w->st.arena, w->runs, sizeof *w->base);
    w->base_arena = sim_arena_alloc(&w->st.arena, w->runs, sizeof *w->base_arena);
    w->effect = sim_arena_alloc(&w->st.arena, w->n * w->runs, sizeof *w->effect);
    w->status = sim_arena_alloc(&w->st.arena, w->n * w->runs, 1);
    return ana_file_try(w->out, err);
}

static void close_json(const struct work *w, size_t failed)
{
    fprintf(stderr,
            "{\"event\": \"end\", \"runs\": %zu, \"failed\": %zu, \"threads\": %d, "
            "\"elapsed_s\": %.3f",
            (w->n + 1) * w->runs, failed, w->threads, cmd_clock() - w->begin);
    cmd_json_file(stderr, w->out);
    fputs("}\n", stderr);
}

static int finish(struct work *w, int rc, struct sim_err *err)
{
    struct sim_err later = SIM_ERR_INIT;
    size_t failed = 0;
    char after[128], time[24];
    int rc2;

    cmd_progress_end(&w->progress);
    if (*w->stop || rc == SIM_ESTOP)
        return cmd_end("critical", SIM_ESTOP, err, "stopped; no file was written");
    if (rc != 0 && rc != SIM_ERUN)
        return cmd_end("critical", SIM_ERUN, err,
                       "a run of the baseline failed; nothing was written");
    fill(w);
    rc2 = ana_store_write(&w->res, w->out, &later);
    if (rc2 != 0) {
        (void)cmd_end("critical", 0, err, NULL);
        return cmd_end("critical", rc2, &later, "no file was written");
    }
    for (size_t i = 0; i < w->n * w->runs; i++)
        failed += w->status[i] != SIM_DONE;
    if (w->progress.mode == CMD_PROGRESS_JSON)
        close_json(w, failed);
    if (!w->o->quiet) {
        const struct ana_critical_look look = {(size_t)w->o->top, cmd_width(0), cmd_utf8()};

        rc2 = ana_critical_show(stdout, &w->res, &look, &later);
        if (rc2 != 0)
            return cmd_end("critical", rc2, &later, NULL);
        cmd_seconds(cmd_clock() - w->begin, time);
        printf("%zu runs on %d core%s in %s; ", (w->n + 1) * w->runs, w->threads,
               plural((size_t)w->threads), time);
        cmd_print(stdout, w->out);
        fputc('\n', stdout);
    }
    snprintf(after, sizeof after, "%zu runs failed; the file was written, with no numbers for them",
             failed);
    return cmd_end("critical", failed ? SIM_ERUN : 0, err, after);
}

int cmd_critical(int argc, char **argv)
{
    struct options o = {.what = "site",
                        .days = USUAL_DAYS,
                        .runs = USUAL_RUNS,
                        .seed = -1,
                        .top = ANA_CRITICAL_TOP};
    struct work w = {.o = &o, .begin = cmd_clock()};
    struct cmd_args args;
    struct sim_err err = SIM_ERR_INIT;
    int rc = cmd_parse(&usage, argc, argv, &o, &args);

    if (rc != CMD_GO_ON)
        return rc;
    if (strcmp(o.what, "site") != 0 && strcmp(o.what, "lane") != 0 &&
        strcmp(o.what, "supplier") != 0)
        return cmd_misuse(&usage, "--what = %s: must be site, lane or supplier", o.what);
    rc = cmd_progress_mode(&w.progress, &usage, o.progress, o.quiet);
    if (rc != CMD_GO_ON)
        return rc;
    w.stop = cmd_catch_stop();
    w.runs = (size_t)o.runs;
    w.threads = sim_batch_threads((int)o.threads);
    rc = prepare(&w, args.operand[0], &err);
    if (rc != 0)
        rc = cmd_end("critical", rc, &err, "nothing was written");
    else
        rc = finish(&w, do_runs(&w, &err), &err);
    for (size_t i = 0; w.base_arena && i < w.runs; i++)
        sim_arena_free(&w.base_arena[i]);
    sim_result_free(&w.res);
    mdl_study_free(&w.st);
    return rc;
}
