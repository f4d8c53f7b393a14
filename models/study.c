#include "models/axes.h"
#include "models/uncertain.h"

#include "sim/source.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- finding files ---- */

static char *format(struct sim_arena *a, const char *x, const char *y, const char *z)
{
    size_t n = strlen(x) + strlen(y) + strlen(z) + 1;
    char *s = sim_arena_alloc(a, n, 1);

    snprintf(s, n, "%s%s%s", x, y, z);
    return s;
}

static char *folder_of(struct sim_arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? sim_arena_copy(a, path, (size_t)(slash - path)) : sim_arena_copy(a, ".", 1);
}

/* Looks for folder/name + tail, then in each parent of folder up to one named scenarios. NULL if
 * nowhere. */
static char *look_above(struct sim_arena *a, const char *folder, const char *name, const char *tail)
{
    char *dir = sim_arena_copy(a, folder, strlen(folder));

    for (int up = 0; up < 16; up++) {
        char *slash = strrchr(dir, '/'), *path = format(a, dir, "/", name);

        if (access(format(a, path, tail, ""), F_OK) == 0)
            return path;
        if (strcmp(slash ? slash + 1 : dir, "scenarios") == 0 || slash == NULL || slash == dir)
            break;
        *slash = 0;
    }
    return NULL;
}

/* The same, and where the folder is named from within its parents, in those too; then in share_dir.
 */
static char *look_up(struct sim_arena *a, const char *folder, const char *name, const char *tail,
                     const char *share_dir)
{
    char here[4096], *path;

    if (*name == '/')
        return access(format(a, name, tail, ""), F_OK) == 0 ? format(a, name, "", "") : NULL;
    path = look_above(a, folder, name, tail);
    if (path == NULL && *folder != '/' && getcwd(here, sizeof here))
        path = look_above(a, strcmp(folder, ".") == 0 ? here : format(a, here, "/", folder), name,
                          tail);
    if (path)
        return path;
    if (share_dir) {
        path = format(a, share_dir, "/", name);
        if (access(format(a, path, tail, ""), F_OK) == 0)
            return path;
    }
    return NULL;
}

char *mdl_study_find(struct sim_arena *a, const char *folder, const char *name,
                     const char *share_dir)
{
    return look_up(a, folder, name, "", share_dir);
}

/* A scenario as a user names it: a path, or a name under scenarios/ or share_dir, with or without
 * .cfg. */
static char *find_scenario(struct sim_arena *a, const char *name, const char *share_dir)
{
    const char *const dirs[] = {".", "scenarios", share_dir};

    for (int k = 0; k < 3; k++)
        for (int tail = 0; tail < 2 && dirs[k]; tail++) {
            char *path = *name == '/' || k == 0
                             ? format(a, name, tail ? ".cfg" : "", "")
                             : format(a, format(a, dirs[k], "/", name), tail ? ".cfg" : "", "");

            if (access(path, F_OK) == 0)
                return path;
        }
    return NULL;
}

static const char *stem(struct sim_arena *a, const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path,
               *dot = strrchr(name, '.');

    return sim_arena_copy(a, name,
                          dot && strcmp(dot, ".cfg") == 0 ? (size_t)(dot - name) : strlen(name));
}

/* ---- scenarios ---- */

static int read_tree(struct mdl_study *st, const char *path, const char *share_dir, int depth,
                     struct sim_tree **out, struct sim_err *err)
{
    struct sim_tree *own, *base;
    const struct sim_tree *extends;
    char *text, *from;
    size_t n;
    int rc = sim_source_read(&st->arena, path, SIM_MAX_CFG, &text, &n, err);

    if (rc == 0)
        rc = sim_tree_parse(&own, &st->arena, path, text, n, err);
    if (rc != 0)
        return rc;
    *out = own;
    extends = sim_tree_get(own, "extends");
    if (extends == NULL)
        return 0;
    if (sim_tree_str(extends) == NULL)
        return sim_tree_fault(extends, err, "must be the name of a scenario file, in quotes");
    if (depth >= 8)
        return sim_tree_fault(extends, err,
                              "more than 8 files extend each other; is there a loop?");
    from = look_up(&st->arena, folder_of(&st->arena, path), sim_tree_str(extends), "", share_dir);
    if (from == NULL)
        return sim_tree_fault(
            extends, err,
            "no such file beside this one, in the folders above it, or among those installed");
    rc = read_tree(st, from, share_dir, depth + 1, &base, err);
    return rc ? rc : sim_tree_merge(out, &st->arena, base, own, err);
}

