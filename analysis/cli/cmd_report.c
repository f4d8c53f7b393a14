#include "analysis/cli/cli.h"

#include "analysis/cli/again.h"
#include "analysis/cli/page.h"
#include "analysis/cli/sweep.h"
#include "analysis/critical.h"
#include "analysis/file.h"
#include "analysis/report.h"
#include "analysis/store.h"
#include "sim/source.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct options {
    const char *output, *against, *country, *title, *critical;
    const char *of, *scenario, *good, *threshold; /* of a sweep */
    int64_t lever, why;
};

static const struct cmd_option options[] = {
    {"-o", "FILE", CMD_TEXT, 0, 0, offsetof(struct options, output),
     "the page (default: FILE with .html for .h5)"},
    {"--against", "FILE", CMD_TEXT, 0, 0, offsetof(struct options, against),
     "compare with the first scenario of this file; of a sweep, base: differences only"},
    {"--country", "CODE", CMD_TEXT, 0, 0, offsetof(struct options, country),
     "plants of this country; all = of every country"},
    {"--title", "TEXT", CMD_TEXT, 0, 0, offsetof(struct options, title),
     "heading of the page (default: the scenarios)"},
    {"--critical", "FILE", CMD_TEXT, 0, 0, offsetof(struct options, critical),
     "also what lodestone critical found and wrote there"},
    {"--why", "N", CMD_WHOLE, 0, 100, offsetof(struct options, why),
     "chains of causes of N plants a scenario: one run of each is done again (0)"},
    {"--output", "ID[:LABEL]", CMD_TEXT, 0, 0, offsetof(struct options, of),
     "of a sweep: this output only (default: as many as are quickly done)"},
    {"--scenario", "NAME", CMD_TEXT, 0, 0, offsetof(struct options, scenario),
     "of a sweep: in this scenario only"},
    {"--lever", "L", CMD_WHOLE, 0, ANA_POINTS_MAX, offsetof(struct options, lever),
     "of a sweep: factors at this point of the levers (default: 0)"},
    {"--good", "more|less", CMD_TEXT, 0, 0, offsetof(struct options, good),
     "of a sweep: is more of the output good, or less (default: both can be chosen)"},
    {"--threshold", "X", CMD_TEXT, 0, 0, offsetof(struct options, threshold),
     "of a sweep, with --good: what is worse than X is bad (default: the worst tenth)"},
    {0}};

static const struct cmd_usage usage = {
    .name = "report",
    .operands = "FILE",
    .what = "One page of HTML that can be sent: the answer, charts with their tables, and what\n"
            "may not be concluded. It loads nothing from anywhere.",
    .least = 1,
    .most = 1,
    .options = options,
    .more = "FILE may also be what lodestone critical or sweep merge wrote.\n"
            "Every measure is defined in analysis/README.md, \"What is measured\"."};

/* What the command critical wrote; it may have been looked into before. */
static int read_critical(struct sim_result *r, const char *path, struct sim_err *err)
{
    int rc = cmd_exists(path, err);

    sim_result_free(r);
    if (rc == 0)
        rc = ana_store_read_columns(r, path, ana_critical_columns, ana_critical_n_columns,
                                    ANA_GUARD, err);
    if (rc == 0 && !ana_critical_is(r))
        rc = sim_err_add(err, SIM_EINPUT, "%s: was not written by lodestone critical", path);
    return rc;
}

static int read_file(struct sim_result *r, const char *path, struct sim_err *err)
{
    size_t n = ana_compare_n_columns + ana_report_n_columns;
    const char **name = malloc(n * sizeof *name);
    int rc = name ? cmd_exists(path, err) : sim_err_add(err, SIM_ENOMEM, "memory runs out");

    for (size_t i = 0; name && i < n; i++)
        name[i] = i < ana_compare_n_columns ? ana_compare_columns[i]
                                            : ana_report_columns[i - ana_compare_n_columns];
    if (rc == 0)
        rc = ana_store_read_columns(r, path, name, n, ANA_GUARD, err);
    free(name);
    return rc;
}

