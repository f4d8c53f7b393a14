#include "analysis/cli/cli.h"

#include "analysis/backtest.h"

#include <string.h>
#include <unistd.h>

#define AT(field) offsetof(struct cmd_work_options, field)
static const struct cmd_option options[] = {
    {"-o", "FILE", CMD_TEXT, 0, 0, AT(out), "file to write (default: the folder's name, .h5)"},
    {"--runs", "N", CMD_WHOLE, 1, 1000000, AT(runs), "runs, instead of the scenario's own"},
    {"--seed", "S", CMD_WHOLE, 0, INT64_C(1) << 53, AT(seed), "seed, instead of the scenario's"},
    {"--threads", "T", CMD_WHOLE, 1, 1024, AT(threads), "cores to use (default: all)"},
    {"--set", "PATH=VALUE", CMD_TEXTS, 0, 0, AT(set),
     "change a key in the scenario, and in the baseline where it has that"},
    {"--over", "X.cfg", CMD_TEXT, 0, 0, AT(over),
     "keys that are laid over scenario and baseline, before --set: rare-earth/uncertain"},
    {"--audit", NULL, CMD_FLAG, 0, 0, AT(audit),
     "check in every run that nothing appears or is lost"},
    {"--max-mem", "SIZE", CMD_SIZE, 0, 0, AT(max_mem),
     "refuse to start above this (default: half of the machine's)"},
    {"--quiet", NULL, CMD_FLAG, 0, 0, AT(quiet), "print faults only"},
    {"--progress", "json", CMD_TEXT, 0, 0, AT(progress), "a line of JSON now and then, on stderr"},
    {0}};

static const struct cmd_usage usage = {
    .name = "backtest",
    .operands = "DIR",
    .what =
        "Runs a real episode and holds it against what was observed: by month, as quantity and\n"
        "as index, with errors, the naive forecast's beside them, and a verdict.",
    .least = 1,
    .most = 1,
    .options = options,
    .more =
        "DIR holds backtest.cfg (lodestone keys backtest) and observed.csv; it is a folder, or a\n"
        "name under scenarios/backtests/ here or among those installed. The file that is written\n"
        "has all that `run` writes, and the back-test. Exit status 0: passed. 1: missed; the file\n"
        "was written."};

/* What the back-test adds to the work of `run`. */
struct job {
    struct ana_backtest_plan plan;
    struct ana_backtest result;
    struct sim_arena arena; /* of the plan */
    const char *dir;
    char *file[2]; /* baseline, scenario; or the scenario alone */
    int n_file;
    char *dependent;
    int none; /* no run was done */
};

/* ---- where things are ---- */

static char *join(struct sim_arena *a, const char *x, const char *y, const char *z)
{
    size_t n = strlen(x) + strlen(y) + strlen(z) + 1;
    char *s = sim_arena_alloc(a, n, 1);

    snprintf(s, n, "%s%s%s", x, y, z);
    return s;
}

/* As it is written, else under scenarios/backtests/, else among those installed. */
static const char *find_folder(struct sim_arena *a, const char *name)
{
    static const char *const under[] = {"scenarios/backtests/", CMD_SHARE "/backtests/"};

    for (size_t i = 0; i < 2 && access(name, F_OK) != 0; i++) {
        char *path = join(a, under[i], name, "");

        if (access(path, F_OK) == 0)
            return path;
    }
    return name;
}

