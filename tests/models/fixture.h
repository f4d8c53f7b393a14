/* Networks and scenarios as texts in the tests, changed cell by cell; loading and running them. */
#ifndef TEST_FIXTURE_H
#define TEST_FIXTURE_H

#include "models/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIX_SCENARIOS = 6 };

/* A network (CSV text by table, NULL = there is none) and scenarios (label, libconfig text). Zeroed
 * at the start; freed by fix_free. */
struct fix {
    struct sim_arena a;
    const char *text[MDL_TABLES];
    const char *label[FIX_SCENARIOS], *cfg[FIX_SCENARIOS];
    int n_cfg;
    struct sim_err err; /* of the last load */
};

static inline void fix_free(struct fix *f)
{
    sim_err_free(&f->err);
    sim_arena_free(&f->a);
}

SIM_FORMAT(2, 3) static inline const char *fix_format(struct fix *f, const char *fmt, ...)
{
    va_list ap;
    char *s;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    s = sim_arena_alloc(&f->a, (size_t)n + 1, 1);
    va_start(ap, fmt);
    vsnprintf(s, (size_t)n + 1, fmt, ap);
    va_end(ap);
    return s;
}

/* ---- tables ---- */

/* The text with the columns status and source on every line. */
static inline const char *fix_sourced(struct fix *f, const char *rows, int head)
{
    size_t lines = 0, n = strlen(rows);
    char *s, *to;

    for (size_t i = 0; i < n; i++)
        lines += rows[i] == '\n';
    s = to = sim_arena_alloc(&f->a, n + 16 * lines + 1, 1);
    for (size_t i = 0; i < n; i++) {
        if (rows[i] == '\n') {
            memcpy(to, head ? ",status,source" : ",quoted,test", head ? 14 : 12);
            to += head ? 14 : 12;
            head = 0;
        }
        *to++ = rows[i];
    }
    return s;
}

/* Sets a table: a header and rows without the columns status and source, each line ended by \n. */
static inline void fix_table(struct fix *f, enum mdl_table_number t, const char *rows)
{
    f->text[t] = fix_sourced(f, rows, 1);
}

/* Appends rows, without status and source. */
static inline void fix_add(struct fix *f, enum mdl_table_number t, const char *rows)
{
    f->text[t] = fix_format(f, "%s%s", f->text[t], fix_sourced(f, rows, 0));
}

static inline struct sim_csv fix_csv(struct fix *f, enum mdl_table_number t)
{
    struct sim_csv c;

    if (sim_csv_parse(&c, &f->a, mdl_tables[t].name, f->text[t], strlen(f->text[t]), NULL) != 0)
        fail_msg("the test's own %s cannot be read", mdl_tables[t].name);
    return c;
}

static inline char *fix_put_cell(char *to, const char *cell, char end)
{
    int quote = strpbrk(cell, ",\"\n") != NULL || (*cell == '\0' && end == 0);

    if (quote)
        *to++ = '"';
    for (; *cell != '\0'; cell++) {
        if (*cell == '"')
            *to++ = '"';
        *to++ = *cell;
    }
    if (quote)
        *to++ = '"';
    *to++ = end;
    return to;
}

/* The table with rows and columns in another order; row[n_row] and col[n_col] are permutations (or
 * choices of fewer), NULL = as it is. */
static inline const char *fix_print(struct fix *f, const struct sim_csv *c, const size_t *row,
                                    size_t n_row, const size_t *col, size_t n_col)
{
    size_t size = 1;
    char *s, *to;

    for (size_t j = 0; j < c->n_col; j++)
        size += 2 * strlen(c->head[j]) + 3;
    for (size_t i = 0; i < c->n_row * c->n_col; i++)
        size += 2 * strlen(c->cell[i]) + 3;
    s = to = sim_arena_alloc(&f->a, size, 1);
    for (size_t i = 0; i <= n_row; i++)
        for (size_t j = 0; j < n_col; j++) {
            size_t at = col ? col[j] : j;
            const char *cell =
                i == 0 ? c->head[at] : c->cell[(row ? row[i - 1] : i - 1) * c->n_col + at];

            to = fix_put_cell(to, cell, j + 1 < n_col ? ',' : '\n');
        }
    return s;
}

