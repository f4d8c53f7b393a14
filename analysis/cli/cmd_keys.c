#include "analysis/cli/cli.h"

#include "analysis/backtest.h"
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
    const char *name, *where, *meaning;
    const struct sim_key *keys; /* NULL: the distributions */
    int is_table;
};

enum { MAX_PARTS = 64, MAX_WORDS = 1000 };

static int list_parts(struct part *p)
{
    int n = 0;

    p[n++] = (struct part){"scenario", "scenario file", "keys at the top of a scenario",
                           mdl_scenario_keys, 0};
    p[n++] = (struct part){"offices", "scenario file, in each entry of offices", "licence offices",
                           mdl_office_keys, 0};
    p[n++] = (struct part){"rules", "scenario file, in each entry of rules",
                           "rules of export control, whatever their action", mdl_rule_keys, 0};
    p[n++] = (struct part){"set", "scenario file, in each entry of set",
                           "overrides of the network's tables", mdl_override_keys, 0};
    for (int k = 0; mdl_policies[k]; k++)
        p[n++] = (struct part){mdl_policies[k]->name, "rules with this action",
                               mdl_policies[k]->meaning, mdl_policies[k]->keys, 0};
    for (int t = 0; t < MDL_TABLES; t++)
        p[n++] = (struct part){mdl_tables[t].name,
                               mdl_tables[t].required ? "table of the network, needed"
                                                      : "table of the network, may be missing",
                               mdl_tables[t].meaning, mdl_tables[t].keys, 1};
    p[n++] = (struct part){"backtest", "backtest.cfg", "keys at the top of a back-test",
                           ana_backtest_keys, 0};
    p[n++] = (struct part){"windows", "backtest.cfg, in each entry of windows",
                           "months over which errors are taken", ana_backtest_window_keys, 0};
    p[n++] = (struct part){"users", "backtest.cfg, in each entry of users",
                           "groups of sites whose stops are counted together",
                           ana_backtest_users_keys, 0};
    p[n++] = (struct part){"trough", "backtest.cfg", "the month with the least",
                           ana_backtest_trough_keys, 0};
    p[n++] = (struct part){"shortfall", "backtest.cfg", "what is missing, and made good",
                           ana_backtest_shortfall_keys, 0};
    p[n++] = (struct part){"sanity", "backtest.cfg", "bounds on what the series does not show",
                           ana_backtest_sanity_keys, 0};
    p[n++] = (struct part){"observed", "observed.csv beside backtest.cfg", "the published series",
                           ana_backtest_observed_keys, 1};
    p[n++] = (struct part){"distributions", "where a key takes a distribution", "laws of chance",
                           NULL, 0};
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

static void mark_part(const struct part *p)
{
    char what[512];

    printf("### %s\n\n%s: %s.\n\n", p->name, p->where, p->meaning);
    if (p->keys == NULL) {
        printf("| text | in a scenario also |\n|---|---|\n");
        for (const struct sim_dist_form *f = sim_dist_forms; f->name; f++) {
            printf("| `%s(", f->name);
            for (int i = 0; f->param[i]; i++)
                printf("%s%s", i ? "," : "", f->param[i]);
            printf(")` | `{ dist = \"%s\";", f->name);
            for (int i = 0; f->param[i]; i++)
                printf(" %s = ...;", f->param[i]);
            printf(" }` |\n");
        }
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

static int show_name(const struct part *part, int n, const char *name, int markdown)
{
    int found = 0;

    for (int i = 0; i < n; i++) {
        int head = 0;

        if (strcmp(part[i].name, name) == 0) {
            if (markdown)
                mark_part(&part[i]);
            else
                print_part(&part[i]);
            found = 1;
            continue;
        }
        for (const struct sim_key *k = part[i].keys; k && k->name; k++)
            if (strcmp(k->name, name) == 0) {
                if (!head++)
                    print_head(&part[i]);
                print_key(&part[i], k);
                found = 1;
            }
        for (const struct sim_dist_form *f = sim_dist_forms; part[i].keys == NULL && f->name; f++)
            if (strcmp(f->name, name) == 0) {
                print_head(&part[i]);
                print_form(f);
                found = 1;
            }
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
            mark_part(&part[i]);
        else
            print_part(&part[i]);
    }
    return CMD_DONE;
}
