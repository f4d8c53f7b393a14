#include "analysis/cli/cli.h"

#include "analysis/cli/page.h"
#include "analysis/critical.h"
#include "analysis/file.h"
#include "analysis/report.h"
#include "analysis/store.h"

#include <stdlib.h>
#include <string.h>

struct options {
    const char *output, *against, *country, *title, *critical;
};

static const struct cmd_option options[] = {
    {"-o", "FILE", CMD_TEXT, 0, 0, offsetof(struct options, output),
     "the page (default: FILE with .html for .h5)"},
    {"--against", "FILE", CMD_TEXT, 0, 0, offsetof(struct options, against),
     "compare with the first scenario of this file"},
    {"--country", "CODE", CMD_TEXT, 0, 0, offsetof(struct options, country),
     "plants of this country; all = of every country"},
    {"--title", "TEXT", CMD_TEXT, 0, 0, offsetof(struct options, title),
     "heading of the page (default: the scenarios)"},
    {"--critical", "FILE", CMD_TEXT, 0, 0, offsetof(struct options, critical),
     "also what lodestone critical found and wrote there"},
    {0}};

static const struct cmd_usage usage = {
    .name = "report",
    .operands = "FILE",
    .what = "One page of HTML that can be sent: the answer, charts with their tables, and what\n"
            "may not be concluded. It loads nothing from anywhere.",
    .least = 1,
    .most = 1,
    .options = options,
    .more = "FILE may also be what lodestone critical wrote.\n"
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
    int rc = cmd_exists(path, err);

    if (rc == 0)
        rc = ana_store_read_columns(r, path, ana_report_columns, ana_report_n_columns, ANA_GUARD,
                                    err);
    return rc ? rc : cmd_one_study(r, path, err);
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

    if (o->against || o->country || o->critical)
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
    int rc = o->against ? read_file(&base, o->against, err) : 0;

    if (rc == 0 && o->critical)
        rc = read_critical(&critical, o->critical, err);
    own.critical = o->critical ? &critical : NULL;
    if (rc == 0 && o->against)
        rc = ana_compare_join(&both, with, &base, err);
    if (rc == 0)
        rc = ana_compare(&c, o->against ? &both : with,
                         &(struct ana_compare_options){.country = o->country}, err);
    if (rc == 0)
        rc = ana_report(page, &c, &own, err);
    ana_compare_free(&c);
    sim_result_free(&both);
    sim_result_free(&base);
    sim_result_free(&critical);
    return rc;
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
    int rc = ana_file_try(output, err);

    if (rc == 0)
        rc = read_file(&with, file, err);
    if (rc == 0)
        rc = ana_critical_is(&with) ? report_critical(&page, o, file, &with, &say, err)
                                    : report_study(&page, o, &with, &say, err);
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