/* Number of the row whose cell in the first column is `key`; fails the test if there is none. */
static inline size_t fix_row(struct fix *f, enum mdl_table_number t, const char *key)
{
    struct sim_csv c = fix_csv(f, t);

    for (size_t i = 0; i < c.n_row; i++)
        if (strcmp(c.cell[i * c.n_col], key) == 0)
            return i;
    fail_msg("%s has no row %s", mdl_tables[t].name, key);
    return 0;
}

/* Sets a cell of a row; a column that is not there is appended, empty in all other rows. */
static inline void fix_set_at(struct fix *f, enum mdl_table_number t, size_t row, const char *head,
                              const char *value)
{
    struct sim_csv c = fix_csv(f, t);
    int col = sim_csv_find(&c, head);

    if (col < 0) {
        struct sim_csv wide = {.n_col = c.n_col + 1, .n_row = c.n_row};

        wide.head = sim_arena_alloc(&f->a, wide.n_col, sizeof *wide.head);
        wide.cell = sim_arena_alloc(&f->a, wide.n_col * wide.n_row, sizeof *wide.cell);
        memcpy(wide.head, c.head, c.n_col * sizeof *c.head);
        wide.head[c.n_col] = head;
        for (size_t i = 0; i < c.n_row; i++) {
            memcpy(wide.cell + i * wide.n_col, c.cell + i * c.n_col, c.n_col * sizeof *c.cell);
            wide.cell[i * wide.n_col + c.n_col] = "";
        }
        col = (int)c.n_col;
        c = wide;
    }
    assert_true(row < c.n_row);
    c.cell[row * c.n_col + (size_t)col] = value;
    f->text[t] = fix_print(f, &c, NULL, c.n_row, NULL, c.n_col);
}

/* The same for the row with this key in its first column. */
static inline void fix_set(struct fix *f, enum mdl_table_number t, const char *key,
                           const char *head, const char *value)
{
    fix_set_at(f, t, fix_row(f, t, key), head, value);
}

/* Takes the row with this key in its first column out. */
static inline void fix_drop(struct fix *f, enum mdl_table_number t, const char *key)
{
    struct sim_csv c = fix_csv(f, t);
    size_t at = fix_row(f, t, key), k = 0, *row = sim_arena_alloc(&f->a, c.n_row, sizeof *row);

    for (size_t i = 0; i < c.n_row; i++)
        if (i != at)
            row[k++] = i;
    f->text[t] = fix_print(f, &c, row, k, NULL, c.n_col);
}

/* ---- the toy: mine, separator and magnets in CN; motors, cars, missiles and a market in JP ----
 */

static inline void fix_toy_goods(struct fix *f)
{
    fix_table(
        f, MDL_PRODUCTS,
        "id,name,stage,unit,quanta_per_unit,value_usd,hs,codes,per_application,el_dy_g,el_nd_g\n"
        "ore,Ore,mine,kg,1000000,5,253090,,,5,100\n"
        "ox.nd,Nd oxide,oxide,kg,1000000,60,284690,,,0,850\n"
        "ox.dy,Dy oxide,oxide,kg,1000000,300,284690,1C904,10,870,0\n"
        "magnet,Magnet,magnet,kg,1000000,80,850511,1C905 1C904,10,,\n"
        "swarf,Swarf,scrap,kg,1000000,20,720449,,,10,200\n"
        "motor,Motor,component,piece,1,40,850131,,,,\n"
        "car,Car,vehicle,piece,1,25000,870380,,,,\n"
        "missile,Missile,defence,piece,1,400000,930690,,,,\n");
    fix_table(f, MDL_BOM,
              "recipe,role,product,quantity\n"
              "dig,output,ore,1\n"
              "separate,output,ox.nd,1\n"
              "separate,joint,ox.dy,0.05\n"
              "separate,input,ore,9\n"
              "sinter,output,magnet,1\n"
              "sinter,byproduct,swarf,0.1\n"
              "sinter,input,ox.nd,0.4\n"
              "sinter,input,ox.dy,0.02\n"
              "wind,output,motor,1\n"
              "wind,input,magnet,0.5\n"
              "assemble,output,car,1\n"
              "assemble,input,motor,2\n"
              "arm,output,missile,1\n"
              "arm,input,magnet,3\n");
    fix_table(f, MDL_LISTS,
              "list,kind,value\n"
              "codes,code,1C904\n"
              "headings,hs,8505\n"
              "goods,product,magnet\n"
              "firms,entity,yamato\n");
}

