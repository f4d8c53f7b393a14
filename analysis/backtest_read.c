#include "analysis/backtest_inner.h"

#include "sim/source.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const measures[] = {"exports", "imports", "made", NULL};
static const char *const againsts[] = {"index", "quantity", NULL};
static const char *const naives[] = {"no", "goal", "pass", NULL};
static const char *const references[] = {"observed", "baseline", NULL};
static const char *const statuses[] = {"quoted", "derived", "estimate", NULL};

#define AT(type, field) offsetof(struct ana_backtest_##type, field)

const struct sim_key ana_backtest_window_keys[] = {
    {"id", "", SIM_KEY_ID, 0, 0, NULL, AT(window, id), "key of the window", NULL, NULL},
    {"name", "", SIM_KEY_STR, 0, 0, "", AT(window, name), "name for people; empty = the id", NULL,
     NULL},
    {"from", "", SIM_KEY_STR, 0, 0, "", AT(window, from_text), "first month, YYYY-MM", NULL, NULL},
    {"to", "", SIM_KEY_STR, 0, 0, "", AT(window, to_text), "last month, YYYY-MM", NULL, NULL},
    {"months", "", SIM_KEY_STRS, 0, 0, "", AT(window, month_texts),
     "these months only, YYYY-MM, in place of from and to", NULL, NULL},
    {"against", "", SIM_KEY_WORD, 0, 0, "index", AT(window, against),
     "what max_mape, goal_mape and beat_naive look at: the index, or the quantity", againsts, NULL},
    {"max_mape", "", SIM_KEY_REAL, 0, 100, "", AT(window, max_mape),
     "pass: mean absolute relative error at most this, 0.2 = 20 %; empty = not checked", NULL,
     NULL},
    {"goal_mape", "", SIM_KEY_REAL, 0, 100, "", AT(window, goal_mape),
     "goal: the same, without a say in the verdict; empty = none", NULL, NULL},
    {"beat_naive", "", SIM_KEY_WORD, 0, 0, "no", AT(window, beat_naive),
     "is an error below that of the naive forecast a goal, or needed to pass", naives, NULL},
    {0}};

const struct sim_key ana_backtest_users_keys[] = {
    {"id", "", SIM_KEY_ID, 0, 0, NULL, AT(users, id), "key of the group", NULL, NULL},
    {"name", "", SIM_KEY_STR, 0, 0, "", AT(users, name), "name for people; empty = the id", NULL,
     NULL},
    {"tiers", "", SIM_KEY_STRS, 0, 0, "", AT(users, tiers),
     "stages of the chain whose sites are in it; !X = all but X; empty = all", NULL, NULL},
    {"max_stopped_share", "", SIM_KEY_REAL, 0, 1, "", AT(users, max_stopped_share),
     "pass: share of its sites that ever stop, mean over runs, at most this; empty = not checked",
     NULL, NULL},
    {"max_stop_d", "d", SIM_KEY_REAL, 0, 3650, "", AT(users, max_stop_d),
     "pass: 90 % of their longest stops last at most this; empty = not checked", NULL, NULL},
    {0}};

const struct sim_key ana_backtest_trough_keys[] = {
    {"from", "", SIM_KEY_STR, 0, 0, "", AT(trough, from_text),
     "first month in which to look, YYYY-MM; empty = the first observed and simulated", NULL, NULL},
    {"to", "", SIM_KEY_STR, 0, 0, "", AT(trough, to_text),
     "last month in which to look, YYYY-MM; empty = the last observed and simulated", NULL, NULL},
    {"max_off_months", "months", SIM_KEY_INT, 0, 120, "0", AT(trough, max_off_months),
     "pass: the simulated trough is at most so many months from the observed one", NULL, NULL},
    {0}};

