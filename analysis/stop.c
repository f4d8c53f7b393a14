#include "analysis/stop.h"

#include "sim/arena.h"

#include <math.h>

static void check_rule(const struct ana_stop_rule *r)
{
    sim_bug_if(r->first < ANA_STATS_MIN || r->step == 0 || r->max < r->first);
    sim_bug_if(!(r->level > 0.0 && r->level < 1.0));
}

size_t ana_stop_next(const struct ana_stop_rule *r, size_t n)
{
    size_t steps;

    check_rule(r);
    if (n <= r->first)
        return r->first;
    if (n >= r->max)
        return r->max;
    steps = (n - r->first + r->step - 1) / r->step;
    return steps > (r->max - r->first) / r->step ? r->max : r->first + steps * r->step;
}

/* The half-width of a target from n runs, and how large it may be. Returns 1 if it has no spread.
 */
static int take(const struct ana_stop_rule *r, const struct ana_stop_target *t, size_t n,
                double x[], double *half, double *wanted)
{
    struct ana_interval i;

    sim_bug_if(!(t->half > 0.0));
    for (size_t k = 0; k < n; k++)
        x[k] = t->base ? t->with[k] - t->base[k] : t->with[k];
    (void)ana_stats_interval(x, n, r->level, &i);
    *half = fmax(i.hi - i.at, i.at - i.lo);
    *wanted = t->relative ? t->half * fabs(i.at) : t->half;
    return i.lo == i.hi;
}

void ana_stop_at(const struct ana_stop_rule *r, const struct ana_stop_target t[], size_t n_target,
                 size_t n, struct ana_stop_look *to)
{
    struct sim_arena arena = {0};
    double *x, worst = -1.0;
    int tight = 1;

    check_rule(r);
    sim_bug_if(n_target == 0);
    *to = (struct ana_stop_look){.n = n, .half = NAN, .wanted = NAN};
    x = sim_arena_alloc(&arena, n, sizeof *x);
    for (size_t i = 0; i < n_target; i++) {
        double half, wanted, over;

        to->n_flat += (size_t)take(r, &t[i], n, x, &half, &wanted);
        tight &= half <= wanted;
        over = isnan(half) ? INFINITY : half == 0.0 ? 0.0 : half / wanted;
        if (over > worst) {
            worst = over;
            to->worst = i;
            to->half = half;
            to->wanted = wanted;
        }
    }
    sim_arena_free(&arena);
    to->state = tight ? ANA_STOP_SATISFIED : n >= r->max ? ANA_STOP_MAX : ANA_STOP_MORE;
}

const char *ana_stop_word(enum ana_stop_state s)
{
    return s == ANA_STOP_SATISFIED ? "satisfied" : s == ANA_STOP_MAX ? "maximum hit" : "more runs";
}
