#include "analysis/sense_inner.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The limits of one factor. */
struct side {
    double lo, hi;    /* infinite: no limit */
    uint64_t without; /* words that are out, a bit each */
};

/* One way to make a box smaller or larger. */
struct change {
    size_t factor;
    int side; /* of struct ana_prim_limit; -1: none found */
    double at;
    size_t rows, cases; /* that go or come */
};

struct search {
    size_t n, k; /* rows without missing ones, factors */
    const struct ana_prim_plan *plan;
    const char *is_word;
    const double **x;  /* [k][n] */
    size_t **sorted;   /* [k][n] rows by value */
    char *is_case;     /* [n] */
    char *free;        /* [n] in no box before */
    char *in;          /* [n] in the box now */
    struct side *side; /* [k] */
    size_t n_in, n_case, all_cases;
};

/* ---- boxes ---- */

static int fits(const struct side *s, double x, int is_word)
{
    if (is_word)
        return (s->without >> (unsigned)x & 1) == 0;
    return x >= s->lo && x <= s->hi;
}

/* Is a row in the box but for the limits of one factor (k: of none)? */
static int fits_others(const struct search *s, size_t row, size_t but)
{
    if (!s->free[row])
        return 0;
    for (size_t j = 0; j < s->k; j++)
        if (j != but && !fits(&s->side[j], s->x[j][row], s->is_word && s->is_word[j]))
            return 0;
    return 1;
}

static void count(struct search *s)
{
    s->n_in = s->n_case = 0;
    for (size_t i = 0; i < s->n; i++) {
        s->in[i] = (char)fits_others(s, i, s->k);
        s->n_in += s->in[i] != 0;
        s->n_case += s->in[i] && s->is_case[i];
    }
}

/* A limit between a value that is out and one that is in. */
static double between(double out, double in)
{
    double mid = out + (in - out) / 2;

    return mid == out ? in : mid;
}

static double *limit_of(struct side *s, int side)
{
    return side == ANA_PRIM_LOWER ? &s->lo : &s->hi;
}

static void change(struct search *s, const struct change *c)
{
    struct side *to = &s->side[c->factor];

    if (c->side == ANA_PRIM_WITHOUT)
        to->without ^= UINT64_C(1) << (unsigned)c->at;
    else
        *limit_of(to, c->side) = c->at;
    count(s);
}

static double density(size_t cases, size_t rows)
{
    return (double)cases / (double)rows;
}

static size_t portion(const struct search *s)
{
    return (size_t)fmax(1, floor(s->plan->alpha * (double)s->n_in));
}

/* ---- peeling ---- */

/* The row at place i of a walk from one end of a factor. */
static size_t walk(const struct search *s, size_t j, int side, size_t i)
{
    return s->sorted[j][side == ANA_PRIM_LOWER ? i : s->n - 1 - i];
}

/* Rows with equal values go together: as many as are no more than alpha of the rows in the box, but
 * at least those of the first value. */
static struct change peel_end(const struct search *s, size_t j, int side)
{
    struct change c = {.factor = j, .side = -1};
    size_t m = portion(s), seen = 0, cases = 0;
    double last = NAN, x;

    for (size_t i = 0; i < s->n; i++) {
        size_t row = walk(s, j, side, i);

        if (!s->in[row])
            continue;
        x = s->x[j][row];
        if (seen > 0 && x != last) {
            if (seen > m && c.side >= 0)
                break;
            c = (struct change){j, side, between(last, x), seen, cases};
            if (seen >= m)
                break;
        }
        last = x;
        seen++;
        cases += s->is_case[row] != 0;
    }
    return c;
}

static struct change peel_word(const struct search *s, size_t j, int word)
{
    struct change c = {.factor = j, .side = ANA_PRIM_WITHOUT, .at = word};

    for (size_t i = 0; i < s->n; i++)
        if (s->in[i] && (int)s->x[j][i] == word) {
            c.rows++;
            c.cases += s->is_case[i] != 0;
        }
    if (c.rows == 0)
        c.side = -1;
    return c;
}