const struct sim_key ana_backtest_shortfall_keys[] = {
    {"from", "", SIM_KEY_STR, 0, 0, NULL, AT(shortfall, from_text), "first month, YYYY-MM", NULL,
     NULL},
    {"to", "", SIM_KEY_STR, 0, 0, NULL, AT(shortfall, to_text), "last month, YYYY-MM", NULL, NULL},
    {"made_good_to", "", SIM_KEY_STR, 0, 0, "", AT(shortfall, made_good_text),
     "month up to which what exceeds the reference after `to` makes it good, YYYY-MM", NULL, NULL},
    {"simulated_against", "", SIM_KEY_WORD, 0, 0, "observed", AT(shortfall, against),
     "what the simulation falls short of: the same months of the year before as observed, as the "
     "observed series does, or the baseline, run by run",
     references, NULL},
    {"max_error", "", SIM_KEY_REAL, 0, 100, "", AT(shortfall, max_error),
     "pass: relative error of the median shortfall at most this; empty = not checked", NULL, NULL},
    {0}};

const struct sim_key ana_backtest_sanity_keys[] = {
    {"stop_d", "d", SIM_KEY_INT, 1, 3650, "3", AT(sanity, stop_d),
     "a stop that counts lasts at least so many days", NULL, NULL},
    {"max_open_weeks", "weeks", SIM_KEY_REAL, 0, 10000, "", AT(sanity, max_open_weeks),
     "pass: open orders in weeks of use, median over runs, at most this in every month; empty = "
     "not checked",
     NULL, NULL},
    {0}};

const struct sim_key ana_backtest_keys[] = {
    {"title", "", SIM_KEY_STR, 0, 0, NULL, AT(plan, title), "the episode, in a line", NULL, NULL},
    {"scenario", "", SIM_KEY_STR, 0, 0, NULL, AT(plan, scenario),
     "file of the scenario, looked up beside backtest.cfg, then in the folders above it", NULL,
     NULL},
    {"baseline", "", SIM_KEY_STR, 0, 0, "", AT(plan, baseline),
     "file of the same world without what the episode is about; empty = none", NULL, NULL},
    {"measure", "", SIM_KEY_WORD, 0, 0, NULL, AT(plan, measure),
     "what is observed: exports released by customs at the origin, imports on arrival, or what "
     "plants made",
     measures, NULL},
    {"origin", "", SIM_KEY_STRS, 0, 0, "", AT(plan, origin),
     "exporting countries, or countries where it is made; !X = all but X; empty = all", NULL, NULL},
    {"destination", "", SIM_KEY_STRS, 0, 0, "", AT(plan, destination),
     "importing countries; !X = all but X; empty = all", NULL, NULL},
    {"product", "", SIM_KEY_STRS, 0, 0, "", AT(plan, product),
     "products by id; empty = all (with hs, both must fit)", NULL, NULL},
    {"hs", "", SIM_KEY_STRS, 0, 0, "", AT(plan, hs),
     "customs headings, the beginning of a code is enough; of exports and imports; empty = all",
     NULL, NULL},
    {"stage", "", SIM_KEY_STRS, 0, 0, "", AT(plan, stage),
     "stages of the chain, of measure = made; empty = all", NULL, NULL},
    {"unit", "", SIM_KEY_STR, 0, 0, "t", AT(plan, unit), "unit of the observed values", NULL, NULL},
    {"scale", "", SIM_KEY_REAL, 1e-12, 1e12, "0.001", AT(plan, scale),
     "how many of that unit are in one unit of the products: 0.001 t in a kg", NULL, NULL},
    {"base_from", "", SIM_KEY_STR, 0, 0, "", AT(plan, base_from_text),
     "first of the months whose mean is 100 in the index, YYYY-MM; empty = no index", NULL, NULL},
    {"base_to", "", SIM_KEY_STR, 0, 0, "", AT(plan, base_to_text),
     "last of the months whose mean is 100 in the index, YYYY-MM", NULL, NULL},
    {"naive_growth", "", SIM_KEY_REAL, 0, 1000, "1", AT(plan, naive_growth),
     "the naive forecast is the same month of the year before, as observed, times this", NULL,
     NULL},
    {"source", "", SIM_KEY_STR, 0, 0, "", AT(plan, source), "where the series comes from", NULL,
     NULL},
    {"windows", "", SIM_KEY_LIST, 0, 0, "", 0, "months over which errors are taken", NULL,
     ana_backtest_window_keys},
    {"users", "", SIM_KEY_LIST, 0, 0, "", 0,
     "groups of the sites that use goods under a rule of the scenario, directly or inside what "
     "they "
     "buy; without it all are one group, id all",
     NULL, ana_backtest_users_keys},
    {"trough", "", SIM_KEY_GROUP, 0, 0, "", AT(plan, trough),
     "the month with the least; checked if this group is there", NULL, ana_backtest_trough_keys},
    {"shortfall", "", SIM_KEY_GROUP, 0, 0, "", AT(plan, shortfall),
     "what is missing against the year before, and how much of it is made good", NULL,
     ana_backtest_shortfall_keys},
    {"sanity", "", SIM_KEY_GROUP, 0, 0, "", AT(plan, sanity),
     "bounds on what the series does not show", NULL, ana_backtest_sanity_keys},
    {0}};