/* A scenario and its overrides from a tree in which `extends` is resolved. What is stored of it
 * says that the overrides are applied. */
static int read_scenario(struct mdl_study *st, uint32_t i, const char *label, struct sim_tree *tree,
                         struct sim_err *err)
{
    struct mdl_overrides set;
    struct sim_tree *marked;
    int rc = mdl_override_read(&set, &st->arena, tree, &marked, err);
    int one = mdl_uncertain_read(&st->scenario[i], &st->arena, label, marked, err);

    st->scenario[i].set = set;
    return rc ? rc : one;
}

/* Lays the file that all scenarios have laid over them upon one. */
static int lay_over(struct mdl_study *st, struct sim_tree **tree, const struct mdl_options *o,
                    struct sim_err *err)
{
    struct sim_tree *over;
    char *path = find_scenario(&st->arena, o->over, o->share_dir);
    int rc;

    if (path == NULL)
        return sim_err_add(err, SIM_EINPUT, "%s: no such file, here or under scenarios/", o->over);
    rc = read_tree(st, path, o->share_dir, 0, &over, err);
    return rc ? rc : sim_tree_merge(tree, &st->arena, *tree, over, err);
}

static void keep_text(struct mdl_study *st, struct sim_result *to, const char *stem_of,
                      const char *tail, const char *text)
{
    const char *name = format(&st->arena, stem_of, tail, "");

    if (sim_result_find_input(to, name) == NULL)
        sim_result_input(to, name, text);
}

/* What is laid over a scenario and set in it. taken[n_set] says which are taken by an earlier one.
 */
static int adjust(struct mdl_study *st, uint32_t i, struct sim_tree **tree,
                  const struct mdl_options *o, char *taken, struct sim_err *err)
{
    int rc = 0, one;

    for (int k = 0; k < o->n_lay; k++) {
        struct sim_tree *own;

        one = sim_tree_parse(&own, &st->arena, o->lay[k].file, o->lay[k].text,
                             strlen(o->lay[k].text), err);
        if (one == 0)
            one = sim_tree_merge(tree, &st->arena, *tree, own, err);
        if (one != 0)
            return one;
    }
    for (int k = 0; k < o->n_set; k++) {
        int last = i + 1 == st->n_scenario && !taken[k],
            passed = (o->lax && !last) || (o->lax_first && i == 0);

        one = sim_tree_set(*tree, &st->arena, o->set[k], passed ? NULL : err);
        taken[k] |= one == 0;
        rc = rc ? rc : passed ? 0 : one;
    }
    return rc;
}

static int load_scenario(struct mdl_study *st, uint32_t i, const char *file,
                         const struct mdl_options *o, char *taken, struct sim_err *err)
{
    struct sim_tree *tree;
    char *path = find_scenario(&st->arena, file, o->share_dir);
    const char *label;
    int rc, one;

    if (path == NULL)
        return sim_err_add(err, SIM_EINPUT, "%s: no such scenario file, here or under scenarios/",
                           file);
    rc = read_tree(st, path, o->share_dir, 0, &tree, err);
    if (rc == 0 && o->over)
        rc = lay_over(st, &tree, o, err);
    if (rc != 0)
        return rc;
    rc = adjust(st, i, &tree, o, taken, err);
    label = stem(&st->arena, path);
    one = read_scenario(st, i, label, tree, err);
    rc = rc ? rc : one;
    if (rc == 0)
        st->scenario[i].file = path;
    if (rc == 0 && o->texts)
        keep_text(st, o->texts, label, ".cfg", sim_tree_print(tree, &st->arena));
    return rc;
}

/* ---- the network ---- */

struct folder {
    struct mdl_study *st;
    const char *path;
    struct sim_result *keep;
};

static int table_from_folder(void *ctx, const char *table, const char **file, const char **text,
                             size_t *n, struct sim_err *err)
{
    struct folder *f = ctx;
    struct sim_arena *a = &f->st->arena;
    char *path = format(a, f->path, "/", format(a, table, ".csv", "")), *t;
    int rc;

    *file = path;
    *text = NULL;
    if (access(path, F_OK) != 0)
        return 0;
    rc = sim_source_read(a, path, SIM_MAX_FILE, &t, n, err);
    *text = t;
    if (rc == 0 && f->keep)
        keep_text(f->st, f->keep, table, ".csv", t);
    return rc;
}