/* Takes a peel if it is lawful and better than the best so far. */
static void consider(const struct search *s, const struct change *c, struct change *best,
                     double *best_gain)
{
    double gain;
    size_t left = s->n_in - c->rows;

    if (c->side < 0 || left == 0 || (double)left < s->plan->mass * (double)s->n)
        return;
    gain = density(s->n_case - c->cases, left) - density(s->n_case, s->n_in);
    if (gain <= 0)
        return;
    gain /= (double)c->rows;
    if (best->side < 0 || gain > *best_gain || (gain == *best_gain && c->rows < best->rows)) {
        *best = *c;
        *best_gain = gain;
    }
}

static struct change best_peel(const struct search *s)
{
    struct change best = {.side = -1}, c;
    double gain = 0;

    for (size_t j = 0; j < s->k; j++) {
        if (s->is_word && s->is_word[j]) {
            for (int word = 0; word < ANA_PRIM_WORDS; word++) {
                c = peel_word(s, j, word);
                consider(s, &c, &best, &gain);
            }
            continue;
        }
        for (int side = ANA_PRIM_LOWER; side <= ANA_PRIM_UPPER; side++) {
            c = peel_end(s, j, side);
            consider(s, &c, &best, &gain);
        }
    }
    return best;
}

/* ---- pasting ---- */

/* Rows beyond an end that the other limits would let in: alpha of those in the box, and equals. */
static struct change paste_end(const struct search *s, size_t j, int side)
{
    struct change c = {
        .factor = j, .side = side, .at = side == ANA_PRIM_LOWER ? -INFINITY : INFINITY};
    int outward = side == ANA_PRIM_LOWER ? ANA_PRIM_UPPER : ANA_PRIM_LOWER;
    size_t m = portion(s);
    double last = NAN;
    struct side open = s->side[j];

    *limit_of(&open, side) = c.at;
    for (size_t i = 0; i < s->n; i++) {
        size_t row = walk(s, j, outward, i);
        double x = s->x[j][row];

        if (s->in[row] || !fits(&open, x, 0) || !fits_others(s, row, j))
            continue;
        if (c.rows >= m && x != last) {
            c.at = between(x, last);
            break;
        }
        last = x;
        c.rows++;
        c.cases += s->is_case[row] != 0;
    }
    return c;
}

static struct change paste_word(const struct search *s, size_t j, int word)
{
    struct change c = {.factor = j, .side = ANA_PRIM_WITHOUT, .at = word};

    for (size_t i = 0; i < s->n; i++)
        if ((int)s->x[j][i] == word && fits_others(s, i, j)) {
            c.rows++;
            c.cases += s->is_case[i] != 0;
        }
    return c;
}

static void consider_paste(const struct search *s, const struct change *c, struct change *best)
{
    double now = density(s->n_case, s->n_in),
           with = density(s->n_case + c->cases, s->n_in + c->rows), so_far;

    if (with < now)
        return;
    so_far = density(s->n_case + best->cases, s->n_in + best->rows);
    if (best->side < 0 || with > so_far || (with == so_far && c->rows > best->rows))
        *best = *c;
}

static struct change best_paste(const struct search *s)
{
    struct change best = {.side = -1}, c;

    for (size_t j = 0; j < s->k; j++) {
        for (int word = 0; word < ANA_PRIM_WORDS; word++)
            if (s->side[j].without >> word & 1) {
                c = paste_word(s, j, word);
                consider_paste(s, &c, &best);
            }
        for (int side = ANA_PRIM_LOWER; side <= ANA_PRIM_UPPER; side++)
            if (isfinite(*limit_of(&s->side[j], side))) {
                c = paste_end(s, j, side);
                consider_paste(s, &c, &best);
            }
    }
    return best;
}

/* ---- one box ---- */

static void open_box(struct search *s)
{
    for (size_t j = 0; j < s->k; j++)
        s->side[j] = (struct side){-INFINITY, INFINITY, 0};
    count(s);
}

static struct ana_prim_step step_now(const struct search *s)
{
    struct ana_prim_step to = {(double)s->n_case / (double)s->all_cases,
                               density(s->n_case, s->n_in), (double)s->n_in / (double)s->n, 0};

