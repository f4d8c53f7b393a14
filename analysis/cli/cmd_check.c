#include "analysis/cli/cli.h"

#include "analysis/store.h"
#include "sim/batch.h"

#include <math.h>
#include <string.h>

struct options {
    int64_t runs, seed, threads;
    struct cmd_texts set;
    const char *over;
    int quiet;
};

#define AT(field) offsetof(struct options, field)
static const struct cmd_option options[] = {
    {"--runs", "N", CMD_WHOLE, 1, 1000000, AT(runs), "runs of each scenario, instead of its own"},
    {"--seed", "S", CMD_WHOLE, 0, INT64_C(1) << 53, AT(seed),
     "seed, instead of the scenarios' own"},
    {"--threads", "T", CMD_WHOLE, 1, 1024, AT(threads), "cores that will be used (default: all)"},
    {"--set", "PATH=VALUE", CMD_TEXTS, 0, 0, AT(set),
     "change a key in every scenario: retry_d=60, rules.ID.approval=0.5"},
    {"--over", "X.cfg", CMD_TEXT, 0, 0, AT(over),
     "keys that are laid over every scenario, before --set: rare-earth/uncertain"},
    {"--quiet", NULL, CMD_FLAG, 0, 0, AT(quiet), "print faults only, and do no run"},
    {0}};

static const struct cmd_usage usage = {
    .name = "check",
    .operands = "SCENARIO...",
    .what = "Looks for faults in scenarios and their network, as they would be run side by side; "
            "prints\n"
            "the balance sheet of the network, and what running them will take.",
    .least = 1,
    .most = 10000,
    .options = options,
    .more = "All faults are told at once, each with file and line, and the exit status is 2. The\n"
            "estimate comes from one run of the last scenario, with all balances checked."};

/* What one run says of all runs. */
struct estimate {
    double run_s, events, run_bytes;
    double texts;   /* bytes of the file that are no columns */
    double packing; /* packed bytes of a byte */
};

/* Where nothing is large enough to be packed, it could not be measured. */
static const double packing_usual = 0.5;

/* Bytes of the columns that are packed, for one scenario; what is kept over runs only is emptied.
 */
static double packed_bytes(struct sim_result *one, uint32_t n_scenario)
{
    double sum = 0;

    for (int i = 0; i < one->n_column; i++) {
        struct sim_column *c = &one->column[i];
        size_t bytes = sim_column_n(one, c) * sim_type_size(c->type);

        if (c->keep != SIM_KEEP)
            memset(c->data, 0, bytes);
        else if (bytes > ANA_STORE_PLAIN_MAX)
            sum += (double)bytes / n_scenario;
    }
    return sum;
}

/* Does a run, and compares the file of it with the file without it. */
static int probe(const struct mdl_study *st, struct sim_result *one, struct estimate *e,
                 struct sim_err *err)
{
    struct cmd_needs needs;
    struct mdl_run_report report;
    double begin, packed;
    size_t empty, full;
    int rc = ana_store_bytes(one, &empty, err);

    if (rc != 0)
        return rc;
    begin = cmd_clock();
    rc = mdl_run(st, st->n_scenario - 1, &(struct mdl_run_options){.audit = 1}, one, &report, err);
    if (rc != 0)
        return rc;
    e->run_s = cmd_clock() - begin;
    e->events = (double)report.events;
    e->run_bytes = (double)report.bytes;
    packed = packed_bytes(one, st->n_scenario);
    rc = ana_store_bytes(one, &full, err);
    if (rc != 0)
        return rc;
    cmd_needs(one, 1, 1, &needs);
    e->texts = fmax(0, (double)empty - needs.plain);
    e->packing =
        packed > 0 ? fmin(1, fmax(0, (double)full - (double)empty) / packed) : packing_usual;
    return 0;
}