struct texts {
    struct sim_arena *arena;
    const struct sim_result *result;
};

static int table_from_result(void *ctx, const char *table, const char **file, const char **text,
                             size_t *n, struct sim_err *err)
{
    struct texts *t = ctx;
    char *name = format(t->arena, table, ".csv", "");

    (void)err;
    *file = name;
    *text = sim_result_find_input(t->result, name);
    *n = *text ? strlen(*text) : 0;
    return 0;
}

/* ---- do the scenarios fit together? ---- */

static int differ(const struct mdl_scenario *a, const struct mdl_scenario *b, const char *key,
                  struct sim_err *err)
{
    const struct sim_tree *x = sim_tree_get(a->tree, key), *y = sim_tree_get(b->tree, key);

    return sim_err_add(err, SIM_EINPUT,
                       "%s:%d: %s differs from %s:%d; scenarios in one file share network, start, "
                       "warm_up_d, horizon_d, "
                       "runs and seed",
                       y ? sim_tree_file(y) : b->file, y ? sim_tree_line(y) : 1, key,
                       x ? sim_tree_file(x) : a->file, x ? sim_tree_line(x) : 1);
}

static int check_together(struct mdl_study *st, const struct mdl_options *o, struct sim_err *err)
{
    const struct mdl_scenario *a = &st->scenario[0];
    int rc = 0;

    for (uint32_t i = 1; i < st->n_scenario; i++) {
        const struct mdl_scenario *b = &st->scenario[i];
        int one = mdl_override_same(&a->set, a->file, &b->set, b->file, err);

        rc = rc ? rc : one;

        if (strcmp(a->network, b->network) != 0)
            rc = differ(a, b, "network", err);
        if (a->start != b->start)
            rc = differ(a, b, "start", err);
        if (a->warm_up_d != b->warm_up_d)
            rc = differ(a, b, "warm_up_d", err);
        if (a->horizon_d != b->horizon_d)
            rc = differ(a, b, "horizon_d", err);
        if (a->runs != b->runs && o->runs < 0)
            rc = differ(a, b, "runs", err);
        if (a->seed != b->seed && o->seed < 0)
            rc = differ(a, b, "seed", err);
        for (uint32_t k = 0; k < i; k++)
            if (strcmp(st->scenario[k].label, b->label) == 0)
                rc = sim_err_add(err, SIM_EINPUT,
                                 "%s: another scenario of this study has the same name, %s",
                                 b->file, st->scenario[k].file);
    }
    st->runs = o->runs >= 0 ? o->runs : a->runs;
    st->seed = o->seed >= 0 ? o->seed : a->seed;
    return rc;
}

/* ---- loading ---- */

int mdl_study_check_counts(const struct mdl_study *st, struct sim_err *err)
{
    const struct mdl_network *n = &st->net;
    const struct mdl_scenario *s = &st->scenario[0];
    double days = (double)(s->warm_up_d + s->horizon_d) + 10000, grows = 1, most = -1;
    uint32_t at = 0;

    for (uint32_t i = 0; i < n->n_demand; i++) {
        double y = 1 + n->demand[i].trend_y;

        for (int m = 0; m < 12; m++)
            grows = fmax(grows, n->demand[i].season[m]);
        if (n->demand[i].rate_d > 0)
            grows = fmax(grows, fmax(pow(y, (double)s->horizon_d / 365.25),
                                     pow(y, -(double)s->warm_up_d / 365.25)));
    }
    for (uint32_t i = 0; i < n->n_point; i++) {
        double q = st->balance.need[0][i] + st->balance.need[1][i];

        if (q > most) {
            most = q;
            at = i;
        }
    }
    if (most <= 0 || most * grows * days < 4e18)
        return 0;
    return sim_err_add(err, SIM_EINPUT,
                       "%s: %.3g quanta a day, growing to %.3g times that, over %.0f days are more "
                       "than can be counted (4e18): fewer quanta_per_unit, a smaller rate_d or "
                       "trend_y, or a shorter time",
                       n->point[at].id, most, grows, days);
}