    for (size_t j = 0; j < s->k; j++)
        to.n_factor += isfinite(s->side[j].lo) || isfinite(s->side[j].hi) || s->side[j].without;
    return to;
}

static size_t choose(const struct ana_prim_step path[], size_t n, double wanted)
{
    size_t best = 0;

    for (size_t i = 1; i < n; i++) {
        int now = path[i].density >= wanted, before = path[best].density >= wanted;

        if (now != before ? now
                          : (now ? path[i].coverage > path[best].coverage
                                 : path[i].density > path[best].density))
            best = i;
    }
    return best;
}

/* Chance of as many cases among the rows of the box if the share were that without one limit. */
static double quasi_p(const struct search *s, size_t j, const struct side *without)
{
    size_t rows = 0, cases = 0;
    int is_word = s->is_word && s->is_word[j];

    for (size_t i = 0; i < s->n; i++)
        if (fits(without, s->x[j][i], is_word) && fits_others(s, i, j)) {
            rows++;
            cases += s->is_case[i] != 0;
        }
    return gsl_cdf_binomial_Q((unsigned)s->n_case - 1, density(cases, rows), (unsigned)s->n_in);
}

static void add_limit(struct ana_prim_box *to, const struct search *s, size_t j, int side,
                      double at)
{
    struct side without = s->side[j];
    struct ana_prim_limit *l = &to->limit[to->n_limit++];

    if (side == ANA_PRIM_WITHOUT)
        without.without ^= UINT64_C(1) << (unsigned)at;
    else
        *limit_of(&without, side) = side == ANA_PRIM_LOWER ? -INFINITY : INFINITY;
    l->factor = j;
    l->side = side == ANA_PRIM_LOWER   ? ANA_PRIM_LOWER
              : side == ANA_PRIM_UPPER ? ANA_PRIM_UPPER
                                       : ANA_PRIM_WITHOUT;
    l->at = at;
    l->p = quasi_p(s, j, &without);
}

static void keep_box(struct ana_prim_box *to, const struct search *s, struct sim_arena *a)
{
    struct ana_prim_step now = step_now(s);
    size_t most = 0;

    to->n_row = s->n_in;
    to->n_case = s->n_case;
    to->coverage = now.coverage;
    to->density = now.density;
    to->mass = now.mass;
    for (size_t j = 0; j < s->k; j++)
        most += s->is_word && s->is_word[j] ? ANA_PRIM_WORDS : 2;
    to->limit = sim_arena_alloc(a, most, sizeof *to->limit);
    for (size_t j = 0; j < s->k && s->n_case > 0; j++) {
        for (int side = ANA_PRIM_LOWER; side <= ANA_PRIM_UPPER; side++)
            if (isfinite(*limit_of(&s->side[j], side)))
                add_limit(to, s, j, side, *limit_of(&s->side[j], side));
        for (int word = 0; word < ANA_PRIM_WORDS; word++)
            if (s->side[j].without >> word & 1)
                add_limit(to, s, j, ANA_PRIM_WITHOUT, word);
    }
}

/* A peel takes no more than alpha of the rows in the box, but for one of many equal values; so many
 * lead to the least mass. */
static size_t most_peels(const struct ana_prim_plan *p, size_t n)
{
    return 1 + (size_t)(log(fmax(p->mass, 1 / (double)n)) / log(1 - p->alpha));
}

/* `peels` of box `box` are done; all of it where they are many. */
static void tell_peels(const struct search *s, size_t box, size_t peels)
{
    const struct ana_watch *w = s->plan->watch;
    size_t most = most_peels(s->plan, s->n);

    if (w)
        w->tell(w->ctx, box * most + (peels < most ? peels : most), s->plan->n_box * most);
}

