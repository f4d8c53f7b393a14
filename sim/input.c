#include "sim/input.h"

#include "sim/rng.h"
#include "sim/source.h"
#include "sim/tree.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NAME = 512, REASON = 300 };
static const double tail = 0.01; /* of a distribution without end that may lie beyond the range */

int sim_input_is(const char *text)
{
    size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz_");

    return n > 0 && text[n + strspn(text + n, " \t")] == '(';
}

static int has_ends(const struct sim_dist *d)
{
    return d->kind == SIM_CONSTANT || d->kind == SIM_UNIFORM || d->kind == SIM_TRIANGULAR;
}

static void ends(const struct sim_dist *d, double *lo, double *hi)
{
    *lo = has_ends(d) ? d->p[0] : sim_dist_quantile(d, tail);
    *hi = sim_dist_quantile(d, 1 - tail);
    if (has_ends(d))
        *hi = d->kind == SIM_CONSTANT ? d->p[0] : d->kind == SIM_UNIFORM ? d->p[1] : d->p[2];
}

double sim_input_fit(double x, double lo, double hi, int whole)
{
    char text[32];

    if (whole)
        return fmin(fmax(round(x), ceil(lo)), floor(hi));
    snprintf(text, sizeof text, "%.9g", x);
    return fmin(fmax(strtod(text, NULL), lo), hi) + 0.0;
}

int sim_input_make(struct sim_input *u, const struct sim_key *k, const struct sim_dist *d,
                   char *why, size_t n)
{
    char allowed[REASON];
    double lo, hi;

    *u = (struct sim_input){
        .unit = k->unit, .dist = *d, .lo = k->lo, .hi = k->hi, .whole = k->type == SIM_KEY_INT};
    ends(d, &lo, &hi);
    if (lo >= k->lo && hi <= k->hi)
        return 0;
    sim_keys_allowed(k, allowed, sizeof allowed);
    snprintf(why, n, "must be %s; %s values reach from %.6g to %.6g", allowed,
             has_ends(d) ? "its" : "98 of 100", lo, hi);
    return SIM_EINPUT;
}

void sim_inputs_add(struct sim_inputs *to, struct sim_arena *a, const struct sim_input *u)
{
    if (to->n == to->cap) {
        struct sim_input *more = sim_arena_alloc(a, 2 * to->cap + 16, sizeof *more);

        if (to->n > 0)
            memcpy(more, to->at, to->n * sizeof *more);
        to->at = more;
        to->cap = 2 * to->cap + 16;
    }
    to->at[to->n++] = *u;
}

void sim_input_ends(const struct sim_input *u, double *lo, double *hi)
{
    ends(&u->dist, lo, hi);
    *lo = sim_input_fit(*lo, u->lo, u->hi, u->whole);
    *hi = sim_input_fit(*hi, u->lo, u->hi, u->whole);
}

double sim_input_mean(const struct sim_input *u)
{
    return sim_input_fit(sim_dist_mean(&u->dist), u->lo, u->hi, u->whole);
}

double sim_input_draw(const struct sim_input *u, uint64_t seed, uint32_t run, uint16_t purpose)
{
    struct sim_draws d = sim_draws_at(sim_stream_make(seed, run, sim_hash(u->name), purpose), 0);

    return sim_input_fit(sim_dist_quantile(&u->dist, sim_uniform(&d)), u->lo, u->hi, u->whole);
}

/* ---- in a scenario ---- */

struct finder {
    struct sim_inputs *to;
    struct sim_arena *a;
    sim_inputs_tables *entry;
    struct sim_err *err;
    int rc;
};

static int is_dist(const struct sim_tree *t)
{
    if (t->kind == SIM_TREE_STR)
        return sim_input_is(t->s);
    return t->kind == SIM_TREE_GROUP && sim_tree_get(t, "dist") != NULL;
}

static void note(struct finder *f, const struct sim_tree *t, const struct sim_key *k,
                 const char *name)
{
    struct sim_input u;
    struct sim_dist d;
    char why[2 * REASON];
    int told = sim_keys_dist(t, &d, f->err) != 0;

    if (told)
        d = (struct sim_dist){SIM_CONSTANT, {k->lo, 0, 0}};
    if (sim_input_make(&u, k, &d, why, sizeof why) != 0 && !told)
        told = sim_tree_fault(t, f->err, "%s", why);
    f->rc = told ? SIM_EINPUT : f->rc;
    u.name = sim_arena_copy(f->a, name, strlen(name));
    u.at = t;
    sim_inputs_add(f->to, f->a, &u);
}

static void find(struct finder *f, const struct sim_tree *t, const struct sim_key *const *tables,
                 int n_tables, const char *path);

