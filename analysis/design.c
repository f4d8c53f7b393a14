#include "analysis/design_inner.h"

#include "sim/keys.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const ana_method_words[] = {"none", "grid",  "zip",      "list",   "random",
                                        "lhs",  "sobol", "saltelli", "morris", NULL};
static const char *const kinds[] = {"uncertainties", "levers"};

enum { LEVELS_DEFAULT = 4, LEVELS_MAX = 1000 };

/* ---- factors ---- */

static void copy_factors(struct ana_design *d, const struct ana_factor f[], size_t n)
{
    d->n_factor = n;
    d->factor = sim_arena_alloc(&d->arena, n, sizeof *d->factor);
    d->column = sim_arena_alloc(&d->arena, n, sizeof *d->column);
    d->number = sim_arena_alloc(&d->arena, n, sizeof *d->number);
    for (size_t i = 0; i < n; i++) {
        const char **value = sim_arena_alloc(&d->arena, f[i].n_value, sizeof *value);

        d->factor[i] = f[i];
        d->factor[i].id = sim_arena_copy(&d->arena, f[i].id, strlen(f[i].id));
        for (size_t v = 0; v < f[i].n_value; v++)
            value[v] = sim_arena_copy(&d->arena, f[i].value[v], strlen(f[i].value[v]));
        d->factor[i].value = value;
    }
}

static int check_factors(const struct ana_design *d, struct sim_err *err)
{
    int rc = 0;

    for (size_t i = 0; i < d->n_factor; i++) {
        const struct ana_factor *f = &d->factor[i];

        if (ana_factor_check(f, err) != 0)
            rc = SIM_EINPUT;
        for (size_t k = 0; k < i; k++)
            if (strcmp(d->factor[k].id, f->id) == 0) {
                rc = ana_design_fault(f->tree, "id", f->id, err, "is there twice");
                break;
            }
        if (f->form == ANA_OPEN && d->points[f->kind].part.method != ANA_LIST)
            rc = ana_design_fault(f->tree, NULL, f->id, err,
                                  "needs values, a range or a dist (only method = \"list\" "
                                  "brings its own)");
    }
    return rc;
}

static void split_factors(struct ana_design *d, const struct ana_part part[])
{
    for (int kind = 0; kind < ANA_KINDS; kind++) {
        struct ana_points *p = &d->points[kind];
        size_t *at = sim_arena_alloc(&d->arena, d->n_factor, sizeof *at);

        p->part = part[kind];
        if (p->part.method == ANA_MORRIS && p->part.levels == 0)
            p->part.levels = LEVELS_DEFAULT;
        for (size_t i = 0; i < d->n_factor; i++)
            if ((int)d->factor[i].kind == kind) {
                d->column[i] = p->k;
                at[p->k++] = i;
            }
        p->factor = at;
    }
}

/* ---- how many points, and faults of a part ---- */

static int part_fault(const struct ana_points *p, int kind, const char *key, struct sim_err *err,
                      const char *what)
{
    return ana_design_fault(p->part.tree, key, kinds[kind], err, "%s", what);
}

/* Levels of the factors of a grid or zip, and how many points they make. */
static int count_levels(struct ana_design *d, int kind, double *n, struct sim_err *err)
{
    struct ana_points *p = &d->points[kind];
    const struct ana_factor *first = &d->factor[p->factor[0]];
    int64_t of_first = ana_factor_levels(first, &p->part);
    int rc = 0;

    *n = p->part.method == ANA_GRID ? 1 : (double)of_first;
    for (size_t j = 0; j < p->k; j++) {
        const struct ana_factor *f = &d->factor[p->factor[j]];
        int64_t levels = ana_factor_levels(f, &p->part);

        if (levels == 0)
            rc = ana_design_fault(f->tree, f->form == ANA_RANGE ? "range" : "dist", f->id, err,
                                  "needs levels in a %s: levels = 5 here or in the design, or a "
                                  "list of values",
                                  ana_method_words[p->part.method]);
        else if (f->form == ANA_RANGE && f->scale == ANA_INTEGER &&
                 (double)levels > f->hi - f->lo + 1)
            rc = ana_design_fault(f->tree, f->levels ? "levels" : "range", f->id, err,
                                  "has %.0f whole numbers, fewer than %lld levels",
                                  f->hi - f->lo + 1, (long long)levels);
        else if (p->part.method == ANA_GRID)
            *n *= (double)levels;
        else if (of_first != 0 && levels != of_first)
            rc = ana_design_fault(f->tree, f->form == ANA_VALUES ? "values" : "levels", f->id, err,
                                  "has %lld values, but '%s' %lld: a zip takes the first of each, "
                                  "then the second ...; make them equal, or take method = "
                                  "\"grid\"",
                                  (long long)levels, first->id, (long long)of_first);
    }
    return rc;
}