static void find_box(struct ana_prim_box *to, struct search *s, size_t box, struct sim_arena *a)
{
    struct sim_arena scratch = {0};
    size_t most = s->n + 1;
    struct ana_prim_step *path = sim_arena_alloc(&scratch, most, sizeof *path);
    struct change *peel = sim_arena_alloc(&scratch, most, sizeof *peel), c;

    open_box(s);
    path[0] = step_now(s);
    for (to->n_step = 1; (c = best_peel(s)).side >= 0; to->n_step++) {
        peel[to->n_step] = c;
        change(s, &c);
        path[to->n_step] = step_now(s);
        tell_peels(s, box, to->n_step);
    }
    to->path = sim_arena_alloc(a, to->n_step, sizeof *path);
    memcpy(to->path, path, to->n_step * sizeof *path);
    to->chosen = choose(path, to->n_step, s->plan->density);
    open_box(s);
    for (size_t i = 1; i <= to->chosen; i++)
        change(s, &peel[i]);
    while ((c = best_paste(s)).side >= 0)
        change(s, &c);
    keep_box(to, s, a);
    sim_arena_free(&scratch);
}

/* ---- rows ---- */

struct placed {
    double x;
    size_t row;
};

static int by_value(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;

    if (x->x != y->x)
        return x->x < y->x ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static void sort_rows(struct search *s, struct sim_arena *a)
{
    struct placed *p = sim_arena_alloc(a, s->n, sizeof *p);

    for (size_t j = 0; j < s->k; j++) {
        s->sorted[j] = sim_arena_alloc(a, s->n, sizeof *s->sorted[j]);
        for (size_t i = 0; i < s->n; i++)
            p[i] = (struct placed){s->x[j][i], i};
        qsort(p, s->n, sizeof *p, by_value);
        for (size_t i = 0; i < s->n; i++)
            s->sorted[j][i] = p[i].row;
    }
}

static void take_rows(struct search *s, struct sim_arena *a, const double x[],
                      const double is_case[], size_t n, size_t k)
{
    double **col = sim_arena_alloc(a, k, sizeof *col);

    s->k = k;
    s->x = sim_arena_alloc(a, k, sizeof *s->x);
    s->sorted = sim_arena_alloc(a, k, sizeof *s->sorted);
    s->side = sim_arena_alloc(a, k, sizeof *s->side);
    s->is_case = sim_arena_alloc(a, n, 1);
    s->free = sim_arena_alloc(a, n, 1);
    s->in = sim_arena_alloc(a, n, 1);
    for (size_t j = 0; j < k; j++)
        s->x[j] = col[j] = sim_arena_alloc(a, n, sizeof *col[j]);
    for (size_t i = 0; i < n; i++) {
        if (ana_sense_missing(x + i * k, k) || isnan(is_case[i]))
            continue;
        sim_bug_if(is_case[i] != 0 && is_case[i] != 1);
        for (size_t j = 0; j < k; j++) {
            double v = x[i * k + j];

            sim_bug_if(s->is_word && s->is_word[j] &&
                       !(v >= 0 && v < ANA_PRIM_WORDS && v == floor(v)));
            col[j][s->n] = v;
        }
        s->is_case[s->n] = is_case[i] == 1;
        s->all_cases += is_case[i] == 1;
        s->free[s->n++] = 1;
    }
    sort_rows(s, a);
}

void ana_prim(struct ana_prim *to, struct sim_arena *a, const double x[], const double is_case[],
              size_t n, size_t k, const char is_word[], const struct ana_prim_plan *plan)
{
    struct sim_arena scratch = {0};
    struct search s = {.plan = plan, .is_word = is_word};

    sim_bug_if(!(plan->alpha > 0 && plan->alpha <= 0.5) || !(plan->mass >= 0 && plan->mass <= 1) ||
               !(plan->density >= 0 && plan->density <= 1) || plan->n_box < 1);
    take_rows(&s, &scratch, x, is_case, n, k);
    *to = (struct ana_prim){.n_row = s.n, .n_case = s.all_cases, .n_left_out = n - s.n};
    to->box = sim_arena_alloc(a, plan->n_box, sizeof *to->box);
    while (to->n_box < plan->n_box) {
        struct ana_prim_box *box = &to->box[to->n_box];

        open_box(&s);
        if (s.n_case == 0)
            break;
        find_box(box, &s, to->n_box, a);
        if (box->n_limit == 0)
            break;
        to->n_box++;
        for (size_t i = 0; i < s.n; i++)
            s.free[i] = (char)(s.free[i] && !s.in[i]);
    }
    tell_peels(&s, plan->n_box, 0);
    sim_arena_free(&scratch);
}
