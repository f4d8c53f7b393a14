#include "analysis/cli/cli.h"

#include "analysis/export.h"
#include "analysis/store.h"

struct options {
    const char *dir;
    int quiet;
};

static const struct cmd_option options[] = {
    {"--csv", "DIR", CMD_TEXT, 0, 0, offsetof(struct options, dir),
     "folder for the tables; made if needed"},
    {"--quiet", NULL, CMD_FLAG, 0, 0, offsetof(struct options, quiet), "print faults only"},
    {0}};

static const struct cmd_usage usage = {
    .name = "export",
    .operands = "FILE --csv DIR",
    .what = "Writes the results of a file as tables (CSV), for spreadsheets and R.",
    .least = 1,
    .most = 1,
    .options = options,
    .more =
        "One table for the columns that share their axes (data_*.csv), one for each axis\n"
        "(axis_*.csv); columns.csv says what each column means, about.csv where it comes from.\n"
        "Of a sweep also experiments.csv, outcomes.csv and problem.json, as EMA Workbench and "
        "SALib\n"
        "have them."};

int cmd_export(int argc, char **argv)
{
    struct options o = {0};
    struct cmd_args args;
    struct sim_err err = SIM_ERR_INIT;
    struct sim_result r = {0};
    int rc = cmd_parse(&usage, argc, argv, &o, &args);

    if (rc != CMD_GO_ON)
        return rc;
    if (o.dir == NULL)
        return cmd_misuse(&usage, "--csv DIR is missing: the folder for the tables");
    rc = cmd_exists(args.operand[0], &err);
    if (rc == 0)
        rc = ana_store_read(&r, args.operand[0], &err);
    if (rc == 0)
        rc = ana_export_csv(&r, o.dir, &err);
    if (rc == 0 && sim_result_find_input(&r, "sweep"))
        rc = ana_export_sweep(&r, o.dir, &err);
    sim_result_free(&r);
    if (rc == 0 && !o.quiet) {
        cmd_print(stdout, o.dir);
        printf(": tables of ");
        cmd_print(stdout, args.operand[0]);
        printf("; columns.csv says what is in them\n");
    }
    return cmd_end("export", rc, &err, "no table was written");
}