const struct sim_key ana_backtest_observed_keys[] = {
    {"month", "", SIM_KEY_STR, 0, 0, NULL, AT(observed, month_text), "YYYY-MM", NULL, NULL},
    {"value", "", SIM_KEY_REAL, 0, 1e15, NULL, AT(observed, value),
     "what was published for that month, in the unit of backtest.cfg", NULL, NULL},
    {"status", "", SIM_KEY_WORD, 0, 0, NULL, AT(observed, status),
     "is the value quoted, derived or an estimate", statuses, NULL},
    {"source", "", SIM_KEY_STR, 0, 0, NULL, AT(observed, source), "where it comes from", NULL,
     NULL},
    {"note", "", SIM_KEY_STR, 0, 0, "", AT(observed, note), "how it was derived", NULL, NULL},
    {0}};

/* ---- months ---- */

static int there(const char *text)
{
    return text != NULL && *text != '\0';
}

static int read_month(const char *text, int *month)
{
    char date[16];
    int32_t day;
    int y, m, d;

    if (strlen(text) != 7)
        return SIM_EINPUT;
    snprintf(date, sizeof date, "%s-01", text);
    if (sim_date_parse(&day, date) != 0)
        return SIM_EINPUT;
    sim_date_split(day, &y, &m, &d);
    *month = 12 * y + m - 1;
    return 0;
}

static const char bad_month[] = "must be a month YYYY-MM";

/* A month of a group; ANA_NO_MONTH where the text is empty. */
static int take_month(const struct sim_tree *group, const char *key, const char *text, int *to,
                      struct sim_err *err)
{
    *to = ANA_NO_MONTH;
    if (!there(text) || read_month(text, to) == 0)
        return 0;
    return sim_tree_fault(sim_tree_get(group, key), err, "%s", bad_month);
}

/* Both ends of a span, in their order. */
static int take_span(const struct sim_tree *group, const char *const key[2],
                     const char *const text[2], int *from, int *to, struct sim_err *err)
{
    int rc = take_month(group, key[0], text[0], from, err),
        rc2 = take_month(group, key[1], text[1], to, err);

    if (rc != 0 || rc2 != 0)
        return SIM_EINPUT;
    if (*from != ANA_NO_MONTH && *to != ANA_NO_MONTH && *to < *from)
        return sim_tree_fault(sim_tree_get(group, key[1]), err, "lies before %s = %s", key[0],
                              text[0]);
    return 0;
}

static const char *const from_to[2] = {"from", "to"};

/* ---- observed.csv ---- */

static int by_month(const void *a, const void *b)
{
    const struct ana_backtest_observed *x = a, *y = b;

    return (x->month > y->month) - (x->month < y->month);
}