int mdl_study_prepare(struct mdl_study *st, uint32_t scenario, struct sim_arena *a,
                      struct sim_err *err)
{
    struct mdl_scenario *s = &st->scenario[scenario];

    mdl_prices_weigh(&s->prices, a, &st->net, &st->balance);
    return mdl_gate_init(&st->gate[scenario], a, s, &st->net, err);
}

static int finish(struct mdl_study *st, mdl_table_source *source, void *ctx,
                  const struct mdl_options *o, struct sim_err *err)
{
    int rc = check_together(st, o, err);

    if (rc == 0 || rc == SIM_EINPUT) {
        int one = mdl_network_load_set(&st->net, &st->arena, st->scenario[0].network, source, ctx,
                                       &st->scenario[0].set, err);

        rc = rc ? rc : one;
    }
    for (uint32_t i = 0; i < st->n_scenario && (rc == 0 || rc == SIM_EINPUT) && st->net.point;
         i++) {
        int one = mdl_scenario_link(&st->scenario[i], &st->arena, &st->net, err);

        rc = rc ? rc : one;
    }
    if (rc == 0)
        rc = mdl_balance_solve(&st->balance, &st->arena, &st->net, err);
    if (rc == 0)
        rc = mdl_study_check_counts(st, err);
    if (rc != 0)
        return rc;
    st->gate = sim_arena_alloc(&st->arena, st->n_scenario, sizeof *st->gate);
    for (uint32_t i = 0; i < st->n_scenario; i++) {
        int one = mdl_study_prepare(st, i, &st->arena, err);

        rc = rc ? rc : one;
    }
    if (rc != 0)
        return rc;
    mdl_uncertain_list(st);
    mdl_axes_list(st);
    return mdl_uncertain_try(st, err);
}

/* Beside the file in which `network` is written, else beside the scenario. NULL after a fault. */
static char *find_network(struct mdl_study *st, const struct mdl_scenario *s, const char *share_dir,
                          struct sim_err *err)
{
    const struct sim_tree *at = sim_tree_get(s->tree, "network");
    char *path = NULL;

    if (sim_tree_line(at) > 0)
        path = look_up(&st->arena, folder_of(&st->arena, sim_tree_file(at)), s->network,
                       "/products.csv", share_dir);
    if (path == NULL)
        path = look_up(&st->arena, folder_of(&st->arena, s->file), s->network, "/products.csv",
                       share_dir);
    if (path == NULL)
        (void)!sim_tree_fault(
            at, err, "no folder of that name with a products.csv, beside the scenario or above it");
    return path;
}

/* A scenario has faults: what is wrong with the tables, and between them and the other scenarios,
 * is told as well. */
static void look_further(struct mdl_study *st, const char *good, const struct mdl_options *o,
                         struct sim_err *err)
{
    struct folder folder = {.st = st};
    uint32_t k = 0;

    while (k < st->n_scenario && st->scenario[k].network == NULL)
        k++;
    if (k < st->n_scenario)
        folder.path = find_network(st, &st->scenario[k], o->share_dir, err);
    if (folder.path == NULL ||
        mdl_network_load_set(&st->net, &st->arena, st->scenario[k].network, table_from_folder,
                             &folder, &st->scenario[k].set, err) != 0)
        return;
    for (uint32_t i = 0; i < st->n_scenario; i++)
        if (good[i])
            (void)!mdl_scenario_link(&st->scenario[i], &st->arena, &st->net, err);
}

int mdl_study_load(struct mdl_study *st, const char *const *files, int n,
                   const struct mdl_options *o, struct sim_err *err)
{
    struct folder folder = {.st = st, .keep = o->texts};
    char *good, *taken;
    int rc = 0;

    *st = (struct mdl_study){.n_scenario = (uint32_t)n};
    st->scenario = sim_arena_alloc(&st->arena, (size_t)n, sizeof *st->scenario);
    good = sim_arena_alloc(&st->arena, (size_t)n, 1);
    taken = sim_arena_alloc(&st->arena, (size_t)o->n_set, 1);
    for (int i = 0; i < n; i++) {
        int one = load_scenario(st, (uint32_t)i, files[i], o, taken, err);

        good[i] = one == 0;
        rc = rc ? rc : one;
    }
    if (rc == SIM_EINPUT)
        look_further(st, good, o, err);
    if (rc != 0)
        return rc;
    folder.path = find_network(st, &st->scenario[0], o->share_dir, err);
    return folder.path ? finish(st, table_from_folder, &folder, o, err) : SIM_EINPUT;
}

