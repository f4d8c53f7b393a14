#include "analysis/backtest_inner.h"

#include "sim/source.h"

#include <math.h>
#include <string.h>

/* ---- months ---- */

int ana_backtest_days(int month)
{
    int next = month + 1;

    return (int)(sim_date_join(next / 12, next % 12 + 1, 1) -
                 sim_date_join(month / 12, month % 12 + 1, 1));
}

int ana_backtest_is_whole(const struct ana_backtest_view *v, int month)
{
    int32_t first = sim_date_join(month / 12, month % 12 + 1, 1);

    return first >= v->start && first + ana_backtest_days(month) <= v->start + v->horizon_d;
}

const struct ana_backtest_observed *ana_backtest_at(const struct ana_backtest_plan *p, int month)
{
    for (size_t i = 0; i < p->n_observed; i++)
        if (p->observed[i].month == month)
            return &p->observed[i];
    return NULL;
}

static int read_times(struct ana_backtest_view *v, struct sim_err *err)
{
    const char *start = sim_result_find_attr(v->r, "start"),
               *horizon = sim_result_find_attr(v->r, "horizon_d");
    int month = sim_result_find_axis(v->r, "month"), run = sim_result_find_axis(v->r, "run"),
        scenario = sim_result_find_axis(v->r, "scenario"), y, m, d;
    int64_t days;

    if (start == NULL || horizon == NULL || month < 0 || run < 0 || scenario < 0 ||
        sim_date_parse(&v->start, start) != 0 || sim_text_int(horizon, &days) != 0)
        return sim_err_add(err, SIM_EINPUT, "the result has no start, horizon_d, months or runs");
    v->horizon_d = (int32_t)days;
    sim_date_split(v->start, &y, &m, &d);
    v->first = 12 * y + m - 1;
    v->n_month = v->r->axis[month].n;
    v->n_run = v->r->axis[run].n;
    v->n_scenario = v->r->axis[scenario].n;
    return 0;
}

/* Those that are not simulated, in one line. */
static int need(const struct ana_backtest_view *v, const struct sim_tree *at, const int month[],
                size_t n, struct sim_err *err)
{
    char list[200] = "", from[11], to[11];
    size_t len = 0, missing = 0;

    for (size_t i = 0; i < n; i++) {
        if (ana_backtest_is_whole(v, month[i]))
            continue;
        if (missing++ < 12)
            len += (size_t)snprintf(list + len, sizeof list - len, " %04d-%02d", month[i] / 12,
                                    month[i] % 12 + 1);
    }
    if (missing == 0)
        return 0;
    sim_date_print(v->start, from);
    sim_date_print(v->start + v->horizon_d - 1, to);
    return sim_tree_fault(at, err, "the scenario runs from %s to %s and lacks days of%s%s", from,
                          to, list, missing > 12 ? " ..." : "");
}

static int need_span(const struct ana_backtest_view *v, const struct sim_tree *at, int from, int to,
                     struct sim_err *err)
{
    int rc = 0;

    for (int m = from; from != ANA_NO_MONTH && m <= to;) {
        int list[12], n = 0;

        for (; n < 12 && m <= to; m++)
            list[n++] = m;
        rc |= need(v, at, list, (size_t)n, err);
    }
    return rc ? SIM_EINPUT : 0;
}

static int check_months(const struct ana_backtest_view *v, struct sim_err *err)
{
    const struct ana_backtest_plan *p = v->p;
    const struct ana_backtest_shortfall *s = &p->shortfall;
    int rc = need_span(v, sim_tree_get(p->tree, "base_from"), p->base_from, p->base_to, err);

    for (size_t i = 0; i < p->n_window; i++)
        rc |= need(v, p->window[i].tree, p->window[i].month, p->window[i].n, err);
    if (s->there)
        rc |= need_span(v, sim_tree_get(p->tree, "shortfall"), s->from,
                        s->made_good_to == ANA_NO_MONTH ? s->to : s->made_good_to, err);
    return rc ? SIM_EINPUT : 0;
}

/* ---- flows, or groups ---- */

static const char *const *coord(const struct sim_axis *a, const char *name)
{
    for (int i = 0; i < a->n_coord; i++)
        if (strcmp(a->coord[i].name, name) == 0)
            return a->coord[i].label;
    return NULL;
}

static int fits(const char *word, const char *label, int prefix)
{
    return prefix ? *word && strncmp(label, word, strlen(word)) == 0 : strcmp(label, word) == 0;
}

/* Does one label fit a list of words: one of them, or, where all say !X, none of these? */
static int listed(struct sim_strs words, const char *label, int prefix)
{
    int only_not = 1, yes = 0;

    for (size_t i = 0; i < words.n; i++) {
        const char *word = words.s[i];

        if (*word == '!') {
            if (fits(word + 1, label, prefix))
                return 0;
        } else {
            only_not = 0;
            yes |= fits(word, label, prefix);
        }
    }
    return yes || only_not;
}

/* Strikes out of pick[] what does not fit one filter, written `at`; a word that no label fits is a
 * fault. */