static int read_observed(struct ana_backtest_plan *p, struct sim_arena *a, const char *file,
                         const char *text, size_t n, struct sim_err *err)
{
    struct sim_csv t;
    int rc = sim_csv_parse(&t, a, file, text, n, err), rc2;

    if (rc != 0)
        return rc;
    p->observed = sim_arena_alloc(a, t.n_row, sizeof *p->observed);
    rc = sim_csv_rows(&t, ana_backtest_observed_keys, NULL, p->observed, sizeof *p->observed, a,
                      err);
    for (size_t i = 0; rc == 0 && i < t.n_row; i++) {
        struct ana_backtest_observed *o = &p->observed[i];

        rc2 = read_month(o->month_text, &o->month);
        if (rc2 != 0)
            (void)!sim_csv_fault(&t, i, sim_csv_find(&t, "month"), err, "%s", bad_month);
        for (size_t k = 0; rc2 == 0 && k < i; k++)
            if (p->observed[k].month == o->month) {
                rc2 = sim_csv_fault(&t, i, sim_csv_find(&t, "month"), err,
                                    "is there already, on line %d", t.line[k]);
                break;
            }
        p->n_observed += rc2 == 0;
        if (rc2 != 0)
            o->month = ANA_NO_MONTH;
    }
    if (rc == 0 && t.n_row == 0)
        rc = sim_err_add(err, SIM_EINPUT, "%s:1:1: no month is observed", file);
    if (rc != 0 || p->n_observed < t.n_row)
        return SIM_EINPUT;
    qsort(p->observed, p->n_observed, sizeof *p->observed, by_month);
    p->observed_text = sim_csv_print(&t, a);
    return 0;
}

/* ---- backtest.cfg ---- */

static int window_months(struct ana_backtest_window *w, struct sim_arena *a, struct sim_err *err)
{
    const struct sim_tree *list = sim_tree_get(w->tree, "months");
    int from = ANA_NO_MONTH, to = ANA_NO_MONTH, rc;

    if ((w->month_texts.n > 0) == (there(w->from_text) || there(w->to_text)))
        return sim_tree_fault(w->tree, err, "needs from and to, or months");
    rc = take_span(w->tree, from_to, (const char *const[]){w->from_text, w->to_text}, &from, &to,
                   err);
    if (rc != 0)
        return rc;
    if (w->month_texts.n == 0 && (from == ANA_NO_MONTH || to == ANA_NO_MONTH))
        return sim_tree_fault(w->tree, err, "needs both from and to");
    w->n = w->month_texts.n > 0 ? w->month_texts.n : (size_t)(to - from + 1);
    w->month = sim_arena_alloc(a, w->n, sizeof *w->month);
    for (size_t i = 0; i < w->n && w->month_texts.n == 0; i++)
        w->month[i] = from + (int)i;
    for (size_t i = 0; i < w->month_texts.n; i++) {
        if (read_month(w->month_texts.s[i], &w->month[i]) != 0)
            rc = sim_tree_fault(list, err, "'%s' %s", w->month_texts.s[i], bad_month);
        else if (i > 0 && rc == 0 && w->month[i] <= w->month[i - 1])
            rc = sim_tree_fault(list, err, "'%s' does not come after '%s'", w->month_texts.s[i],
                                w->month_texts.s[i - 1]);
    }
    return rc;
}

static int read_windows(struct ana_backtest_plan *p, struct sim_arena *a, struct sim_err *err)
{
    const struct sim_key *const tables[] = {ana_backtest_window_keys};
    const struct sim_tree *list = sim_tree_get(p->tree, "windows");
    int rc = 0;

    p->n_window = list ? sim_tree_n(list) : 0;
    p->window = sim_arena_alloc(a, p->n_window, sizeof *p->window);
    for (size_t i = 0; i < p->n_window; i++) {
        struct ana_backtest_window *w = &p->window[i];
        int one = sim_keys_read(sim_tree_at(list, i), "windows", tables, 1, w, a, err);

        w->tree = sim_tree_at(list, i);
        if (one == 0)
            one = window_months(w, a, err);
        if (one == 0 && w->against == ANA_INDEX && !there(p->base_from_text))
            one = sim_tree_fault(w->tree, err,
                                 "there is no index: give base_from and base_to, or against = "
                                 "\"quantity\"");
        rc = rc ? rc : one;
    }
    return rc;
}

static int read_users(struct ana_backtest_plan *p, struct sim_arena *a, struct sim_err *err)
{
    const struct sim_key *const tables[] = {ana_backtest_users_keys};
    const struct sim_tree *list = sim_tree_get(p->tree, "users");
    size_t n = list ? sim_tree_n(list) : 0;
    int rc = 0;

    p->n_users = n > 0 ? n : 1;
    p->users = sim_arena_alloc(a, p->n_users, sizeof *p->users);
    if (n == 0)
        p->users[0] = (struct ana_backtest_users){
            .id = "all", .name = "all", .max_stopped_share = NAN, .max_stop_d = NAN};
    for (size_t i = 0; i < n; i++) {
        int one = sim_keys_read(sim_tree_at(list, i), "users", tables, 1, &p->users[i], a, err);

        p->users[i].tree = sim_tree_at(list, i);
        if (!there(p->users[i].name))
            p->users[i].name = p->users[i].id;
        rc = rc ? rc : one;
    }
    return rc;
}