static inline void fix_toy(struct fix *f)
{
    *f = (struct fix){0};
    fix_toy_goods(f);
    fix_table(f, MDL_ENTITIES,
              "id,name,country,parent\n"
              "yamato,Yamato,JP,\n"
              "yamato.arms,Yamato Arms,JP,yamato\n");
    fix_table(f, MDL_SITES,
              "id,name,entity,country,tier,review_d,cover_d,out_cover_d,smooth_d\n"
              "cn.mine,Mine,,CN,mine,7,14,7,7\n"
              "cn.sep,Separator,,CN,oxide,7,14,7,7\n"
              "cn.mag,Magnets,,CN,magnet,7,14,7,7\n"
              "jp.motor,Motors,,JP,component,7,14,7,7\n"
              "jp.car,Cars,,JP,vehicle,7,14,7,7\n"
              "jp.def,Arms,yamato.arms,JP,defence,7,14,7,7\n"
              "jp.market,Market,,JP,market,7,14,7,7\n");
    fix_table(f, MDL_PROCESSES,
              "id,site,recipe,capacity_d,cycle_d,yield\n"
              "p.mine,cn.mine,dig,2000,1,1\n"
              "p.sep,cn.sep,separate,200,5,1\n"
              "p.mag,cn.mag,sinter,400,7,0.95\n"
              "p.motor,jp.motor,wind,400,2,1\n"
              "p.car,jp.car,assemble,200,1,1\n"
              "p.def,jp.def,arm,4,10,1\n");
    fix_table(f, MDL_LANES,
              "from,to,product,share,transit_d,customs_d\n"
              "cn.mine,cn.sep,ore,1,2,0\n"
              "cn.sep,cn.mag,ox.nd,1,2,0\n"
              "cn.sep,cn.mag,ox.dy,1,2,0\n"
              "cn.mag,jp.motor,magnet,1,7,2\n"
              "cn.mag,jp.def,magnet,1,7,2\n"
              "jp.motor,jp.car,motor,1,1,0\n"
              "jp.car,jp.market,car,1,2,0\n"
              "jp.def,jp.market,missile,1,2,0\n");
    fix_table(f, MDL_DEMAND,
              "site,product,end_use,rate_d,cv,dist,patience_d\n"
              "jp.market,car,civil,100,0.1,gamma,30\n"
              "jp.market,missile,military,2,0.1,gamma,\n");
}

/* ---- loading ---- */

static inline int fix_source(void *ctx, const char *table, const char **file, const char **text,
                             size_t *n, struct sim_err *err)
{
    struct fix *f = ctx;

    (void)err;
    for (int t = 0; t < MDL_TABLES; t++)
        if (strcmp(mdl_tables[t].name, table) == 0) {
            *file = fix_format(f, "%s.csv", table);
            *text = f->text[t];
            *n = f->text[t] ? strlen(f->text[t]) : 0;
            return 0;
        }
    fail_msg("asked for the table %s", table);
    return SIM_EIO;
}

/* Loads the network into the fixture's arena; the faults are in f->err. */
static inline int fix_network(struct fix *f, struct mdl_network *n)
{
    sim_err_free(&f->err);
    return mdl_network_load(n, &f->a, "toy", fix_source, f, &f->err);
}

static inline void fix_say(const struct fix *f)
{
    if (f->err.text)
        print_message("%s", f->err.text);
}

static inline void fix_network_ok(struct fix *f, struct mdl_network *n)
{
    if (fix_network(f, n) != 0) {
        fix_say(f);
        fail_msg("the network does not load");
    }
}

/* Asserts that the last load said exactly this. */
static inline void fix_said(const struct fix *f, const char *text)
{
    assert_string_equal(f->err.text ? f->err.text : "", text);
}

/* Asserts that the network is refused with exactly this text. */
static inline void fix_refused(struct fix *f, const char *text)
{
    struct mdl_network n;

    assert_int_equal(fix_network(f, &n), SIM_EINPUT);
    fix_said(f, text);
}

