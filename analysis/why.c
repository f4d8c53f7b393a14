#include "analysis/why_inner.h"

#include "sim/source.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LIKE_MAX = 5 };

const char *const ana_why_columns[] = {"run_status", "missed", "stop_longest_first"};
const size_t ana_why_n_columns = sizeof ana_why_columns / sizeof *ana_why_columns;

const char *const ana_why_events[] = {
    "event_scenario", "event_run",     "event_day",   "event_kind",  "event_site",
    "event_partner",  "event_product", "event_plant", "event_order", "event_quantity",
    "event_against",  "event_days",    "event_use",   "event_cause", "event_rule",
    "event_input",    "event_office",  "backlog"};
const size_t ana_why_n_events = sizeof ana_why_events / sizeof *ana_why_events;

/* ---- the question ---- */

/* Does the text hold the word, be its letters (of ASCII) large or small? */
static int holds(const char *text, const char *word)
{
    for (; *text; text++) {
        size_t n = 0;

        while (word[n] && tolower((unsigned char)text[n]) == tolower((unsigned char)word[n]))
            n++;
        if (word[n] == '\0')
            return 1;
    }
    return 0;
}

/* "; with it in id or name: jp.small.mitsuba, jp.mitsuba and 2 more" */
static void list_like(const struct sim_axis *a, const char *axis, const char *word, char *to,
                      size_t size)
{
    char coord[40];
    const char *const *name;
    size_t n = 0, len = 0;

    snprintf(coord, sizeof coord, "%s_name", axis);
    name = ana_coord_text(a, coord);
    for (size_t i = 0; a && *word && i < a->n; i++) {
        if (!holds(a->label[i], word) && !(name && name[i] && holds(name[i], word)))
            continue;
        if (n++ < LIKE_MAX)
            len += (size_t)snprintf(to + len, size - len, "%s%.80s",
                                    n > 1 ? ", " : "; with it in id or name: ", a->label[i]);
    }
    if (n > LIKE_MAX)
        snprintf(to + len, size - len, " and %zu more", n - LIKE_MAX);
}

int ana_why_place(const struct sim_result *r, const char *axis, const char *option,
                  const char *name, int *to, struct sim_err *err)
{
    const struct sim_axis *a = ana_axis(r, axis);
    char like[600] = "";
    const char *near;

    for (size_t i = 0; a && i < a->n; i++)
        if (strcmp(a->label[i], name) == 0) {
            *to = (int)i;
            return 0;
        }
    near = a ? sim_nearest(name, a->label, a->n) : NULL;
    list_like(a, axis, name, like, sizeof like);
    return sim_err_add(err, SIM_EINPUT, "%s = %s: the file has none of that name%s%s%s%s", option,
                       name, near ? "; did you mean " : "", near ? near : "", near ? "?" : "",
                       like);
}

/* The place of the run on its axis. */
static int run_slot(const struct ana_why_question *q, const struct sim_result *r, size_t *slot,
                    struct sim_err *err)
{
    const struct sim_axis *a = ana_axis(r, "run");
    const struct sim_column *status = sim_result_find(r, "run_status");

    for (*slot = 0; a && *slot < a->n && a->value[*slot] != (double)q->run; ++*slot)
        ;
    if (a == NULL || *slot == a->n)
        return sim_err_add(err, SIM_EINPUT, "--run = %lld: the file has %zu runs, numbered from 0",
                           (long long)q->run, a ? a->n : 0);
    if (status && sim_column_at(status, (size_t)q->scenario * a->n + *slot) != 1)
        return sim_err_add(err, SIM_EINPUT, "--run = %lld: it was not done, or failed",
                           (long long)q->run);
    return 0;
}

/* What a line loses in a run beyond the first scenario's run of that number: starts missed x value
 * of a unit; NaN if it never stops. */
static double line_loss(const struct sim_result *r, int scenario, size_t slot, size_t line)
{
    struct ana_cube missed = ana_cube_find(r, "missed", "scenario run plant"),
                    stop = ana_cube_find(r, "stop_longest_first", "scenario run plant");
    const double *value = ana_coord_value(ana_axis(r, "plant"), "plant_value");
    double x;

    if (missed.c == NULL || stop.c == NULL || value == NULL ||
        isnan(ana_cube_at(&stop, (size_t)scenario, slot, line)))
        return NAN;
    x = ana_cube_at(&missed, (size_t)scenario, slot, line);
    if (scenario > 0)
        x -= ana_cube_at(&missed, 0, slot, line);
    return x * value[line];
}

static int site_of_plant(const struct sim_result *r, size_t line)
{
    const char *const *site = ana_coord_text(ana_axis(r, "plant"), "plant_site");
    const struct sim_axis *a = ana_axis(r, "site");

    for (size_t i = 0; site && i < a->n; i++)
        if (strcmp(a->label[i], site[line]) == 0)
            return (int)i;
    return ANA_WHY_ANY;
}

