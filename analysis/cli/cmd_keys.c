#include "analysis/cli/cli.h"

#include "analysis/backtest.h"
#include "analysis/sweep.h"
#include "sim/source.h"

#include <string.h>

struct options {
    int markdown;
};

static const struct cmd_option options[] = {{"--markdown", NULL, CMD_FLAG, 0, 0,
                                             offsetof(struct options, markdown),
                                             "as tables for a README"},
                                            {0}};

static const struct cmd_usage usage = {
    .name = "keys",
    .operands = "[NAME...]",
    .what = "The reference of everything that can be written in a scenario (.cfg) and in the "
            "tables of\n"
            "a network (.csv): name, unit, default, meaning and what is allowed.",
    .least = 0,
    .most = 100,
    .options = options,
    .more = "NAME is a key (approval), a part (rules, lanes, distributions) or a kind of rule\n"
            "(licence). Without it all are printed."};

/* A part of the reference: the keys of one group or table. */
struct part {
    const char *name, *meaning;
    const struct sim_key *keys; /* NULL: the distributions */
    int is_table;
    char where[80];
};

enum { MAX_PARTS = 64, MAX_WORDS = 1000 };

/* The lists in a group of keys, each followed by those in its entries. in: where the group is, for
 * people. */
static int list_lists(struct part *p, int n, const struct sim_key *keys, const char *in)
{
    for (const struct sim_key *k = keys; k->name; k++) {
        char at[40];

        if (k->type != SIM_KEY_LIST)
            continue;
        sim_bug_if(n == MAX_PARTS);
        p[n] = (struct part){.name = k->name, .meaning = k->meaning, .keys = k->sub};
        snprintf(p[n++].where, sizeof p->where, "scenario file, in each entry of %s%s", k->name,
                 in);
        snprintf(at, sizeof at, ", in %s", k->name);
        n = list_lists(p, n, k->sub, at);
    }
    return n;
}

static struct part part_of(const char *name, const char *where, const char *meaning,
                           const struct sim_key *keys, int is_table)
{
    struct part p = {.name = name, .meaning = meaning, .keys = keys, .is_table = is_table};

    snprintf(p.where, sizeof p.where, "%s", where);
    return p;
}

static int list_parts(struct part *p)
{
    int n = 0;

    p[n++] =
        part_of("scenario", "scenario file", "keys at the top of a scenario", mdl_scenario_keys, 0);
    n = list_lists(p, n, mdl_scenario_keys, "");
    for (int k = 0; mdl_policies[k]; k++)
        p[n++] = part_of(mdl_policies[k]->name, "rules with this action", mdl_policies[k]->meaning,
                         mdl_policies[k]->keys, 0);
    for (int t = 0; t < MDL_TABLES; t++)
        p[n++] = part_of(mdl_tables[t].name,
                         mdl_tables[t].required ? "table of the network, needed"
                                                : "table of the network, may be missing",
                         mdl_tables[t].meaning, mdl_tables[t].keys, 1);
    p[n++] =
        part_of("backtest", "backtest.cfg", "keys at the top of a back-test", ana_backtest_keys, 0);
    p[n++] = part_of("windows", "backtest.cfg, in each entry of windows",
                     "months over which errors are taken", ana_backtest_window_keys, 0);
    p[n++] =
        part_of("users", "backtest.cfg, in each entry of users",
                "groups of sites whose stops are counted together", ana_backtest_users_keys, 0);
    p[n++] =
        part_of("trough", "backtest.cfg", "the month with the least", ana_backtest_trough_keys, 0);
    p[n++] = part_of("shortfall", "backtest.cfg", "what is missing, and made good",
                     ana_backtest_shortfall_keys, 0);
    p[n++] = part_of("sanity", "backtest.cfg", "bounds on what the series does not show",
                     ana_backtest_sanity_keys, 0);
    p[n++] = part_of("observed", "observed.csv beside backtest.cfg", "the published series",
                     ana_backtest_observed_keys, 1);
    p[n++] = part_of("sweep", "sweep file", "keys at the top of a sweep", ana_sweep_keys, 0);
    p[n++] = part_of("factors", "sweep file, in each entry of factors", "what is varied",
                     ana_sweep_factor_keys, 0);
    p[n++] = part_of("design", "sweep file, in design, or in uncertainties and levers there",
                     "which values of the factors go together", ana_sweep_part_keys, 0);
    p[n++] = part_of("replications", "sweep file", "how often each point is run",
                     ana_sweep_runs_keys, 0);
    p[n++] = part_of("stop", "sweep file, in each entry of stop",
                     "what must be known well before a point is done", ana_sweep_stop_keys, 0);
    p[n++] = part_of("output", "sweep file, in each entry of outputs",
                     "a number of a run that is kept", ana_pick_keys, 0);
    p[n++] =
        part_of("distributions", "where a key takes a distribution", "laws of chance", NULL, 0);
    return n;
}

static void allowed(const struct part *p, const struct sim_key *k, char *to, size_t n)
{
    if (p->is_table && k->type == SIM_KEY_STRS)
        snprintf(to, n, "words separated by blanks");
    else if (p->is_table && k->type == SIM_KEY_REALS)
        snprintf(to, n, "numbers separated by blanks, each %g to %g", k->lo, k->hi);
    else
        sim_keys_allowed(k, to, n);
    if (k->sub == sim_key_fixed)
        snprintf(to + strlen(to), n - strlen(to), ", the same in all runs");
}

/* ---- text ---- */

static void print_key(const struct part *p, const struct sim_key *k)
{
    char what[512];

    allowed(p, k, what, sizeof what);
    printf("  %s", k->name);
    if (*k->unit)
        printf(" [%s]", k->unit);
    if (k->def == NULL)
        printf(", required");
    else if (*k->def)
        printf(", default %s", k->def);
    printf("\n      %s (%s)\n", k->meaning, what);
}

