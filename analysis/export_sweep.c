#include "analysis/export.h"

#include "analysis/file.h"
#include "analysis/sweep.h"
#include "sim/batch.h"
#include "sim/source.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A file being written; rc is kept so that parts can be added without a test after each. */
struct out {
    struct ana_file file;
    int rc;
    struct sim_err *err;
};

struct sweep {
    const struct sim_result *r;
    const struct sim_axis *scenario, *point, *run, *factor;
    const double *x, *uncertain, *lever;
    const int64_t *chance; /* NULL: no factor of the design */
    const int8_t *status;
    struct ana_sweep s;
};

static void add(struct out *o, const char *text)
{
    if (o->rc == 0)
        o->rc = ana_file_add(&o->file, text, strlen(text), o->err);
}

static void add_number(struct out *o, double x)
{
    char to[32] = "";

    if (!isnan(x))
        sim_text_show(x, to);
    add(o, to);
}

/* Quoted as CSV (RFC 4180) where it must be. */
static void add_cell(struct out *o, const char *text)
{
    if (strpbrk(text, ",\"\n\r") == NULL) {
        add(o, text);
        return;
    }
    add(o, "\"");
    for (; *text; text++) {
        char c[3] = {*text, *text == '"' ? '"' : '\0', '\0'};

        add(o, c);
    }
    add(o, "\"");
}

/* ---- experiments.csv: what was put in ---- */

/* The text that stands at place `at` of "deny | licence". */
static void add_word(struct out *o, const char *words, double at)
{
    char text[1000];
    const char *next;

    for (; at > 0 && (next = strstr(words, " | ")) != NULL; at--)
        words = next + 3;
    next = strstr(words, " | ");
    snprintf(text, sizeof text, "%.*s", next ? (int)(next - words) : (int)strlen(words), words);
    add_cell(o, text);
}

static const char *const *words_of(const struct sweep *w)
{
    for (int i = 0; i < w->factor->n_coord; i++)
        if (strcmp(w->factor->coord[i].name, "factor_words") == 0)
            return w->factor->coord[i].label;
    return NULL;
}

static void experiment_head(struct out *o, const struct sweep *w)
{
    for (size_t f = 0; f < w->factor->n; f++) {
        add_cell(o, w->factor->label[f]);
        add(o, ",");
    }
    add(o, w->chance ? "chance,scenario,policy,model,point,run\n"
                     : "scenario,policy,model,point,run\n");
}

static void experiment(struct out *o, const struct sweep *w, size_t s, size_t p, size_t run)
{
    const char *const *words = words_of(w);

    for (size_t f = 0; f < w->factor->n; f++) {
        double x = w->x[p * w->factor->n + f];

        if (words && *words[f])
            add_word(o, words[f], x);
        else
            add_number(o, x);
        add(o, ",");
    }
    if (w->chance) {
        add_number(o, (double)w->chance[p]);
        add(o, ",");
    }
    add_number(o, w->uncertain[p]);
    add(o, ",");
    add_number(o, w->lever[p]);
    add(o, ",");
    add_cell(o, w->scenario->label[s]);
    add(o, ",");
    add_number(o, (double)p);
    add(o, ",");
    add_number(o, w->run->value[run]);
    add(o, "\n");
}

/* ---- outcomes.csv: what came out ---- */

static int is_output(const struct sweep *w, const struct sim_column *c)
{
    return c->n_axis >= 3 && c->type == SIM_F64 &&
           strcmp(w->r->axis[c->axis[0]].name, "scenario") == 0 &&
           strcmp(w->r->axis[c->axis[1]].name, "point") == 0 &&
           strcmp(w->r->axis[c->axis[2]].name, "run") == 0;
}

static void outcome_head(struct out *o, const struct sweep *w)
{
    const char *comma = "";

    for (int i = 0; i < w->r->n_column; i++) {
        const struct sim_column *c = &w->r->column[i];
        const struct sim_axis *by = c->n_axis > 3 ? &w->r->axis[c->axis[3]] : NULL;

        for (size_t k = 0; is_output(w, c) && k < (by ? by->n : 1); k++) {
            char name[600], number[32];

            if (by && by->value)
                sim_text_show(by->value[k], number);
            snprintf(name, sizeof name, "%s%s%s", c->name, by ? ":" : "",
                     by == NULL  ? ""
                     : by->label ? by->label[k]
                                 : number);
            add(o, comma);
            add_cell(o, name);
            comma = ",";
        }
    }
    add(o, "\n");
}

static void outcome(struct out *o, const struct sweep *w, size_t slot)
{
    const char *comma = "";

    for (int i = 0; i < w->r->n_column; i++) {
        const struct sim_column *c = &w->r->column[i];
        size_t n = c->n_axis > 3 ? w->r->axis[c->axis[3]].n : 1;

        for (size_t k = 0; is_output(w, c) && k < n; k++) {
            add(o, comma);
            add_number(o, ((const double *)c->data)[slot * n + k]);
            comma = ",";
        }
    }
    add(o, "\n");
}

/* ---- problem.json ---- */

static void add_json(struct out *o, const char *text)
{
    add(o, "\"");
    for (; *text; text++) {
        char c[3] = {*text, '\0', '\0'};

        if (*text == '"' || *text == '\\') {
            c[0] = '\\';
            c[1] = *text;
        }
        add(o, c);
    }
    add(o, "\"");
}