static int is_sweep(const struct sim_result *r)
{
    return sim_result_find_input(r, "sweep") != NULL;
}

static int only_of_sweep(const struct options *o, struct sim_err *err)
{
    return o->of || o->scenario || o->lever || o->good || o->threshold
               ? sim_err_add(err, SIM_EINPUT,
                             "--output, --scenario, --lever, --good and --threshold are for sweeps")
               : 0;
}

/* The page must not take the place of what it is made from. */
static int not_over(const char *output, const char *input, struct sim_err *err)
{
    struct stat a, b;

    if (input == NULL || stat(output, &a) != 0 || stat(input, &b) != 0 || a.st_dev != b.st_dev ||
        a.st_ino != b.st_ino)
        return 0;
    return sim_err_add(err, SIM_EINPUT, "-o = %s: is %s, which the page is made from", output,
                       input);
}

/* "demo.h5" -> "demo.html". The caller frees it. */
static char *default_output(const char *file)
{
    size_t n = strlen(file);
    char *to = malloc(n + sizeof ".html");

    if (to == NULL)
        return NULL;
    n -= n > 3 && strcmp(file + n - 3, ".h5") == 0 ? 3 : 0;
    memcpy(to, file, n);
    memcpy(to + n, ".html", sizeof ".html");
    return to;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* The page of a file of the command critical, into `page`. */
static int report_critical(struct ana_text *page, const struct options *o, const char *file,
                           struct sim_result *r, const struct ana_report_options *say,
                           struct sim_err *err)
{
    struct ana_report_options alone = *say;
    int rc;

    if (o->against || o->country || o->critical || o->why || only_of_sweep(o, err) != 0)
        return sim_err_add(err, SIM_EINPUT,
                           "%s: was written by lodestone critical: of the options only -o and "
                           "--title are for it",
                           file);
    rc = read_critical(r, file, err);
    alone.critical = r;
    alone.critical_file = say->file;
    return rc ? rc : ana_report(page, NULL, &alone, err);
}

static int report_study(struct ana_text *page, const struct options *o,
                        const struct sim_result *with, const struct ana_report_options *say,
                        struct sim_err *err)
{
    struct ana_report_options own = *say;
    struct sim_result base = {0}, both = {0}, critical = {0};
    struct ana_compare c = {0};
    struct cmd_chains chains = {0};
    int rc = only_of_sweep(o, err);

    if (rc == 0 && o->against)
        rc = read_file(&base, o->against, err);
    if (rc == 0 && o->against)
        rc = cmd_one_study(&base, o->against, err);
    if (rc == 0 && o->critical)
        rc = read_critical(&critical, o->critical, err);
    own.critical = o->critical ? &critical : NULL;
    if (rc == 0 && o->against)
        rc = ana_compare_join(&both, with, &base, err);
    if (rc == 0)
        rc = ana_compare(&c, o->against ? &both : with,
                         &(struct ana_compare_options){.country = o->country}, err);
    if (rc == 0 && o->why > 0)
        rc = cmd_chains(&chains, &c, with, (size_t)o->why, err);
    own.chain = chains.chain;
    own.n_chain = chains.n;
    if (rc == 0)
        rc = ana_report(page, &c, &own, err);
    cmd_chains_free(&chains);
    ana_compare_free(&c);
    sim_result_free(&both);
    sim_result_free(&base);
    sim_result_free(&critical);
    return rc;
}

/* ---- a sweep ---- */

static int read_plan(struct ana_outcome_plan *to, const struct options *o, struct sim_err *err)
{
    int rc = 0;

    *to = (struct ana_outcome_plan){.output = o->of,
                                    .scenario = o->scenario,
                                    .against = o->against != NULL,
                                    .lever = (size_t)o->lever,
                                    .good = -1,
                                    .threshold = NAN,
                                    .density = 0.8,
                                    .mass = 0.05,
                                    .level = 0.95};
    if (o->against && strcmp(o->against, "base") != 0)
        rc = sim_err_add(err, SIM_EINPUT, "--against = %s: of a sweep it must be base", o->against);
    if (o->country || o->critical || o->why)
        rc = sim_err_add(err, SIM_EINPUT, "--country, --critical and --why are not for sweeps");
    if (o->good && strcmp(o->good, "more") != 0 && strcmp(o->good, "less") != 0)
        rc = sim_err_add(err, SIM_EINPUT, "--good = %s: must be more or less", o->good);
    else if (o->good)
        to->good = *o->good == 'm' ? ANA_MORE_IS_GOOD : ANA_LESS_IS_GOOD;
    if (o->threshold && sim_text_real(o->threshold, &to->threshold) != 0)
        rc = sim_err_add(err, SIM_EINPUT, "--threshold = %s: must be a number", o->threshold);
    if (o->threshold && o->good == NULL)
        rc =
            sim_err_add(err, SIM_EINPUT,
                        "--threshold X and --good more (or less) go together: X or better is good");
    return rc;
}

static int report_sweep(struct ana_text *page, const struct options *o, const char *file,
                        struct sim_result *r, const struct ana_report_options *say,
                        struct sim_err *err)
{
    struct cmd_sweep w = {0};
    struct ana_report_sweep s = {.r = r};
    int rc = read_plan(&s.plan, o, err);

    sim_result_free(r);
    if (rc == 0)
        rc = ana_store_read(r, file, err);
    if (rc == 0)
        rc = cmd_sweep_load_design(&w, r, err);
    s.d = &w.design;
    s.seed = (uint64_t)w.seed;
    if (rc == 0)
        rc = ana_report_of_sweep(page, &s, say, err);
    cmd_sweep_free(&w);
    return rc;
}

static int report_any(struct ana_text *page, const struct options *o, const char *file,
                      struct sim_result *r, const struct ana_report_options *say,
                      struct sim_err *err)
{
    if (ana_critical_is(r))
        return report_critical(page, o, file, r, say, err);
    return is_sweep(r) ? report_sweep(page, o, file, r, say, err)
                       : report_study(page, o, r, say, err);
}

static int report(const struct options *o, const char *file, const char *output,
                  struct sim_err *err)
{
    struct sim_result with = {0};
    struct ana_text page = {0};
    struct ana_report_options say = {.title = o->title,
                                     .file = base_name(file),
                                     .against = o->against ? base_name(o->against) : NULL,
                                     .critical_file = o->critical ? base_name(o->critical) : NULL,
                                     .version = LODESTONE_VERSION,
                                     .style = cmd_page_style,
                                     .script = *cmd_page_script ? cmd_page_script : NULL};
    int rc = not_over(output, file, err);

    if (rc == 0)
        rc = not_over(output, o->against, err);
    if (rc == 0)
        rc = not_over(output, o->critical, err);
    if (rc == 0)
        rc = ana_file_try(output, err);

    if (rc == 0)
        rc = read_file(&with, file, err);
    if (rc == 0)
        rc = report_any(&page, o, file, &with, &say, err);
    if (rc == 0)
        rc = ana_file_put(output, page.s, page.n, err);
    if (rc == 0)
        printf("%s\n", output);
    ana_text_free(&page);
    sim_result_free(&with);
    return rc;
}

int cmd_report(int argc, char **argv)
{
    struct options o = {0};
    struct cmd_args args;
    struct sim_err err = SIM_ERR_INIT;
    char *other = NULL;
    int rc = cmd_parse(&usage, argc, argv, &o, &args);

    if (rc != CMD_GO_ON)
        return rc;
    if (o.output == NULL)
        other = default_output(args.operand[0]);
    if (o.output == NULL && other == NULL)
        rc = sim_err_add(&err, SIM_ENOMEM, "memory runs out");
    else
        rc = report(&o, args.operand[0], o.output ? o.output : other, &err);
    free(other);
    return cmd_end("report", rc, &err, NULL);
}