/* The line that loses most, of the site where one is said. */
static int worst_line(const struct ana_why_question *q, const struct sim_result *r, size_t slot)
{
    const struct sim_axis *a = ana_axis(r, "plant");
    const char *const *product = ana_coord_text(a, "plant_product");
    double most = 0;
    int worst = ANA_WHY_ANY;

    for (size_t i = 0; a && i < a->n; i++) {
        double x = line_loss(r, q->scenario, slot, i);

        if (isnan(x) || (q->site >= 0 && site_of_plant(r, i) != q->site) ||
            (q->site < 0 && q->product >= 0 &&
             strcmp(product[i], ana_axis(r, "product")->label[q->product]) != 0))
            continue;
        if (worst < 0 || x > most) {
            most = x;
            worst = (int)i;
        }
    }
    return worst;
}

static int has_line(const struct sim_result *r, int site)
{
    const struct sim_axis *a = ana_axis(r, "plant");
    size_t i = 0;

    while (a && i < a->n && site_of_plant(r, i) != site)
        i++;
    return a && i < a->n;
}

int ana_why_complete(struct ana_why_question *q, const struct sim_result *r, struct sim_err *err)
{
    struct ana_cube stop = ana_cube_find(r, "stop_longest_first", "scenario run plant");
    size_t slot;
    int rc = run_slot(q, r, &slot, err), line;

    if (rc != 0 || q->order || (q->site >= 0 && q->day != SIM_DAY_NONE))
        return rc;
    if (q->site >= 0 && !has_line(r, q->site))
        return 0;
    line = worst_line(q, r, slot);
    if (line < 0 && q->site >= 0)
        return sim_err_add(err, SIM_EINPUT,
                           "--site = %s: no line of it stops in run %lld; give a --date",
                           ana_axis(r, "site")->label[q->site], (long long)q->run);
    if (line < 0)
        return sim_err_add(err, SIM_EINPUT, "no such plant stops in run %lld; give a --site",
                           (long long)q->run);
    if (q->site < 0)
        q->site = site_of_plant(r, (size_t)line);
    if (q->day == SIM_DAY_NONE) {
        q->day = (int32_t)ana_cube_at(&stop, (size_t)q->scenario, slot, (size_t)line);
        q->plant = line;
    }
    return 0;
}

static int is_empty(const struct sim_result *r, const char *attr)
{
    const char *s = sim_result_find_attr(r, attr);

    return s && *s == '\0';
}

int ana_why_covered(const struct ana_why_question *q, const struct sim_result *r)
{
    const char *start = sim_result_find_attr(r, "start"),
               *until = sim_result_find_attr(r, "trace_until");
    int32_t first, last;

    if (!is_empty(r, "trace_site") || !is_empty(r, "trace_product") || !is_empty(r, "trace_from"))
        return 0;
    if (is_empty(r, "trace_until"))
        return 1;
    return !q->order && q->day != SIM_DAY_NONE && start && until &&
           sim_date_parse(&first, start) == 0 && sim_date_parse(&last, until) == 0 &&
           q->day <= last - first;
}

/* ---- the events ---- */

static const char *const words[ANA_EV_OTHER] = {[ANA_EV_PLACED] = "placed",
                                                [ANA_EV_UNPLACED] = "unplaced",
                                                [ANA_EV_TOLD] = "told",
                                                [ANA_EV_TURNED_AWAY] = "turned_away",
                                                [ANA_EV_ASKED_BACK] = "asked_back",
                                                [ANA_EV_TAKEN_BACK] = "taken_back",
                                                [ANA_EV_RECEIVED] = "received",
                                                [ANA_EV_ACCEPTED] = "accepted",
                                                [ANA_EV_REFUSED] = "refused",
                                                [ANA_EV_DUE] = "due",
                                                [ANA_EV_PREPARED] = "prepared",
                                                [ANA_EV_FILED] = "filed",
                                                [ANA_EV_GRANTED] = "granted",
                                                [ANA_EV_TURNED_DOWN] = "turned_down",
                                                [ANA_EV_ASKED] = "asked",
                                                [ANA_EV_CLEARED] = "cleared",
                                                [ANA_EV_WITHDRAWN] = "withdrawn",
                                                [ANA_EV_HELD] = "held",
                                                [ANA_EV_CANCELLED] = "cancelled",
                                                [ANA_EV_SHIPPED] = "shipped",
                                                [ANA_EV_SEIZED] = "seized",
                                                [ANA_EV_STARTED] = "started",
                                                [ANA_EV_SHORT] = "short",
                                                [ANA_EV_MISSED] = "missed",
                                                [ANA_EV_LOST] = "lost"};