static void print_form(const struct sim_dist_form *f)
{
    printf("  %s(", f->name);
    for (int i = 0; f->param[i]; i++)
        printf("%s%s", i ? "," : "", f->param[i]);
    printf(")\n      in a scenario also { dist = \"%s\";", f->name);
    for (int i = 0; f->param[i]; i++)
        printf(" %s = ...;", f->param[i]);
    printf(" }\n");
}

static void print_head(const struct part *p)
{
    printf("%s (%s): %s\n", p->name, p->where, p->meaning);
}

static void print_part(const struct part *p)
{
    print_head(p);
    if (p->keys && p->keys->name == NULL)
        printf("  (no keys of its own)\n");
    for (const struct sim_key *k = p->keys; k && k->name; k++)
        print_key(p, k);
    for (const struct sim_dist_form *f = sim_dist_forms; p->keys == NULL && f->name; f++)
        print_form(f);
    putchar('\n');
}

/* ---- markdown ---- */

static void cell(const char *text)
{
    fputs(" ", stdout);
    for (; *text; text++)
        fputs(*text == '|' ? "\\|" : *text == '<' ? "&lt;" : (char[]){*text, 0}, stdout);
    fputs(" |", stdout);
}

static void mark_form(const struct sim_dist_form *f)
{
    printf("| `%s(", f->name);
    for (int i = 0; f->param[i]; i++)
        printf("%s%s", i ? "," : "", f->param[i]);
    printf(")` | `{ dist = \"%s\";", f->name);
    for (int i = 0; f->param[i]; i++)
        printf(" %s = ...;", f->param[i]);
    printf(" }` |\n");
}

/* only: the name of one key or distribution; NULL = all of the part. */
static void mark_part(const struct part *p, const char *only)
{
    char what[512];

    printf("### %s\n\n%s: %s.\n\n", p->name, p->where, p->meaning);
    if (p->keys == NULL) {
        printf("| text | in a scenario also |\n|---|---|\n");
        for (const struct sim_dist_form *f = sim_dist_forms; f->name; f++)
            if (only == NULL || strcmp(f->name, only) == 0)
                mark_form(f);
        putchar('\n');
        return;
    }
    if (p->keys->name == NULL) {
        printf("No keys of its own.\n\n");
        return;
    }
    printf("| %s | unit | default | allowed | meaning |\n|---|---|---|---|---|\n",
           p->is_table ? "column" : "key");
    for (const struct sim_key *k = p->keys; k->name; k++) {
        if (only && strcmp(k->name, only) != 0)
            continue;
        allowed(p, k, what, sizeof what);
        printf("| `%s` |", k->name);
        cell(k->unit);
        cell(k->def == NULL ? "**required**" : k->def);
        cell(what);
        cell(k->meaning);
        putchar('\n');
    }
    putchar('\n');
}

/* ---- one name ---- */

static int has_key(const struct part *p, const char *name)
{
    int has = 0;

    for (const struct sim_key *k = p->keys; k && k->name; k++)
        has |= strcmp(k->name, name) == 0;
    for (const struct sim_dist_form *f = sim_dist_forms; p->keys == NULL && f->name; f++)
        has |= strcmp(f->name, name) == 0;
    return has;
}

static void show_key(const struct part *p, const char *name)
{
    print_head(p);
    for (const struct sim_key *k = p->keys; k && k->name; k++)
        if (strcmp(k->name, name) == 0)
            print_key(p, k);
    for (const struct sim_dist_form *f = sim_dist_forms; p->keys == NULL && f->name; f++)
        if (strcmp(f->name, name) == 0)
            print_form(f);
}

/* As tables, a part is shown without the keys of the same name elsewhere. */
static int show_name(const struct part *part, int n, const char *name, int markdown)
{
    int found = 0, is_part = 0;

    for (int i = 0; i < n; i++)
        is_part |= strcmp(part[i].name, name) == 0;
    for (int i = 0; i < n; i++) {
        int whole = strcmp(part[i].name, name) == 0;

        if (!whole && (!has_key(&part[i], name) || (markdown && is_part)))
            continue;
        if (markdown)
            mark_part(&part[i], whole ? NULL : name);
        else if (whole)
            print_part(&part[i]);
        else
            show_key(&part[i], name);
        found = 1;
    }
    return found;
}

static int no_such(const struct part *part, int n, const char *name)
{
    const char *words[MAX_WORDS], *near;
    size_t m = 0;

    for (int i = 0; i < n && m < MAX_WORDS; i++) {
        words[m++] = part[i].name;
        for (const struct sim_key *k = part[i].keys; k && k->name && m < MAX_WORDS; k++)
            words[m++] = k->name;
    }
    near = sim_nearest(name, words, m);
    if (near)
        return cmd_misuse(&usage, "there is no key or part '%s'; did you mean '%s'?", name, near);
    return cmd_misuse(&usage, "there is no key or part '%s'", name);
}

int cmd_keys(int argc, char **argv)
{
    struct options o = {0};
    struct cmd_args args;
    struct part part[MAX_PARTS];
    int rc = cmd_parse(&usage, argc, argv, &o, &args), n = list_parts(part);

    if (rc != CMD_GO_ON)
        return rc;
    for (int i = 0; i < args.n; i++)
        if (!show_name(part, n, args.operand[i], o.markdown))
            return no_such(part, n, args.operand[i]);
    for (int i = 0; i < n && args.n == 0; i++) {
        if (o.markdown)
            mark_part(&part[i], NULL);
        else
            print_part(&part[i]);
    }
    return CMD_DONE;
}