/* The last part of a path; "backtest" where that is none. */
static char *default_out(struct sim_arena *a, const char *dir)
{
    size_t end = strlen(dir), from;
    char *name;

    while (end > 0 && dir[end - 1] == '/')
        end--;
    for (from = end; from > 0 && dir[from - 1] != '/';)
        from--;
    name = sim_arena_copy(a, dir + from, end - from);
    if (strcmp(name, "") == 0 || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        name = sim_arena_copy(a, "backtest", strlen("backtest"));
    return join(a, name, ".h5", "");
}

/* One of the plan's scenarios: its path into the list. */
static int find_file(struct job *j, const char *key, const char *name, struct sim_err *err)
{
    const char *slash;
    char *path;

    if (name == NULL || *name == '\0')
        return 0;
    path = mdl_study_find(&j->arena, j->dir, name, CMD_SHARE);
    if (path == NULL)
        return sim_tree_fault(
            sim_tree_get(j->plan.tree, key), err,
            "no such file beside this one, in the folders above it, or among those installed");
    slash = strrchr(path, '/');
    if (strcmp(slash ? slash + 1 : path, "backtest.cfg") == 0)
        return sim_tree_fault(sim_tree_get(j->plan.tree, key), err,
                              "must have another name than backtest.cfg");
    j->file[j->n_file++] = path;
    return 0;
}

/* The plan has faults: what is wrong with its scenarios is told as well. */
static void look_further(const struct job *j, const struct cmd_work_options *o, struct sim_err *err)
{
    const struct mdl_options mo = {.over = o->over,
                                   .set = o->set.s,
                                   .n_set = o->set.n,
                                   .lax_first = j->n_file > 1,
                                   .runs = o->runs,
                                   .seed = o->seed,
                                   .share_dir = CMD_SHARE};
    struct mdl_study st;

    if (j->n_file == 0)
        return;
    (void)!mdl_study_load(&st, (const char *const *)j->file, j->n_file, &mo, err);
    mdl_study_free(&st);
}

static int read_plan(struct job *j, const struct cmd_work_options *o, struct sim_err *err)
{
    int rc = ana_backtest_read(&j->plan, &j->arena, j->dir, err), one;

    one = find_file(j, "baseline", j->plan.baseline, err);
    rc = rc ? rc : one;
    one = find_file(j, "scenario", j->plan.scenario, err);
    rc = rc ? rc : one;
    if (rc == SIM_EINPUT)
        look_further(j, o, err);
    return rc;
}

/* ---- which plants use goods under a rule ---- */

static int holds_up(const struct mdl_rule *r)
{
    static const char *const action[] = {"licence", "quota", "inspect", "deny"};

    for (size_t i = 0; i < sizeof action / sizeof *action; i++)
        if (strcmp(mdl_policies[r->action]->name, action[i]) == 0)
            return 1;
    return 0;
}

/* Does goods on this lane meet a rule that can hold them up, at a buyer outside its origin? */
static int lane_is_held(const struct mdl_study *st, const struct mdl_scenario *s, uint32_t lane)
{
    const struct mdl_lane *l = &st->net.lane[lane];

    for (uint32_t k = 0; k < s->n_rule; k++) {
        const struct mdl_rule *r = &s->rule[k];

        if (holds_up(r) && mdl_rule_covers(r, &st->net, l) &&
            (r->origin.n == 0 || !r->matches_origin[st->net.site[l->to].country]))
            return 1;
    }
    return 0;
}

static int takes(const struct mdl_process *p, const struct mdl_network *n, const char depends[])
{
    for (uint32_t k = 0; k < n->recipe[p->recipe].n_in; k++)
        if (depends[p->in_point[k]])
            return 1;
    return 0;
}

/* Does a stock point hold such goods: by a lane that is held up, from a supplier that has them, or
 * made there from an input that has them? */
static int holds(const struct mdl_point *p, const struct mdl_network *n, const char held[],
                 const char depends[])
{
    for (uint32_t i = 0; i < p->n_lane_in; i++)
        if (held[p->lane_in[i]] || depends[n->lane[p->lane_in[i]].from_point])
            return 1;
    for (uint32_t i = 0; i < p->n_maker; i++)
        if (takes(&n->process[p->maker[i]], n, depends))
            return 1;
    return 0;
}

/* [processes] 1 where an input is of such goods, or has them inside: a fixed point over stock
 * points. */
static char *list_dependent(const struct mdl_study *st, struct sim_arena *a)
{
    const struct mdl_network *n = &st->net;
    const struct mdl_scenario *s = &st->scenario[st->n_scenario - 1];
    char *to = sim_arena_alloc(a, n->n_process, 1), *held = sim_arena_alloc(a, n->n_lane, 1),
         *depends = sim_arena_alloc(a, n->n_point, 1);
    int more = 1;

    for (uint32_t i = 0; i < n->n_lane; i++)
        held[i] = (char)lane_is_held(st, s, i);
    while (more) {
        more = 0;
        for (uint32_t i = 0; i < n->n_point; i++)
            if (!depends[i] && holds(&n->point[i], n, held, depends))
                depends[i] = (char)(more = 1);
    }
    for (uint32_t i = 0; i < n->n_process; i++)
        to[i] = (char)takes(&n->process[i], n, depends);
    return to;
}

/* ---- the work ---- */

static int prepared(struct cmd_work *w, struct sim_err *err)
{
    struct job *j = w->ctx;

    j->dependent = list_dependent(&w->st, &j->arena);
    return ana_backtest_fit(&j->plan, &w->res, err);
}

/* Without a run that is done, the file says so by run_status and holds no back-test. */
static int finish(struct cmd_work *w, struct sim_err *err)
{
    struct job *j = w->ctx;
    int rc = ana_backtest(&j->result, &j->plan, &w->res, j->dependent, err);

    j->none = rc == SIM_ERUN;
    if (rc == 0)
        ana_backtest_put(&j->result, &w->res);
    return j->none ? 0 : rc;
}

static int backtest(struct cmd_work *w, struct job *j)
{
    struct sim_err err = SIM_ERR_INIT;
    int rc = read_plan(j, &w->o, &err), status;

    if (rc != 0)
        return cmd_end("backtest", rc, &err, "nothing was written");
    if (w->o.out == NULL)
        w->o.out = default_out(&j->arena, j->dir);
    w->lax_first = j->n_file > 1;
    status = cmd_work_do(w, (const char *const *)j->file, j->n_file);
    if (!w->written || j->none)
        return status;
    if (!w->o.quiet) {
        putchar('\n');
        ana_backtest_print(stdout, &j->result);
    }
    if (j->result.passed)
        return status;
    fflush(stdout);
    fprintf(stderr, "lodestone backtest: missed; the file was written\n");
    return CMD_FAILED;
}

int cmd_backtest(int argc, char **argv)
{
    struct job j = {0};
    struct cmd_work w = {.name = "backtest",
                         .o = {.runs = -1, .seed = -1, .max_mem = cmd_half_memory()},
                         .prepared = prepared,
                         .finish = finish,
                         .ctx = &j};
    struct cmd_args args;
    int status = cmd_parse(&usage, argc, argv, &w.o, &args);

    if (status == CMD_GO_ON)
        status = cmd_progress_mode(&w.jobs.progress, &usage, w.o.progress, w.o.quiet);
    if (status != CMD_GO_ON)
        return status;
    j.dir = find_folder(&j.arena, args.operand[0]);
    status = backtest(&w, &j);
    cmd_work_free(&w);
    ana_backtest_free(&j.result);
    sim_arena_free(&j.arena);
    return status;
}