/* Adds a scenario. Its text follows a common head: 60 days from 2026-01-01, 40 days of warm-up. */
static inline void fix_scenario(struct fix *f, const char *label, const char *text)
{
    assert_true(f->n_cfg < FIX_SCENARIOS);
    f->label[f->n_cfg] = label;
    f->cfg[f->n_cfg++] =
        fix_format(f,
                   "title = \"%s\"; network = \"toy\"; start = \"2026-01-01\"; warm_up_d = 40;\n"
                   "horizon_d = 60; runs = 2; seed = 7;\n%s",
                   label, text);
}

/* Loads all scenarios on the network, as from a result file. Labels are borrowed. The faults are in
 * f->err. */
static inline int fix_study(struct fix *f, struct mdl_study *st)
{
    struct sim_result r = {0};
    int rc;

    sim_err_free(&f->err);
    sim_result_axis(&r, &(struct sim_axis){.name = "scenario",
                                           .long_name = "scenario",
                                           .n = (size_t)f->n_cfg,
                                           .label = f->label});
    for (int i = 0; i < f->n_cfg; i++)
        sim_result_input(&r, fix_format(f, "%s.cfg", f->label[i]), f->cfg[i]);
    for (int t = 0; t < MDL_TABLES; t++)
        if (f->text[t])
            sim_result_input(&r, fix_format(f, "%s.csv", mdl_tables[t].name), f->text[t]);
    rc = mdl_study_load_result(st, &r, &f->err);
    for (uint32_t i = 0; rc == 0 && i < st->n_scenario; i++)
        st->scenario[i].label = f->label[i]; /* it borrows those of the result */
    if (rc != 0)
        mdl_study_free(st);
    sim_result_free(&r);
    return rc;
}

static inline void fix_study_ok(struct fix *f, struct mdl_study *st)
{
    if (fix_study(f, st) != 0) {
        fix_say(f);
        fail_msg("the study does not load");
    }
}

/* ---- running ---- */

/* Runs one scenario with the audit on into a slot of `res`; returns the code, faults in err. */
static inline int fix_run_one(const struct mdl_study *st, uint32_t scenario, uint32_t run,
                              struct sim_result *res, struct sim_err *err)
{
    struct mdl_run_options o = {.run = run, .slot = run, .audit = 1};
    struct mdl_run_report report;
    int rc = mdl_run(st, scenario, &o, res, &report, err);

    if (rc == 0)
        assert_true(report.element_error <= 1e-9);
    return rc;
}

/* Runs all scenarios `runs` times, with the audit on, into a new result. */
static inline void fix_run(const struct mdl_study *st, uint32_t runs, struct sim_result *res)
{
    struct sim_err err = SIM_ERR_INIT;

    mdl_result_init(res, st, runs);
    for (uint32_t s = 0; s < st->n_scenario; s++)
        for (uint32_t r = 0; r < runs; r++)
            if (fix_run_one(st, s, r, res, &err) != 0)
                fail_msg("scenario %s, run %u: %s", st->scenario[s].label, r,
                         err.text ? err.text : "");
    sim_err_free(&err);
}

/* Loads and runs all scenarios of a fixture. */
static inline void fix_play(struct fix *f, uint32_t runs, struct sim_result *res)
{
    struct mdl_study st;

    fix_study_ok(f, &st);
    fix_run(&st, runs, res);
    mdl_study_free(&st);
}

static inline const struct sim_column *fix_column(const struct sim_result *r, const char *name)
{
    const struct sim_column *c = sim_result_find(r, name);

    if (c == NULL)
        fail_msg("the result has no column %s", name);
    return c;
}

static inline size_t fix_place(const struct sim_axis *a, const char *label)
{
    for (size_t i = 0; a->label && i < a->n; i++)
        if (strcmp(a->label[i], label) == 0)
            return i;
    if (a->label != NULL || (size_t)atoi(label) >= a->n)
        fail_msg("the axis %s has no %s", a->name, label);
    return (size_t)atoi(label);
}

/* A value of a column (scenario, run, at most two axes more) at the labels a and b, or numbers
 * where an axis has none; NULL beyond its axes. */
