#include "analysis/cli/cli.h"

#include "analysis/cli/again.h"
#include "analysis/show.h"
#include "analysis/store.h"
#include "analysis/why.h"

#include <stdlib.h>
#include <string.h>

struct options {
    const char *scenario, *site, *product, *date;
    int64_t run, order, width;
};

#define AT(field) offsetof(struct options, field)
static const struct cmd_option options[] = {
    {"--scenario", "NAME", CMD_TEXT, 0, 0, AT(scenario),
     "of this scenario (default: the one that is not the baseline)"},
    {"--run", "K", CMD_WHOLE, 0, 999999, AT(run), "number of the run (0)"},
    {"--site", "SITE", CMD_TEXT, 0, 0, AT(site),
     "plant, or market (default: the plant that loses most)"},
    {"--date", "DATE", CMD_TEXT, 0, 0, AT(date),
     "day (default: the first of its longest stop; of a market, the worst)"},
    {"--product", "PRODUCT", CMD_TEXT, 0, 0, AT(product),
     "the line that makes it, or lacks it; what is sold (default: the worst)"},
    {"--order", "NUMBER", CMD_WHOLE, 1, INT64_MAX, AT(order),
     "instead: all that happened to an order line"},
    {"--width", "N", CMD_WHOLE, ANA_SHOW_WIDTH_MIN, 400, AT(width),
     "columns (default: those of the terminal, else 100)"},
    {0}};

static const struct cmd_usage usage = {
    .name = "why",
    .operands = "FILE",
    .what = "Why a line stood, or customers of a market were lost, on a day: from plant to plant "
            "to the\n"
            "root cause, with stocks and orders; or what became of one order line, from placement "
            "to receipt.",
    .least = 1,
    .most = 1,
    .options = options,
    .more =
        "Any file of results will do: the run is done again from the input that the file carries,\n"
        "unless the file has a whole trace of it (lodestone run --trace). The largest branch is\n"
        "followed; the others are named with their share."};

/* What the answer is made of: the file, and the run done again where the file has no trace. */
struct answer {
    struct sim_result file, again;
    struct mdl_study st;
    struct ana_why_question q;
};

/* ---- the question ---- */

static int find_scenario(const struct options *o, struct answer *a, struct sim_err *err)
{
    const struct sim_axis *s = &a->file.axis[sim_result_find_axis(&a->file, "scenario")];
    char names[4000];
    size_t n = 0;

    if (o->scenario)
        return ana_why_place(&a->file, "scenario", "--scenario", o->scenario, &a->q.scenario, err);
    a->q.scenario = s->n > 1;
    if (s->n <= 2)
        return 0;
    for (size_t i = 0; i < s->n && n < sizeof names - 1; i++)
        n += (size_t)snprintf(names + n, sizeof names - n, "%s%.100s", i ? ", " : "", s->label[i]);
    return sim_err_add(err, SIM_EINPUT, "--scenario is missing: the file has %s", names);
}

static int find_date(const struct options *o, struct answer *a, struct sim_err *err)
{
    const char *start = sim_result_find_attr(&a->file, "start"),
               *horizon = sim_result_find_attr(&a->file, "horizon_d");
    int32_t first = 0, day;
    char from[11], until[11];
    long days = horizon ? strtol(horizon, NULL, 10) : 0;

    a->q.day = SIM_DAY_NONE;
    if (o->date == NULL)
        return 0;
    if (sim_date_parse(&day, o->date) != 0)
        return sim_err_add(err, SIM_EINPUT, "--date = %s: must be a date YYYY-MM-DD", o->date);
    if (start == NULL || sim_date_parse(&first, start) != 0)
        return sim_err_add(err, SIM_ERUN, "the file does not say when it starts");
    a->q.day = day - first;
    if (a->q.day >= 0 && a->q.day < days)
        return 0;
    sim_date_print(first, from);
    sim_date_print(first + (int32_t)days - 1, until);
    return sim_err_add(err, SIM_EINPUT, "--date = %s: the file has days from %s to %s", o->date,
                       from, until);
}

static int ask(const struct options *o, struct answer *a, struct sim_err *err)
{
    int rc;

    a->q = (struct ana_why_question){.run = o->run,
                                     .site = ANA_WHY_ANY,
                                     .product = ANA_WHY_ANY,
                                     .plant = ANA_WHY_ANY,
                                     .order = o->order,
                                     .width = cmd_width(o->width),
                                     .utf8 = cmd_utf8()};
    rc = find_scenario(o, a, err);
    if (o->site && ana_why_place(&a->file, "site", "--site", o->site, &a->q.site, err) != 0)
        rc = SIM_EINPUT;
    if (o->product &&
        ana_why_place(&a->file, "product", "--product", o->product, &a->q.product, err) != 0)
        rc = SIM_EINPUT;
    if (find_date(o, a, err) != 0)
        rc = SIM_EINPUT;
    return rc ? rc : ana_why_complete(&a->q, &a->file, err);
}

/* ---- the trace ---- */

static int run_again(struct answer *a, struct sim_err *err)
{
    int rc = mdl_study_load_result(&a->st, &a->file, err);

    return rc ? rc
              : cmd_again(&a->again, &a->st, &a->file, &a->q, a->q.order ? SIM_DAY_NONE : a->q.day,
                          err);
}

static int read_trace(struct answer *a, const char *path, struct sim_err *err)
{
    sim_result_free(&a->file);
    return ana_store_read_columns(&a->file, path, ana_why_events, ana_why_n_events, ANA_GUARD, err);
}

static int why(const struct options *o, struct answer *a, const char *path, struct sim_err *err)
{
    const struct sim_result *from = &a->file;
    int rc = cmd_exists(path, err);

    if (rc == 0)
        rc = ana_store_read_columns(&a->file, path, ana_why_columns, ana_why_n_columns, ANA_GUARD,
                                    err);
    if (rc == 0)
        rc = cmd_one_study(&a->file, path, err);
    if (rc == 0)
        rc = ask(o, a, err);
    if (rc != 0)
        return rc;
    if (ana_why_covered(&a->q, &a->file)) {
        rc = read_trace(a, path, err);
    } else {
        rc = run_again(a, err);
        from = &a->again;
    }
    if (rc != 0)
        return rc;
    return a->q.order ? ana_why_order(stdout, from, &a->q, err)
                      : ana_why_chain(stdout, from, &a->q, err);
}

int cmd_why(int argc, char **argv)
{
    struct options o = {0};
    struct cmd_args args;
    struct sim_err err = SIM_ERR_INIT;
    struct answer a = {0};
    int rc = cmd_parse(&usage, argc, argv, &o, &args);

    if (rc != CMD_GO_ON)
        return rc;
    rc = why(&o, &a, args.operand[0], &err);
    sim_result_free(&a.again);
    sim_result_free(&a.file);
    mdl_study_free(&a.st);
    return cmd_end("why", rc, &err, NULL);
}