static int filter(const struct sim_axis *a, char pick[], const struct sim_tree *at,
                  const char *name, struct sim_strs words, int prefix, struct sim_err *err)
{
    const char *const *label = coord(a, name);
    int rc = 0;

    if (words.n == 0)
        return 0;
    if (label == NULL)
        return sim_err_add(err, SIM_EINPUT, "the result has no %s", name);
    for (size_t i = 0; i < words.n; i++) {
        const char *word = words.s[i] + (*words.s[i] == '!');
        int found = 0;

        for (size_t k = 0; k < a->n && !found; k++)
            found = fits(word, label[k], prefix);
        if (!found)
            rc = sim_tree_fault(at, err, "no %s of this network has '%s'", a->name, word);
    }
    for (size_t k = 0; k < a->n; k++)
        pick[k] &= (char)listed(words, label[k], prefix);
    return rc;
}

/* Is something left, and all in one unit? */
static int check_left(const struct ana_backtest_view *v, const char *unit_name, struct sim_err *err)
{
    const struct sim_axis *a = &v->r->axis[v->axis];
    const char *const *unit = coord(a, unit_name);
    const char *first = NULL;

    for (size_t k = 0; k < a->n; k++) {
        if (!v->pick[k] || unit == NULL)
            continue;
        if (first != NULL && strcmp(first, unit[k]) != 0)
            return sim_tree_fault(sim_tree_get(v->p->tree, "measure"), err,
                                  "what is picked is counted in %s and in %s: name products or "
                                  "headings of one unit",
                                  first, unit[k]);
        first = unit[k];
    }
    if (first == NULL)
        return sim_tree_fault(sim_tree_get(v->p->tree, "measure"), err,
                              "no %s fits origin, destination, product, hs and stage together",
                              a->name);
    return 0;
}

static int pick(struct ana_backtest_view *v, struct sim_arena *a, struct sim_err *err)
{
    const struct ana_backtest_plan *p = v->p;
    int made = p->measure == ANA_MADE, rc = 0;
    const struct {
        const char *key, *coord;
        struct sim_strs words;
    } by[] = {{"origin", made ? "group_country" : "flow_origin", p->origin},
              {"destination", "flow_destination", p->destination},
              {"product", made ? "group_product" : "flow_product", p->product},
              {"hs", "flow_hs", p->hs},
              {"stage", "group_tier", p->stage}};

    v->axis = sim_result_find_axis(v->r, made ? "group" : "flow");
    if (v->axis < 0)
        return sim_err_add(err, SIM_EINPUT, "the result has no axis %s", made ? "group" : "flow");
    v->pick = sim_arena_alloc(a, v->r->axis[v->axis].n, 1);
    memset(v->pick, 1, v->r->axis[v->axis].n);
    for (size_t i = 0; i < sizeof by / sizeof *by; i++)
        rc |= filter(&v->r->axis[v->axis], v->pick, sim_tree_get(p->tree, by[i].key), by[i].coord,
                     by[i].words, strcmp(by[i].key, "hs") == 0, err);
    if (rc == 0)
        rc = check_left(v, made ? "group_unit" : "flow_unit", err);
    return rc ? SIM_EINPUT : 0;
}

/* ---- groups of users ---- */

static int pick_users(struct ana_backtest_view *v, struct sim_arena *a, struct sim_err *err)
{
    const struct ana_backtest_plan *p = v->p;
    int plant = sim_result_find_axis(v->r, "plant"), rc = 0;

    if (plant < 0)
        return sim_err_add(err, SIM_EINPUT, "the result has no axis plant");
    v->users = sim_arena_alloc(a, p->n_users, sizeof *v->users);
    for (size_t i = 0; i < p->n_users; i++) {
        const struct ana_backtest_users *u = &p->users[i];

        v->users[i] = sim_arena_alloc(a, v->r->axis[plant].n, 1);
        memset(v->users[i], 1, v->r->axis[plant].n);
        rc |=
            filter(&v->r->axis[plant], v->users[i], u->tree ? sim_tree_get(u->tree, "tiers") : NULL,
                   "plant_tier", u->tiers, 0, err);
    }
    return rc ? SIM_EINPUT : 0;
}

int ana_backtest_look(struct ana_backtest_view *v, const struct ana_backtest_plan *p,
                      const struct sim_result *r, struct sim_arena *a, struct sim_err *err)
{
    int rc, one;

    *v = (struct ana_backtest_view){.p = p, .r = r};
    rc = read_times(v, err);
    if (rc != 0)
        return rc;
    rc = check_months(v, err);
    one = pick(v, a, err);
    rc = rc ? rc : one;
    one = pick_users(v, a, err);
    return rc ? rc : one;
}

int ana_backtest_fit(const struct ana_backtest_plan *p, const struct sim_result *r,
                     struct sim_err *err)
{
    struct sim_arena a = {0};
    struct ana_backtest_view v;
    int rc = ana_backtest_look(&v, p, r, &a, err), any = 0;

    for (size_t i = 0; rc == 0 && i < p->n_observed; i++)
        any |= ana_backtest_is_whole(&v, p->observed[i].month) &&
               (p->trough.from == ANA_NO_MONTH || p->observed[i].month >= p->trough.from) &&
               (p->trough.to == ANA_NO_MONTH || p->observed[i].month <= p->trough.to);
    if (rc == 0 && !any)
        rc = sim_tree_fault(p->trough.there ? sim_tree_get(p->tree, "trough")
                                            : sim_tree_get(p->tree, "scenario"),
                            err, "no month is both observed and simulated");
    sim_arena_free(&a);
    return rc;
}