static int read_spans(struct ana_backtest_plan *p, struct sim_err *err)
{
    const struct sim_tree *trough = sim_tree_get(p->tree, "trough"),
                          *shortfall = sim_tree_get(p->tree, "shortfall");
    struct ana_backtest_shortfall *s = &p->shortfall;
    int rc, one;

    p->trough.there = trough != NULL;
    s->there = shortfall != NULL;
    s->made_good_to = ANA_NO_MONTH;
    rc = take_span(p->tree, (const char *const[]){"base_from", "base_to"},
                   (const char *const[]){p->base_from_text, p->base_to_text}, &p->base_from,
                   &p->base_to, err);
    if (there(p->base_from_text) != there(p->base_to_text))
        rc = sim_tree_fault(sim_tree_get(p->tree, there(p->base_to_text) ? "base_to" : "base_from"),
                            err, "give both base_from and base_to, or none");
    one = take_span(trough, from_to, (const char *const[]){p->trough.from_text, p->trough.to_text},
                    &p->trough.from, &p->trough.to, err);
    rc = rc ? rc : one;
    if (!s->there)
        return rc;
    one = take_span(shortfall, from_to, (const char *const[]){s->from_text, s->to_text}, &s->from,
                    &s->to, err);
    if (one == 0)
        one = take_month(shortfall, "made_good_to", s->made_good_text, &s->made_good_to, err);
    if (one == 0 && s->made_good_to != ANA_NO_MONTH && s->made_good_to <= s->to)
        one = sim_tree_fault(sim_tree_get(shortfall, "made_good_to"), err, "lies before to = %s",
                             s->to_text);
    return rc ? rc : one;
}

static int check_measure(const struct ana_backtest_plan *p, struct sim_err *err)
{
    const struct {
        const char *key;
        size_t n;
        int made; /* may be used with it */
    } filter[] = {
        {"destination", p->destination.n, 0}, {"hs", p->hs.n, 0}, {"stage", p->stage.n, 1}};
    const struct sim_tree *sanity = sim_tree_get(p->tree, "sanity");
    int made = p->measure == ANA_MADE, rc = 0;

    for (size_t i = 0; i < sizeof filter / sizeof *filter; i++)
        if (filter[i].n > 0 && filter[i].made != made)
            rc = sim_tree_fault(sim_tree_get(p->tree, filter[i].key), err,
                                "does not go with measure = \"%s\"", measures[p->measure]);
    if (made && !isnan(p->sanity.max_open_weeks))
        rc = sim_tree_fault(sim_tree_get(sanity, "max_open_weeks"), err,
                            "needs measure = \"exports\" or \"imports\"");
    if (p->shortfall.there && p->shortfall.against == 1 && !there(p->baseline))
        rc = sim_tree_fault(sim_tree_get(sim_tree_get(p->tree, "shortfall"), "simulated_against"),
                            err, "there is no baseline");
    return rc;
}

static int read_cfg(struct ana_backtest_plan *p, struct sim_arena *a, const char *file,
                    const char *text, size_t n, struct sim_err *err)
{
    const struct sim_key *const tables[] = {ana_backtest_keys};
    struct sim_tree *tree;
    int rc = sim_tree_parse(&tree, a, file, text, n, err), one;

    if (rc != 0)
        return rc;
    p->tree = tree;
    rc = sim_keys_read(tree, "backtest", tables, 1, p, a, err);
    one = read_windows(p, a, err);
    rc = rc ? rc : one;
    one = read_users(p, a, err);
    rc = rc ? rc : one;
    one = read_spans(p, err);
    rc = rc ? rc : one;
    if (rc == 0)
        rc = check_measure(p, err);
    if (rc == 0)
        p->cfg_text = sim_tree_print(tree, a);
    return rc;
}

/* ---- are the months that are asked for observed? ---- */