static inline double fix_at(const struct sim_result *r, const char *name, uint32_t scenario,
                            uint32_t run, const char *a, const char *b)
{
    const struct sim_column *c = fix_column(r, name);
    const char *const where[2] = {a, b};
    size_t at = scenario * r->axis[c->axis[1]].n + run;

    for (int i = 2; i < c->n_axis; i++)
        at = at * r->axis[c->axis[i]].n + fix_place(&r->axis[c->axis[i]], where[i - 2]);
    return sim_column_at(c, at);
}

/* The sum of a column over all but scenario and run. */
static inline double fix_sum(const struct sim_result *r, const char *name, uint32_t scenario,
                             uint32_t run)
{
    const struct sim_column *c = fix_column(r, name);
    size_t n = sim_column_slot(r, c), from = (scenario * r->axis[c->axis[1]].n + run) * n;
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += sim_column_at(c, from + i);
    return sum;
}

/* Asserts |x - y| <= tolerance, on doubles. */
#define FIX_NEAR(x, y, tolerance)                                                                  \
    do {                                                                                           \
        double x_ = (x), y_ = (y), t_ = (tolerance);                                               \
        if (!(fabs(x_ - y_) <= t_))                                                                \
            fail_msg("%s = %.17g, not %.17g", #x, x_, y_);                                         \
    } while (0)

/* Is it written by runs? */
static inline int fix_by_run(const struct sim_result *r, const struct sim_column *c)
{
    return strcmp(r->axis[c->axis[1]].name, "run") == 0;
}

/* Do the slots of two scenarios in two results hold the same bytes in every column but `except`
 * (NULL = none)? Axes must be alike. */
static inline void fix_same(const struct sim_result *x, uint32_t sx, const struct sim_result *y,
                            uint32_t sy, const char *except)
{
    assert_int_equal(x->n_column, y->n_column);
    for (int i = 0; i < x->n_column; i++) {
        const struct sim_column *c = &x->column[i], *d = &y->column[i];
        size_t n = sim_column_slot(x, c) * x->axis[c->axis[1]].n * sim_type_size(c->type);

        assert_string_equal(c->name, d->name);
        assert_int_equal(sim_column_n(x, c) / x->axis[c->axis[0]].n,
                         sim_column_n(y, d) / y->axis[d->axis[0]].n);
        if (!fix_by_run(x, c) || (except && strcmp(c->name, except) == 0))
            continue;
        if (n > 0 && memcmp((char *)c->data + sx * n, (char *)d->data + sy * n, n) != 0)
            fail_msg("column %s differs", c->name);
    }
}

/* ---- chance for the tests' own use ---- */

struct fix_dice {
    uint64_t state;
};
static inline uint64_t fix_bits(struct fix_dice *d)
{
    uint64_t x = d->state += 0x9e3779b97f4a7c15u;

    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}
/* A whole number lo..hi. */
static inline int fix_int(struct fix_dice *d, int lo, int hi)
{
    return lo + (int)(fix_bits(d) % (uint64_t)(hi - lo + 1));
}
static inline double fix_real(struct fix_dice *d, double lo, double hi)
{
    return lo + (hi - lo) * ((double)(fix_bits(d) >> 11) / 9007199254740992.0);
}

/* A random order of 0..n-1. */
static inline size_t *fix_shuffled(struct fix *f, struct fix_dice *d, size_t n)
{
    size_t *to = sim_arena_alloc(&f->a, n, sizeof *to);

    for (size_t i = 0; i < n; i++) {
        size_t k = (size_t)fix_int(d, 0, (int)i);

        to[i] = to[k];
        to[k] = i;
    }
    return to;
}

/* All tables with rows and columns in random order. */
static inline void fix_shuffle(struct fix *f, struct fix_dice *d)
{
    for (int t = 0; t < MDL_TABLES; t++)
        if (f->text[t]) {
            struct sim_csv c = fix_csv(f, (enum mdl_table_number)t);
            size_t *row = fix_shuffled(f, d, c.n_row), *col = fix_shuffled(f, d, c.n_col);

            f->text[t] = fix_print(f, &c, row, c.n_row, col, c.n_col);
        }
}

#endif