int mdl_study_load_texts(struct mdl_study *st, const struct sim_result *r,
                         const char *const *labels, int n, const struct mdl_options *o,
                         struct sim_err *err)
{
    struct texts texts = {.arena = &st->arena, .result = r};
    char *taken;
    int rc = 0;

    *st = (struct mdl_study){.n_scenario = (uint32_t)n};
    st->scenario = sim_arena_alloc(&st->arena, st->n_scenario, sizeof *st->scenario);
    taken = sim_arena_alloc(&st->arena, (size_t)o->n_set, 1);
    for (uint32_t i = 0; i < st->n_scenario; i++) {
        char *name = format(&st->arena, labels[i], ".cfg", "");
        const char *text = sim_result_find_input(r, name);
        struct sim_tree *tree;
        int one;

        if (text == NULL)
            return sim_err_add(err, SIM_EINPUT, "the result does not carry its input %s", name);
        one = sim_tree_parse(&tree, &st->arena, name, text, strlen(text), err);
        if (one == 0)
            one = adjust(st, i, &tree, o, taken, err);
        if (one == 0)
            one = read_scenario(st, i, labels[i], tree, err);
        rc = rc ? rc : one;
    }
    return rc ? rc : finish(st, table_from_result, &texts, o, err);
}

int mdl_study_load_result(struct mdl_study *st, const struct sim_result *r, struct sim_err *err)
{
    int axis = sim_result_find_axis(r, "scenario"), run = sim_result_find_axis(r, "run");
    const char *seed = sim_result_find_attr(r, "seed");
    struct mdl_options o = {.runs = run < 0 ? -1 : (int64_t)r->axis[run].n,
                            .seed = seed ? strtoll(seed, NULL, 10) : -1};

    *st = (struct mdl_study){0};
    if (axis < 0 || r->axis[axis].label == NULL)
        return sim_err_add(err, SIM_EINPUT, "the result has no scenarios");
    return mdl_study_load_texts(st, r, r->axis[axis].label, (int)r->axis[axis].n, &o, err);
}

/* Reads a scenario with uncertain inputs anew, with what was laid over it. */
static int read_again(struct mdl_study *st, const struct mdl_scenario *from,
                      const struct sim_tree *tree, struct sim_err *err)
{
    int rc = mdl_uncertain_read(st->scenario, &st->arena, from->label, tree, err);

    st->scenario->file = from->file;
    st->scenario->outputs = from->outputs;
    st->scenario->set = from->set;
    st->gate = sim_arena_alloc(&st->arena, 1, sizeof *st->gate);
    if (rc == 0)
        rc = mdl_scenario_link(st->scenario, &st->arena, &st->net, err);
    if (rc == 0)
        rc = mdl_study_prepare(st, 0, &st->arena, err);
    mdl_uncertain_list(st);
    return rc;
}

int mdl_study_strike(struct mdl_study *to, const struct mdl_study *st, uint32_t scenario,
                     const char *text, struct sim_err *err)
{
    const struct mdl_scenario *from = &st->scenario[scenario];
    struct sim_tree *own, *all;
    int rc;

    *to = *st;
    to->arena = (struct sim_arena){0};
    to->n_cause = 0;
    to->n_scenario = 1;
    to->scenario = sim_arena_alloc(&to->arena, 1, sizeof *to->scenario);
    *to->scenario = *from;
    to->gate = &st->gate[scenario];
    rc = sim_tree_parse(&own, &to->arena, "shocks", text, strlen(text), err);
    if (rc == 0)
        rc = sim_tree_merge(&all, &to->arena, from->inputs.n > 0 ? from->written : from->tree, own,
                            err);
    if (rc != 0)
        return rc;
    if (from->inputs.n > 0) {
        rc = read_again(to, from, all, err);
    } else {
        to->scenario->tree = to->scenario->written = all;
        rc = mdl_shock_read(to->scenario, &to->arena, err);
        if (rc == 0)
            rc = mdl_shock_link(to->scenario, &to->arena, &to->net, err);
    }
    if (rc == 0)
        mdl_axes_list(to);
    return rc;
}

void mdl_study_free(struct mdl_study *st)
{
    sim_arena_free(&st->arena);
    *st = (struct mdl_study){0};
}