static int8_t event_of(const char *word, size_t n)
{
    int8_t k = 0;

    while (k < ANA_EV_OTHER && (strlen(words[k]) != n || strncmp(words[k], word, n) != 0))
        k++;
    return k;
}

static void read_words(struct ana_events *e, const char *meanings)
{
    memset(e->word, ANA_EV_OTHER, sizeof e->word);
    for (int i = 0; *meanings && i < 128; i++) {
        size_t n = strcspn(meanings, " ");

        e->word[i] = event_of(meanings, n);
        meanings += n + strspn(meanings + n, " ");
    }
}

static const void *data_of(const struct sim_result *r, const char *name, enum sim_type type)
{
    const struct sim_column *c = sim_result_find(r, name);

    return c && c->type == type && c->n_axis == 1 && strcmp(r->axis[c->axis[0]].name, "event") == 0
               ? c->data
               : NULL;
}

int ana_events_find(struct ana_events *e, const struct sim_result *r,
                    const struct ana_why_question *q, struct sim_err *err)
{
    const struct sim_axis *a = ana_axis(r, "event");
    const struct sim_column *kind = sim_result_find(r, "event_kind");
    const int32_t *scenario = data_of(r, "event_scenario", SIM_I32),
                  *run = data_of(r, "event_run", SIM_I32);
    const int32_t **whole[] = {&e->day,   &e->site, &e->partner, &e->product, &e->plant,
                               &e->cause, &e->rule, &e->input,   &e->office};
    static const char *const names[] = {"event_day",     "event_site",  "event_partner",
                                        "event_product", "event_plant", "event_cause",
                                        "event_rule",    "event_input", "event_office"};
    int all = a && kind && kind->meanings && scenario && run;

    *e = (struct ana_events){.r = r};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        all &= (*whole[i] = data_of(r, names[i], SIM_I32)) != NULL;
    all &= (e->order = data_of(r, "event_order", SIM_I64)) != NULL;
    all &= (e->quantity = data_of(r, "event_quantity", SIM_F32)) != NULL;
    all &= (e->against = data_of(r, "event_against", SIM_F32)) != NULL;
    all &= (e->days = data_of(r, "event_days", SIM_F32)) != NULL;
    all &= (e->kind = data_of(r, "event_kind", SIM_I8)) != NULL;
    all &= (e->use = data_of(r, "event_use", SIM_I8)) != NULL;
    if (!all)
        return sim_err_add(err, SIM_EINPUT, "the file has no trace");
    read_words(e, kind->meanings);
    while (e->from < a->n && (scenario[e->from] != q->scenario || run[e->from] != q->run))
        e->from++;
    for (e->until = e->from;
         e->until < a->n && scenario[e->until] == q->scenario && run[e->until] == q->run;)
        e->until++;
    return 0;
}

/* ---- orders ---- */

static struct ana_order *order_find(struct ana_orders *to, int64_t number)
{
    for (size_t i = to->n; i-- > 0;)
        if (to->o[i].number == number)
            return &to->o[i];
    return NULL;
}

static int order_add(struct ana_orders *to, const struct ana_events *e, size_t i,
                     struct sim_err *err)
{
    if (to->n == to->cap) {
        size_t cap = to->cap ? 2 * to->cap : 64;
        struct ana_order *o = realloc(to->o, cap * sizeof *o);

        if (o == NULL)
            return sim_err_add(err, SIM_ENOMEM, "out of memory for %zu orders", cap);
        to->o = o;
        to->cap = cap;
    }
    to->o[to->n++] = (struct ana_order){.number = e->order[i],
                                        .supplier = e->partner[i],
                                        .placed = e->day[i],
                                        .promised = e->day[i] + (int32_t)e->days[i],
                                        .cause = -1,
                                        .use = e->use[i],
                                        .quantity = e->quantity[i],
                                        .open = e->quantity[i]};
    return 0;
}

static void order_change(struct ana_orders *to, const struct ana_events *e, size_t i)
{
    struct ana_order *o = order_find(to, e->order[i]);

    if (o == NULL)
        return;
    if (ana_event_at(e, i) == ANA_EV_TOLD) {
        o->cause = e->cause[i];
        o->since = e->day[i];
        return;
    }
    o->open -= e->quantity[i];
    if (o->open <= 1e-6 * o->quantity) {
        size_t at = (size_t)(o - to->o);

        memmove(o, o + 1, (--to->n - at) * sizeof *o);
    }
}