static int out_of(int64_t x, int64_t lo, int64_t hi)
{
    return x < lo || x > hi;
}

/* What has a part of its own to check: numbers of points, levels, dimensions. */
static int check_counts(const struct ana_points *p, int kind, struct sim_err *err)
{
    enum ana_method m = p->part.method;
    size_t max_k = m == ANA_SOBOL ? ANA_SOBOL_DIMENSIONS : ANA_SOBOL_DIMENSIONS / 2;
    char what[300];
    int rc = 0;

    if (m >= ANA_RANDOM && m <= ANA_SALTELLI && out_of(p->part.points, 1, ANA_POINTS_MAX)) {
        snprintf(what, sizeof what, "must be 1 to %d", ANA_POINTS_MAX);
        rc = part_fault(p, kind, "points", err, what);
    }
    if (m == ANA_MORRIS && out_of(p->part.trajectories, 1, ANA_POINTS_MAX)) {
        snprintf(what, sizeof what, "must be 1 to %d", ANA_POINTS_MAX);
        rc = part_fault(p, kind, "trajectories", err, what);
    }
    if (m == ANA_MORRIS && (out_of(p->part.levels, 2, LEVELS_MAX) || p->part.levels % 2 != 0))
        rc = part_fault(p, kind, "levels", err,
                        "must be an even number from 2 to 1000 in morris, so that a step of "
                        "levels / (2 (levels - 1)) meets each level equally often");
    if ((m == ANA_GRID || m == ANA_ZIP) && p->part.levels != 0 &&
        out_of(p->part.levels, 2, ANA_POINTS_MAX)) {
        snprintf(what, sizeof what, "must be 2 to %d", ANA_POINTS_MAX);
        rc = part_fault(p, kind, "levels", err, what);
    }
    if ((m == ANA_SOBOL || m == ANA_SALTELLI) && p->k > max_k) {
        snprintf(what, sizeof what,
                 "Sobol' points have 40 dimensions%s: %zu factors at most, not %zu; screen with "
                 "morris first and fix those that do nothing, or take %s",
                 m == ANA_SALTELLI ? ", and saltelli takes two for each factor" : "", max_k, p->k,
                 m == ANA_SALTELLI ? "morris itself" : "lhs or random");
        rc = part_fault(p, kind, "method", err, what);
    }
    if (p->part.chance && m != ANA_SALTELLI && m != ANA_MORRIS)
        rc = part_fault(p, kind, "chance", err,
                        "luck is a factor only where method is saltelli or morris");
    if (m == ANA_LIST && p->part.n_row == 0)
        rc = part_fault(p, kind, NULL, err, "the list of points has no rows");
    return rc;
}