static void print_estimate(const struct mdl_study *st, const struct sim_result *one,
                           const struct estimate *e, int threads)
{
    struct cmd_needs all;
    double n = (double)st->runs * st->n_scenario;
    char time[24], memory[24], size[24], each[24];

    cmd_needs(one, 1, (double)st->runs, &all);
    cmd_seconds(e->run_s * n / fmin(threads, n), time);
    cmd_seconds(e->run_s, each);
    cmd_bytes((double)st->arena.held + cmd_peak(&all, e->run_bytes, threads), memory);
    cmd_bytes(e->texts + all.plain + all.packed * e->packing, size);
    printf(
        "\n%u scenario%s x %lld runs will take about %s on %d core%s, %s of memory and a file of "
        "%s\n(measured: one run takes %s and handles %.4g events)\n",
        st->n_scenario, st->n_scenario == 1 ? "" : "s", (long long)st->runs, time, threads,
        threads == 1 ? "" : "s", memory, size, each, e->events);
}

/* What is written and has no effect. */
static void print_idle(const struct mdl_study *st, const struct mdl_scenario *s)
{
    const struct mdl_substitute *first = NULL;
    uint32_t n = s->substitution ? mdl_prices_unheard(&s->prices, &st->net, &first) : 0;

    if (n > 0)
        printf("  %u row%s of substitutes.csv %s a price_ratio for goods without a price in this "
               "scenario, such as %s (%s): only shortage counts there\n",
               n, n == 1 ? "" : "s", n == 1 ? "has" : "have", first->id, first->product_id);
}

static void print_summary(const struct mdl_study *st)
{
    const struct mdl_network *n = &st->net;

    for (uint32_t i = 0; i < st->n_scenario; i++) {
        const struct mdl_scenario *s = &st->scenario[i];

        cmd_print(stdout, s->file);
        printf(": no faults; ");
        cmd_print(stdout, s->title);
        printf(" (%u rule%s, %u office%s", s->n_rule, s->n_rule == 1 ? "" : "s", s->n_office,
               s->n_office == 1 ? "" : "s");
        if (s->n_shock > 0)
            printf(", %u shock%s", s->n_shock, s->n_shock == 1 ? "" : "s");
        puts(")");
        print_idle(st, s);
    }
    printf("network ");
    cmd_print(stdout, n->name);
    printf(": %u sites in %u countries, %u products, %u recipes, %u processes, %u lanes\n\n",
           n->n_site, n->n_country, n->n_product, n->n_recipe, n->n_process, n->n_lane);
}

static void print_inputs(const struct mdl_study *st)
{
    if (st->n_input == 0)
        return;
    printf(
        "\n%u uncertain input%s, drawn once per run and shared by the scenarios; the sheet above "
        "has the means:\n",
        st->n_input, st->n_input == 1 ? "" : "s");
    for (uint32_t i = 0; i < st->n_input; i++) {
        printf("  ");
        cmd_print(stdout, st->input[i].name);
        printf("  %s%s%s\n", st->input[i].dist, *st->input[i].unit ? " " : "", st->input[i].unit);
    }
}

static int check(struct mdl_study *st, const struct options *o, struct sim_err *err)
{
    struct sim_result one;
    struct estimate e;
    int rc;

    print_summary(st);
    mdl_balance_print(&st->balance, stdout);
    print_inputs(st);
    fflush(stdout);
    mdl_result_init(&one, st, 1);
    rc = probe(st, &one, &e, err);
    if (rc == 0)
        print_estimate(st, &one, &e, sim_batch_threads((int)o->threads));
    sim_result_free(&one);
    return rc;
}

int cmd_check(int argc, char **argv)
{
    struct options o = {.runs = -1, .seed = -1};
    struct cmd_args args;
    struct sim_err err = SIM_ERR_INIT;
    struct mdl_study st;
    struct mdl_options mo = {.share_dir = CMD_SHARE};
    int rc = cmd_parse(&usage, argc, argv, &o, &args);

    if (rc != CMD_GO_ON)
        return rc;
    mo.set = o.set.s;
    mo.n_set = o.set.n;
    mo.over = o.over;
    mo.runs = o.runs;
    mo.seed = o.seed;
    rc = mdl_study_load(&st, (const char *const *)args.operand, args.n, &mo, &err);
    if (rc == 0 && !o.quiet)
        rc = check(&st, &o, &err);
    mdl_study_free(&st);
    return cmd_end("check", rc, &err, NULL);
}
