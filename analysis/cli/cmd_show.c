#include "analysis/cli/cli.h"

#include "analysis/compare.h"
#include "analysis/critical.h"
#include "analysis/show.h"
#include "analysis/store.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct options {
    const char *against, *scenario, *country, *tier, *plots;
    int64_t top, width;
    int all;
};

static const struct cmd_option options[] = {
    {"--against", "FILE", CMD_TEXT, 0, 0, offsetof(struct options, against),
     "compare with the first scenario of this file"},
    {"--scenario", "NAME", CMD_TEXT, 0, 0, offsetof(struct options, scenario),
     "this scenario only"},
    {"--country", "CODE", CMD_TEXT, 0, 0, offsetof(struct options, country),
     "plants of this country; all = of every country"},
    {"--tier", "STAGE", CMD_TEXT, 0, 0, offsetof(struct options, tier),
     "plants of this stage of the chain"},
    {"--top", "N", CMD_WHOLE, 1, 100000, offsetof(struct options, top),
     "plants shown for each scenario (8); other lists: half"},
    {"--all", NULL, CMD_FLAG, 0, 0, offsetof(struct options, all),
     "every line that ever stops, and every list in full"},
    {"--width", "N", CMD_WHOLE, ANA_SHOW_WIDTH_MIN, 400, offsetof(struct options, width),
     "columns (default: those of the terminal, else 100)"},
    {"--plots", "none|ascii|blocks", CMD_TEXT, 0, 0, offsetof(struct options, plots),
     "small bars and lines (default: on a terminal, by what it can)"},
    {0}};

static const struct cmd_usage usage = {
    .name = "show",
    .operands = "FILE",
    .what = "The answer: which plants stop, when, for how long, what is lost, why, and how sure\n"
            "that is; each scenario of the file against its first, run by run.",
    .least = 1,
    .most = 1,
    .options = options,
    .more =
        "Of a file that lodestone critical wrote: its table again (--top, --all).\n"
        "On a terminal titles are bold, unless NO_COLOR is set or TERM is dumb; where it shows\n"
        "UTF-8 the bars are block elements. What goes to a file or a pipe has neither.\n"
        "Every measure is defined in analysis/README.md, \"What is measured\"."};

static int read_file(struct sim_result *r, const char *path, struct sim_err *err)
{
    int rc = cmd_exists(path, err);

    if (rc == 0)
        rc = ana_store_read_columns(r, path, ana_compare_columns, ana_compare_n_columns, ANA_GUARD,
                                    err);
    return rc ? rc : cmd_one_study(r, path, err);
}

/* What the command critical printed when it wrote the file. */
static int show_critical(const struct options *o, struct sim_result *r, const char *file,
                         struct sim_err *err)
{
    const struct ana_critical_look look = {o->all   ? SIZE_MAX
                                           : o->top ? (size_t)o->top
                                                    : ANA_CRITICAL_TOP,
                                           cmd_width(o->width), cmd_utf8()};
    int rc;

    if (o->against || o->scenario || o->country || o->tier)
        return sim_err_add(err, SIM_EINPUT,
                           "%s: was written by lodestone critical: of the options only --top, "
                           "--all and --width are for it",
                           file);
    sim_result_free(r);
    rc = ana_store_read_columns(r, file, ana_critical_columns, ana_critical_n_columns, ANA_GUARD,
                                err);
    return rc ? rc : ana_critical_show(stdout, r, &look, err);
}

static int on_terminal(const char *but)
{
    const char *terminal = getenv("TERM");

    return isatty(STDOUT_FILENO) && !(terminal && strcmp(terminal, but) == 0);
}

/* The font of the Linux console has no block elements but the full one. */
static enum ana_plots plots_of(const struct options *o)
{
    if (o->plots)
        return *o->plots == 'n'   ? ANA_PLOTS_NONE
               : *o->plots == 'a' ? ANA_PLOTS_ASCII
                                  : ANA_PLOTS_BLOCKS;
    if (!isatty(STDOUT_FILENO))
        return ANA_PLOTS_NONE;
    return cmd_utf8() && on_terminal("linux") ? ANA_PLOTS_BLOCKS : ANA_PLOTS_ASCII;
}

static int is_strong(void)
{
    const char *no = getenv("NO_COLOR");

    return on_terminal("dumb") && !(no && *no);
}

static int show(const struct options *o, const char *file, struct sim_err *err)
{
    struct sim_result with = {0}, base = {0}, both = {0};
    const struct sim_result *r = o->against ? &both : &with;
    struct ana_compare c = {0};
    struct ana_compare_options compare = {.country = o->country, .tier = o->tier};
    struct ana_show_options say = {.file = file,
                                   .against = o->against,
                                   .scenario = o->scenario,
                                   .all = o->all,
                                   .top = o->top ? (size_t)o->top : ANA_SHOW_TOP,
                                   .width = cmd_width(o->width),
                                   .utf8 = cmd_utf8() || plots_of(o) == ANA_PLOTS_BLOCKS,
                                   .plots = plots_of(o),
                                   .strong = is_strong()};
    int rc = read_file(&with, file, err);

    if (rc == 0 && ana_critical_is(&with)) {
        rc = show_critical(o, &with, file, err);
        sim_result_free(&with);
        return rc;
    }
    if (rc == 0 && o->against)
        rc = read_file(&base, o->against, err);
    if (rc == 0 && o->against)
        rc = ana_compare_join(&both, &with, &base, err);
    if (rc == 0)
        rc = ana_compare(&c, r, &compare, err);
    if (rc == 0)
        rc = ana_show(stdout, &c, &say, err);
    ana_compare_free(&c);
    sim_result_free(&both);
    sim_result_free(&base);
    sim_result_free(&with);
    return rc;
}

int cmd_show(int argc, char **argv)
{
    struct options o = {0};
    struct cmd_args args;
    struct sim_err err = SIM_ERR_INIT;
    int rc = cmd_parse(&usage, argc, argv, &o, &args);

    if (rc != CMD_GO_ON)
        return rc;
    if (o.plots && strcmp(o.plots, "none") != 0 && strcmp(o.plots, "ascii") != 0 &&
        strcmp(o.plots, "blocks") != 0)
        return cmd_misuse(&usage, "--plots = %s: must be none, ascii or blocks", o.plots);
    rc = show(&o, args.operand[0], &err);
    return cmd_end("show", rc, &err, NULL);
}