/* p->n as a double, which may be huge. */
static int count_points(struct ana_design *d, int kind, double *n, struct sim_err *err)
{
    struct ana_points *p = &d->points[kind];
    size_t k = p->k + (p->part.chance != 0);

    *n = 1;
    if (p->part.method == ANA_NO_METHOD) {
        if (p->k == 0)
            return 0;
        return part_fault(p, kind, "method", err,
                          kind == ANA_LEVER
                              ? "there are levers, but no method for them: "
                                "design = { uncertainties = { ... }; levers = { method = "
                                "\"grid\"; }; }"
                              : "there are uncertainties, but no method for them");
    }
    if (p->k == 0)
        return part_fault(p, kind, "method", err,
                          kind == ANA_LEVER ? "no factor has kind = \"lever\""
                                            : "no factor has kind = \"uncertainty\"");
    if (check_counts(p, kind, err) != 0)
        return SIM_EINPUT;
    switch (p->part.method) {
    case ANA_GRID:
    case ANA_ZIP:
        return count_levels(d, kind, n, err);
    case ANA_LIST:
        *n = (double)p->part.n_row;
        break;
    case ANA_SALTELLI:
        *n = (double)p->part.points * (double)(k + 2);
        break;
    case ANA_MORRIS:
        *n = (double)p->part.trajectories * (double)(k + 1);
        break;
    default:
        *n = (double)p->part.points;
    }
    return 0;
}

static int check_size(const struct ana_design *d, const double n[], struct sim_err *err)
{
    double all = n[0] * n[1],
           cells = 2 * (n[0] * (double)d->points[0].k + n[1] * (double)d->points[1].k);
    const struct ana_points *p = &d->points[n[0] >= n[1] ? 0 : 1];
    const char *what = kinds[n[0] >= n[1] ? 0 : 1];

    if (all > ANA_POINTS_MAX && n[0] > 1 && n[1] > 1)
        return ana_design_fault(p->part.tree, NULL, what, err,
                                "%.15g uncertain points x %.15g lever points = %.15g points, at "
                                "most %d; take fewer points or levels",
                                n[0], n[1], all, ANA_POINTS_MAX);
    if (all > ANA_POINTS_MAX)
        return ana_design_fault(p->part.tree, NULL, what, err,
                                "%s of %zu factors = %.15g points, at most %d; take fewer points "
                                "or levels",
                                ana_method_words[p->part.method], p->k, all, ANA_POINTS_MAX);
    if (cells > ANA_CELLS_MAX)
        return ana_design_fault(p->part.tree, NULL, what, err,
                                "2 x %.15g points x factors = %.15g values to keep, at most %d; "
                                "take fewer points",
                                cells / 2, cells, ANA_CELLS_MAX);
    return 0;
}

/* ---- making ---- */

static int fill(struct ana_design *d, int kind, uint64_t seed, struct sim_err *err)
{
    struct ana_points *p = &d->points[kind];

    p->x = sim_arena_alloc(&d->arena, p->n * p->k, sizeof *p->x);
    p->u = sim_arena_alloc(&d->arena, p->n * p->k, sizeof *p->u);
    for (size_t i = 0; i < p->n * p->k; i++)
        p->u[i] = NAN;
    switch (p->part.method) {
    case ANA_GRID:
        ana_design_grid(p, d->factor);
        break;
    case ANA_ZIP:
        ana_design_zip(p, d->factor);
        break;
    case ANA_LIST:
        return ana_design_list(p, d->factor, &d->arena, err);
    case ANA_RANDOM:
        ana_design_random(p, d->factor, seed);
        break;
    case ANA_LHS:
        ana_design_lhs(p, d->factor, seed);
        break;
    case ANA_SOBOL:
        return ana_design_sobol(p, d->factor, seed, err);
    case ANA_SALTELLI:
        return ana_design_saltelli(p, d->factor, seed, &d->arena, err);
    case ANA_MORRIS:
        ana_design_morris(p, d->factor, seed, &d->arena);
        break;
    case ANA_NO_METHOD:
    case ANA_METHODS:
        break;
    }
    return 0;
}

static void set_numbers(struct ana_design *d)
{
    for (size_t i = 0; i < d->n_factor; i++) {
        const struct ana_factor *f = &d->factor[i];
        double *x = sim_arena_alloc(&d->arena, f->n_value, sizeof *x);
        int all = f->form == ANA_VALUES;

        for (size_t v = 0; v < f->n_value && all; v++)
            all = ana_design_number(f->value[v], &x[v]);
        d->number[i] = all ? x : NULL;
    }
}