static void find_in_list(struct finder *f, const struct sim_tree *t, const struct sim_key *k,
                         const char *path)
{
    const struct sim_key *tables[2];
    char name[NAME];

    for (size_t i = 0; i < sim_tree_n(t); i++) {
        const struct sim_tree *e = sim_tree_at(t, i);
        const char *id = e->kind == SIM_TREE_GROUP ? sim_tree_id(e) : NULL;
        int n = id ? f->entry(k, e, tables) : 0;

        if (n == 0)
            continue;
        snprintf(name, sizeof name, "%.400s.%.64s", path, id);
        find(f, e, tables, n, name);
    }
}

/* A parameter of a distribution as a key: k and the shapes have ranges of their own
 * (sim_dist_check), the others are in the unit of the key. */
static struct sim_key param_key(const struct sim_key *of, const char *name)
{
    static const struct sim_key shapes[] = {
        {"sigma", "", SIM_KEY_REAL, 0, 5, NULL, 0, "", NULL, NULL},
        {"cv", "", SIM_KEY_REAL, 0, 100, NULL, 0, "", NULL, NULL},
        {"k", "", SIM_KEY_INT, 1, 1e6, NULL, 0, "", NULL, NULL},
    };

    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if (strcmp(shapes[i].name, name) == 0)
            return shapes[i];
    return (struct sim_key){.name = name, .unit = of->unit, .type = SIM_KEY_REAL, .hi = 1e15};
}

/* The parameters of what is drawn event by event may be uncertain themselves. */
static void find_params(struct finder *f, const struct sim_tree *t, const struct sim_key *of,
                        const char *path)
{
    char name[NAME];

    for (size_t i = 0; i < sim_tree_n(t); i++) {
        const struct sim_tree *p = sim_tree_at(t, i);
        struct sim_key k;

        if (strcmp(p->name, "dist") == 0 || !is_dist(p))
            continue;
        k = param_key(of, p->name);
        snprintf(name, sizeof name, "%.400s.%.64s", path, p->name);
        note(f, p, &k, name);
    }
}

static void find_at(struct finder *f, const struct sim_tree *t, const struct sim_key *k,
                    const char *path)
{
    char name[NAME];

    snprintf(name, sizeof name, "%.400s%s%.64s", path, *path ? "." : "", k->name);
    if (k->type == SIM_KEY_LIST && sim_tree_is_list(t))
        find_in_list(f, t, k, name);
    else if (k->type == SIM_KEY_GROUP)
        find(f, t, &k->sub, 1, name);
    else if (k->type == SIM_KEY_DIST && k->sub != sim_key_fixed && t->kind == SIM_TREE_GROUP)
        find_params(f, t, k, name);
    else if ((k->type == SIM_KEY_INT || k->type == SIM_KEY_REAL) && k->sub != sim_key_fixed &&
             is_dist(t))
        note(f, t, k, name);
}

static void find(struct finder *f, const struct sim_tree *t, const struct sim_key *const *tables,
                 int n_tables, const char *path)
{
    for (size_t i = 0; i < sim_tree_n(t); i++)
        for (int j = 0; j < n_tables; j++)
            for (const struct sim_key *k = tables[j]; k->name != NULL; k++)
                if (sim_tree_at(t, i)->name && strcmp(k->name, sim_tree_at(t, i)->name) == 0)
                    find_at(f, sim_tree_at(t, i), k, path);
}

int sim_inputs_find(struct sim_inputs *to, struct sim_arena *a, const struct sim_tree *t,
                    const struct sim_key *const *tables, int n_tables, const char *path,
                    sim_inputs_tables *entry, struct sim_err *err)
{
    struct finder f = {to, a, entry, err, 0};

    find(&f, t, tables, n_tables, path);
    return f.rc;
}

/* ---- numbers in their place ---- */

static struct sim_tree *number(const struct sim_tree *t, struct sim_arena *a,
                               const struct sim_input *u, double x)
{
    struct sim_tree *to =
        sim_tree_new(a, u->whole ? SIM_TREE_INT : SIM_TREE_REAL, t->name, t->file, t->line);

    if (u->whole)
        to->i = (int64_t)x;
    else
        to->x = x;
    return to;
}

const struct sim_tree *sim_inputs_put(const struct sim_tree *t, struct sim_arena *a,
                                      const struct sim_inputs *in, const double value[])
{
    struct sim_tree *to = NULL;

    for (size_t i = 0; i < in->n; i++)
        if (in->at[i].at == t)
            return number(t, a, &in->at[i], value[i]);
    for (uint32_t i = 0; i < sim_tree_n(t) && in->n > 0; i++) {
        const struct sim_tree *child = sim_inputs_put(t->child[i], a, in, value);

        if (child == t->child[i])
            continue;
        if (to == NULL) {
            to = sim_tree_new(a, t->kind, t->name, t->file, t->line);
            for (uint32_t k = 0; k < t->n; k++)
                sim_tree_add(to, a, t->child[k]);
        }
        to->child[i] = (struct sim_tree *)(uintptr_t)child;
    }
    return to ? to : t;
}