static void bounds(const struct sweep *w, size_t f, double *lo, double *hi)
{
    *lo = INFINITY;
    *hi = -INFINITY;
    for (size_t p = 0; p < w->point->n; p++) {
        double x = f < w->factor->n ? w->x[p * w->factor->n + f] : (double)w->chance[p];

        *lo = fmin(*lo, x);
        *hi = fmax(*hi, x);
    }
    if (f < w->factor->n && w->s.factor[f].form == ANA_RANGE) {
        *lo = w->s.factor[f].lo;
        *hi = w->s.factor[f].hi;
    }
}

/* The factors of the uncertainties, or of levers where there are no others: one part of the
 * design, whose points are the rows of one policy. */
static size_t list_problem(const struct sweep *w, size_t at[])
{
    enum ana_factor_kind kind = ANA_LEVER;
    size_t n = 0;

    for (size_t f = 0; f < w->factor->n; f++)
        if (w->s.factor[f].kind == ANA_UNCERTAINTY)
            kind = ANA_UNCERTAINTY;
    for (size_t f = 0; f < w->factor->n; f++)
        if (w->s.factor[f].kind == kind)
            at[n++] = f;
    if (w->s.part[kind].chance)
        at[n++] = w->factor->n;
    return n;
}

static void problem(struct out *o, const struct sweep *w, struct sim_arena *a)
{
    size_t *at = sim_arena_alloc(a, w->factor->n + 1, sizeof *at), n = list_problem(w, at);

    add(o, "{\n  \"num_vars\": ");
    add_number(o, (double)n);
    add(o, ",\n  \"names\": [");
    for (size_t i = 0; i < n; i++) {
        add(o, i ? ", " : "");
        add_json(o, at[i] < w->factor->n ? w->factor->label[at[i]] : ANA_CHANCE);
    }
    add(o, "],\n  \"bounds\": [");
    for (size_t i = 0; i < n; i++) {
        double lo, hi;

        bounds(w, at[i], &lo, &hi);
        add(o, i ? ", [" : "[");
        add_number(o, lo);
        add(o, ", ");
        add_number(o, hi);
        add(o, "]");
    }
    add(o, "]\n}\n");
}

/* ---- all three ---- */

static const void *column(const struct sim_result *r, const char *name)
{
    const struct sim_column *c = sim_result_find(r, name);

    return c ? c->data : NULL;
}

static const struct sim_axis *axis(const struct sim_result *r, const char *name)
{
    int at = sim_result_find_axis(r, name);

    return at < 0 ? NULL : &r->axis[at];
}

static int open_sweep(struct sweep *w, const struct sim_result *r, struct sim_arena *a,
                      struct sim_err *err)
{
    int rc = ana_sweep_from(&w->s, a, r, err);

    if (rc != 0)
        return rc;
    w->r = r;
    w->scenario = axis(r, "scenario");
    w->point = axis(r, "point");
    w->run = axis(r, "run");
    w->factor = axis(r, "factor");
    w->x = column(r, "x");
    w->status = column(r, "run_status");
    w->chance = w->s.part[0].chance || w->s.part[1].chance ? column(r, "chance") : NULL;
    if (w->scenario == NULL || w->point == NULL || w->factor == NULL || w->x == NULL ||
        w->point->n_coord < 2 || w->factor->n != w->s.n_factor)
        return sim_err_add(err, SIM_ERUN, "the file is not that of a sweep");
    w->uncertain = w->point->coord[0].value;
    w->lever = w->point->coord[1].value;
    return 0;
}

static void write_rows(struct out o[2], const struct sweep *w)
{
    experiment_head(&o[0], w);
    outcome_head(&o[1], w);
    for (size_t s = 0; s < w->scenario->n; s++)
        for (size_t p = 0; p < w->point->n; p++)
            for (size_t k = 0; k < w->run->n; k++) {
                size_t slot = (s * w->point->n + p) * w->run->n + k;

                if (w->status[slot] == SIM_MISSING)
                    continue;
                experiment(&o[0], w, s, p, k);
                outcome(&o[1], w, slot);
            }
}

int ana_export_sweep(const struct sim_result *r, const char *dir, struct sim_err *err)
{
    static const char *const name[] = {"experiments.csv", "outcomes.csv", "problem.json"};
    struct sim_arena own = {0};
    struct out o[3] = {{.err = err}, {.err = err}, {.err = err}};
    struct sweep w = {0};
    int rc = open_sweep(&w, r, &own, err);

    for (int i = 0; i < 3 && rc == 0; i++) {
        size_t size = strlen(dir) + strlen(name[i]) + 2;
        char *path = sim_arena_alloc(&own, size, 1);

        snprintf(path, size, "%s/%s", dir, name[i]);
        rc = ana_file_open(&o[i].file, path, err);
    }
    if (rc == 0 && w.run && w.status)
        write_rows(o, &w);
    if (rc == 0)
        problem(&o[2], &w, &own);
    for (int i = 0; i < 3 && rc == 0; i++)
        rc = o[i].rc ? o[i].rc : ana_file_finish(&o[i].file, NULL, NULL, err);
    for (int i = 0; i < 3 && rc == 0; i++)
        rc = ana_file_name(&o[i].file, err);
    for (int i = 0; i < 3; i++)
        ana_file_drop(&o[i].file);
    sim_arena_free(&own);
    return rc;
}