static void set_note(struct ana_design *d)
{
    for (int kind = 0; kind < ANA_KINDS; kind++) {
        const struct ana_part *p = &d->points[kind].part;
        int64_t below = 1;

        if (p->method != ANA_SOBOL && p->method != ANA_SALTELLI)
            continue;
        while (2 * below <= p->points)
            below *= 2;
        if (below != p->points)
            snprintf(d->note, sizeof d->note,
                     "%s: points = %lld is no power of 2; Sobol' points are even only at %lld, "
                     "%lld ...",
                     kinds[kind], (long long)p->points, (long long)below, (long long)(2 * below));
    }
}

static int make(struct ana_design *d, uint64_t seed, struct sim_err *err)
{
    double n[ANA_KINDS];
    int rc = check_factors(d, err);

    if (d->n_factor == 0)
        rc = sim_err_add(err, SIM_EINPUT, "a design needs one factor or more");
    for (int kind = 0; kind < ANA_KINDS && d->n_factor > 0; kind++)
        if (count_points(d, kind, &n[kind], err) != 0)
            rc = SIM_EINPUT;
    if (d->points[0].part.chance && d->points[1].part.chance)
        rc = part_fault(&d->points[1], 1, "chance", err,
                        "luck is a factor among the uncertainties already");
    if (rc != 0 || (rc = check_size(d, n, err)) != 0)
        return rc;
    for (int kind = 0; kind < ANA_KINDS; kind++) {
        int one;

        d->points[kind].n = (size_t)n[kind];
        one = fill(d, kind, seed, err);
        rc = one != 0 ? one : rc;
    }
    d->n_point = d->points[0].n * d->points[1].n;
    return rc;
}

int ana_design_make(struct ana_design *d, const struct ana_factor f[], size_t n,
                    const struct ana_part part[], uint64_t seed, struct sim_err *err)
{
    int rc;

    *d = (struct ana_design){0};
    copy_factors(d, f, n);
    split_factors(d, part);
    rc = make(d, seed, err);
    for (int kind = 0; kind < ANA_KINDS; kind++) {
        d->points[kind].part.cell = NULL;
        d->points[kind].part.line = NULL;
        d->points[kind].part.file = NULL;
    }
    if (rc == 0) {
        set_numbers(d);
        set_note(d);
    } else {
        ana_design_free(d);
    }
    return rc;
}

void ana_design_free(struct ana_design *d)
{
    sim_arena_free(&d->arena);
    *d = (struct ana_design){0};
}

/* ---- reading ---- */

/* Where the value of factor f at point p lies. */
static size_t cell(const struct ana_design *d, size_t p, size_t f)
{
    enum ana_factor_kind kind = d->factor[f].kind;
    size_t levers = d->points[ANA_LEVER].n;

    sim_bug_if(p >= d->n_point || f >= d->n_factor);
    return (kind == ANA_LEVER ? p % levers : p / levers) * d->points[kind].k + d->column[f];
}

double ana_design_x(const struct ana_design *d, size_t p, size_t f)
{
    double x = d->points[d->factor[f].kind].x[cell(d, p, f)];

    return d->number[f] ? d->number[f][(size_t)x] : x;
}

double ana_design_u(const struct ana_design *d, size_t p, size_t f)
{
    return d->points[d->factor[f].kind].u[cell(d, p, f)];
}

void ana_design_text(const struct ana_design *d, size_t p, size_t f, char *to, size_t n)
{
    double x = d->points[d->factor[f].kind].x[cell(d, p, f)];

    if (d->factor[f].form == ANA_VALUES) {
        snprintf(to, n, "%s", d->factor[f].value[(size_t)x]);
        return;
    }
    if (d->factor[f].form == ANA_RANGE && d->factor[f].scale == ANA_INTEGER) {
        snprintf(to, n, "%.0f", x);
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(to, n, "%.*g", digits, x);
        if (strtod(to, NULL) == x)
            return;
    }
}

uint32_t ana_design_chance(const struct ana_design *d, size_t p)
{
    const uint32_t *u = d->points[ANA_UNCERTAINTY].chance, *l = d->points[ANA_LEVER].chance;
    size_t levers = d->points[ANA_LEVER].n;

    return u ? u[p / levers] : l ? l[p % levers] : 0;
}