int ana_orders_open(struct ana_orders *to, const struct ana_events *e, int site, int product,
                    size_t upto, struct sim_err *err)
{
    int rc = 0;

    for (size_t i = e->from; i < upto && rc == 0; i++) {
        if (e->site[i] != site || e->product[i] != product || e->order[i] == 0)
            continue;
        switch (ana_event_at(e, i)) {
        case ANA_EV_PLACED:
            rc = order_add(to, e, i, err);
            break;
        case ANA_EV_TOLD:
        case ANA_EV_RECEIVED:
        case ANA_EV_TURNED_AWAY:
        case ANA_EV_TAKEN_BACK:
            order_change(to, e, i);
            break;
        default:
            break;
        }
    }
    return rc;
}

/* ---- words ---- */

static char *marks(const struct sim_result *r, const char *axis)
{
    const struct sim_axis *a = ana_axis(r, axis);

    return calloc(a ? a->n + 1 : 1, 1);
}

int ana_why_begin(struct ana_why *w, FILE *to, const struct sim_result *r,
                  const struct ana_why_question *q, struct sim_err *err)
{
    const char *start = sim_result_find_attr(r, "start");

    *w = (struct ana_why){.o = {.width = q->width, .utf8 = q->utf8}, .c = {.r = r}, .err = err};
    w->s.to = to;
    w->s.c = &w->c;
    w->s.o = &w->o;
    w->said_site = marks(r, "site");
    w->said_rule = marks(r, "rule");
    w->said_product = marks(r, "product");
    if (w->said_site == NULL || w->said_rule == NULL || w->said_product == NULL)
        return sim_err_add(err, SIM_ENOMEM, "out of memory");
    if (start == NULL || sim_date_parse(&w->c.start, start) != 0)
        return sim_err_add(err, SIM_EINPUT, "the file does not say when it starts");
    return ana_events_find(&w->e, r, q, err);
}

void ana_why_end(struct ana_why *w)
{
    free(w->said_site);
    free(w->said_rule);
    free(w->said_product);
}

/* A whole number with a comma between thousands. */
static void whole(char to[ANA_SHOW_CELL], double x)
{
    char plain[ANA_SHOW_CELL];
    size_t n, k = 0;

    snprintf(plain, sizeof plain, "%.0f", fmin(x, 1e15));
    n = strlen(plain);
    for (size_t i = 0; i < n && k + 2 < ANA_SHOW_CELL; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            to[k++] = ',';
        to[k++] = plain[i];
    }
    to[k] = '\0';
}

void ana_why_amount(char to[ANA_SHOW_CELL], const struct ana_why *w, int product, double x)
{
    const char *const *units = ana_coord_text(ana_axis(w->c.r, "product"), "product_unit");
    const char *unit = units ? units[product] : "";
    int piece = strcmp(unit, "piece") == 0;
    char n[ANA_SHOW_CELL];

    x = x < 0.0005 ? 0 : x;
    if (x >= 99.5 || x == floor(x))
        whole(n, x);
    else
        snprintf(n, sizeof n, x < 0.01 ? "%.1g" : "%.3g", x);
    snprintf(to, ANA_SHOW_CELL, "%.12s %.8s%s", n, unit, piece && x != 1 ? "s" : "");
}

const char *ana_why_date(char to[ANA_SHOW_CELL], const struct ana_why *w, int32_t day)
{
    ana_show_date(&w->s, to, day);
    return to;
}

const char *ana_why_label(const struct ana_why *w, const char *axis, int i)
{
    const struct sim_axis *a = ana_axis(w->c.r, axis);

    return a && i >= 0 && (size_t)i < a->n ? a->label[i] : "?";
}

/* The name of a point, or NULL: there is none, or it was said. */
static const char *name_once(const struct ana_why *w, const char *axis, const char *coord, int i,
                             char *said)
{
    const char *const *name = ana_coord_text(ana_axis(w->c.r, axis), coord);

    if (name == NULL || i < 0 || said[i]++ || name[i] == NULL || *name[i] == '\0')
        return NULL;
    said[i] = 1;
    return name[i];
}

void ana_why_site(struct ana_why *w, int site)
{
    const char *name = name_once(w, "site", "site_name", site, w->said_site);

    ana_para_add(&w->p, name ? "%s (%s)" : "%s%s", name ? name : "",
                 ana_why_label(w, "site", site));
}

void ana_why_rule(struct ana_why *w, int rule)
{
    const char *name = name_once(w, "rule", "rule_name", rule, w->said_rule);

    ana_para_add(&w->p, name ? "%s (%s)" : "%s%s", ana_why_label(w, "rule", rule),
                 name ? name : "");
}

void ana_why_product(struct ana_why *w, int product)
{
    const char *name = name_once(w, "product", "product_name", product, w->said_product);

    ana_para_add(&w->p, name ? "%s (%s)" : "%s%s", ana_why_label(w, "product", product),
                 name ? name : "");
}
