#include "analysis/cli/cli.h"

#include "analysis/cli/page.h"
#include "analysis/file.h"
#include "analysis/report.h"
#include "analysis/store.h"

#include <stdlib.h>
#include <string.h>

struct options {
    const char *output, *against, *country, *title;
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
    {0}};

static const struct cmd_usage usage = {
    .name = "report",
    .operands = "FILE",
    .what = "One page of HTML that can be sent: the answer, charts with their tables, and what\n"
            "may not be concluded. It loads nothing from anywhere.",
    .least = 1,
    .most = 1,
    .options = options,
    .more = "Every measure is defined in analysis/README.md, \"What is measured\"."};

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

static int report(const struct options *o, const char *file, const char *output,
                  struct sim_err *err)
{
    struct sim_result with = {0}, base = {0}, both = {0};
    struct ana_compare c = {0};
    struct ana_text page = {0};
    struct ana_report_options say = {.title = o->title,
                                     .file = base_name(file),
                                     .against = o->against ? base_name(o->against) : NULL,
                                     .version = LODESTONE_VERSION,
                                     .style = cmd_page_style,
                                     .script = *cmd_page_script ? cmd_page_script : NULL};
    int rc = ana_file_try(output, err);

    if (rc == 0)
        rc = read_file(&with, file, err);
    if (rc == 0 && o->against)
        rc = read_file(&base, o->against, err);
    if (rc == 0 && o->against)
        rc = ana_compare_join(&both, &with, &base, err);
    if (rc == 0)
        rc = ana_compare(&c, o->against ? &both : &with,
                         &(struct ana_compare_options){.country = o->country}, err);
    if (rc == 0)
        rc = ana_report(&page, &c, &say, err);
    if (rc == 0)
        rc = ana_file_put(output, page.s, page.n, err);
    if (rc == 0)
        printf("%s\n", output);
    ana_text_free(&page);
    ana_compare_free(&c);
    sim_result_free(&both);
    sim_result_free(&base);
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