/* Gathers the months that are not (or, with `positive`, that are 0) into one line. */
static int need(const struct ana_backtest_plan *p, const struct sim_tree *at, const int month[],
                size_t n, int back, int positive, struct sim_err *err)
{
    char list[200] = "";
    size_t len = 0, missing = 0;

    for (size_t i = 0; i < n; i++) {
        int m = month[i] - back;
        const struct ana_backtest_observed *o = ana_backtest_at(p, m);

        if (o != NULL && (!positive || o->value > 0))
            continue;
        if (missing++ < 12)
            len +=
                (size_t)snprintf(list + len, sizeof list - len, " %04d-%02d", m / 12, m % 12 + 1);
    }
    if (missing == 0)
        return 0;
    return sim_tree_fault(at, err, "observed.csv has no value%s for%s%s",
                          positive ? " above 0" : "", list, missing > 12 ? " ..." : "");
}

static int need_span(const struct ana_backtest_plan *p, const struct sim_tree *at, int from, int to,
                     int back, int positive, struct sim_err *err)
{
    int rc = 0;

    for (int m = from; from != ANA_NO_MONTH && m <= to;) {
        int list[12], n = 0;

        for (; n < 12 && m <= to; m++)
            list[n++] = m;
        rc |= need(p, at, list, (size_t)n, back, positive, err);
    }
    return rc ? SIM_EINPUT : 0;
}

static int check_observed(const struct ana_backtest_plan *p, struct sim_err *err)
{
    const struct ana_backtest_shortfall *s = &p->shortfall;
    const struct sim_tree *at = sim_tree_get(p->tree, "shortfall");
    int rc = need_span(p, sim_tree_get(p->tree, "base_from"), p->base_from, p->base_to, 0, 1, err);

    for (size_t i = 0; i < p->n_window; i++) {
        const struct ana_backtest_window *w = &p->window[i];

        rc |= need(p, w->tree, w->month, w->n, 0, 1, err);
        if (w->beat_naive != ANA_NAIVE_NO)
            rc |= need(p, w->tree, w->month, w->n, 12, 0, err);
    }
    if (s->there) {
        int last = s->made_good_to == ANA_NO_MONTH ? s->to : s->made_good_to;

        rc |= need_span(p, at, s->from, last, 0, 0, err);
        rc |= need_span(p, at, s->from, last, 12, 0, err);
    }
    return rc ? SIM_EINPUT : 0;
}

/* ---- all of it ---- */

int ana_backtest_parse(struct ana_backtest_plan *p, struct sim_arena *a, const char *cfg_file,
                       const char *cfg, size_t n_cfg, const char *csv_file, const char *csv,
                       size_t n_csv, struct sim_err *err)
{
    int rc, one;

    *p = (struct ana_backtest_plan){0};
    rc = read_cfg(p, a, cfg_file, cfg, n_cfg, err);
    one = read_observed(p, a, csv_file, csv, n_csv, err);
    rc = rc ? rc : one;
    return rc ? rc : check_observed(p, err);
}

int ana_backtest_read(struct ana_backtest_plan *p, struct sim_arena *a, const char *dir,
                      struct sim_err *err)
{
    static const char *const name[] = {"backtest.cfg", "observed.csv"};
    const size_t most[] = {SIM_MAX_CFG, SIM_MAX_FILE};
    char *path[2], *text[2] = {NULL, NULL};
    size_t n[2];
    int rc = 0, one;

    *p = (struct ana_backtest_plan){0};
    for (int i = 0; i < 2; i++) {
        size_t size = strlen(dir) + strlen(name[i]) + 2;

        path[i] = sim_arena_alloc(a, size, 1);
        snprintf(path[i], size, "%s/%s", dir, name[i]);
        one = sim_source_read(a, path[i], most[i], &text[i], &n[i], err);
        rc = rc ? rc : one;
    }
    if (rc == 0)
        return ana_backtest_parse(p, a, path[0], text[0], n[0], path[1], text[1], n[1], err);
    if (text[0])
        (void)!read_cfg(p, a, path[0], text[0], n[0], err);
    if (text[1])
        (void)!read_observed(p, a, path[1], text[1], n[1], err);
    return rc;
}
