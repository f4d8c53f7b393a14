#include "sim/keys.h"
#include "sim/input.h"

#include "sim/source.h"
#include "sim/tree.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Past this a double no longer tells whole numbers apart, so such a limit is not used. */
static const double whole_max = 9007199254740992.0;

const struct sim_key sim_key_fixed[] = {{0}};
static const char fixed[] = ", the same in all runs: it cannot be a distribution";

enum { ID_MAX = 64, KEPT_FAULTS = 1000, WHY = 512 };

size_t sim_key_size(enum sim_key_type t)
{
    static const size_t size[] = {[SIM_KEY_STR] = sizeof(const char *),
                                  [SIM_KEY_ID] = sizeof(const char *),
                                  [SIM_KEY_INT] = sizeof(int64_t),
                                  [SIM_KEY_REAL] = sizeof(double),
                                  [SIM_KEY_BOOL] = sizeof(int),
                                  [SIM_KEY_DATE] = sizeof(int32_t),
                                  [SIM_KEY_DIST] = sizeof(struct sim_dist),
                                  [SIM_KEY_WORD] = sizeof(int),
                                  [SIM_KEY_STRS] = sizeof(struct sim_strs),
                                  [SIM_KEY_REALS] = sizeof(struct sim_reals),
                                  [SIM_KEY_GROUP] = 0,
                                  [SIM_KEY_LIST] = 0,
                                  [SIM_KEY_SCALAR] = sizeof(const struct sim_tree *),
                                  [SIM_KEY_FREE] = sizeof(const struct sim_tree *),
                                  [SIM_KEY_ANY] = sizeof(const struct sim_tree *)};

    return size[t];
}

int sim_keys_is_id(const char *text)
{
    size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789._-");

    return n >= 1 && n <= ID_MAX && text[n] == '\0';
}

const char *sim_keys_nearest(const char *word, const struct sim_key *const *tables, int n_tables)
{
    const char *best = NULL, *near;
    int gap, least = 0;

    for (int i = 0; i < n_tables; i++) {
        for (const struct sim_key *k = tables[i]; k->name != NULL; k++) {
            near = sim_nearest(word, &k->name, 1);
            gap = near != NULL ? sim_distance(word, near) : 0;
            if (near != NULL && (best == NULL || gap < least)) {
                best = near;
                least = gap;
            }
        }
    }
    return best;
}

/* ---- what is allowed ---- */

static int real_fits(const struct sim_key *k, double x)
{
    return x >= k->lo && x <= k->hi;
}

static int whole_fits(const struct sim_key *k, int64_t x)
{
    if (fabs(k->lo) <= whole_max && x < (int64_t)ceil(k->lo))
        return 0;
    return fabs(k->hi) > whole_max || x <= (int64_t)floor(k->hi);
}

static void show_range(const struct sim_key *k, const char *before, char *to, size_t n)
{
    double most = k->type == SIM_KEY_INT ? whole_max : DBL_MAX;
    char lo[32], hi[32];

    *to = '\0';
    sim_text_show(k->lo, lo);
    sim_text_show(k->hi, hi);
    if (fabs(k->lo) <= most && fabs(k->hi) <= most)
        snprintf(to, n, "%s%s to %s", before, lo, hi);
    else if (fabs(k->lo) <= most)
        snprintf(to, n, "%s%s or more", before, lo);
    else if (fabs(k->hi) <= most)
        snprintf(to, n, "%s%s or less", before, hi);
}

static void show_words(const struct sim_key *k, char *to, size_t n)
{
    size_t used = (size_t)snprintf(to, n, "one of ");

    for (int i = 0; k->words[i] != NULL && used < n; i++)
        used += (size_t)snprintf(to + used, n - used, "%s%s", i > 0 ? ", " : "", k->words[i]);
}

static void show_allowed(const struct sim_key *k, int in_cell, char *to, size_t n)
{
    static const char *const plain[] = {[SIM_KEY_STR] = "a text",
                                        [SIM_KEY_ID] = "an id: 1 to 64 of a-z 0-9 . _ -",
                                        [SIM_KEY_INT] = "a whole number",
                                        [SIM_KEY_REAL] = "a number",
                                        [SIM_KEY_BOOL] = "true or false",
                                        [SIM_KEY_DATE] = "a date YYYY-MM-DD",
                                        [SIM_KEY_DIST] = "a number or a distribution",
                                        [SIM_KEY_WORD] = "",
                                        [SIM_KEY_STRS] = "a list of texts",
                                        [SIM_KEY_REALS] = "a list of numbers",
                                        [SIM_KEY_GROUP] = "a group { ... }",
                                        [SIM_KEY_LIST] = "a list of groups ( { ... }, ... )",
                                        [SIM_KEY_SCALAR] = "a text, a number, true or false",
                                        [SIM_KEY_FREE] = "a group { name = value; ... }",
                                        [SIM_KEY_ANY] = "as it says"};
    const char *what = plain[k->type];
    char range[80] = "";

    if (in_cell && k->type == SIM_KEY_STRS)
        what = "words separated by blanks";
    if (in_cell && k->type == SIM_KEY_REALS)
        what = "numbers separated by blanks";
    if (k->type == SIM_KEY_REAL)
        show_range(k, "", range, sizeof range);
    else if (k->type == SIM_KEY_INT)
        show_range(k, ", ", range, sizeof range);
    else if (k->type == SIM_KEY_DIST)
        show_range(k, ", mean ", range, sizeof range);
    else if (k->type == SIM_KEY_REALS)
        show_range(k, ", each ", range, sizeof range);
    if (k->type == SIM_KEY_WORD)
        show_words(k, to, n);
    else
        snprintf(to, n, "%s%s", k->type == SIM_KEY_REAL && *range != '\0' ? "" : what, range);
}

void sim_keys_allowed(const struct sim_key *k, char *to, size_t n)
{
    show_allowed(k, 0, to, n);
}

/* ---- filling ---- */

static int to_str(void *to, const char *text, struct sim_arena *a)
{
    const char *s = sim_arena_copy(a, text, strlen(text));

    memcpy(to, &s, sizeof s);
    return 0;
}

static int to_int(const struct sim_key *k, void *to, int64_t x)
{
    if (!whole_fits(k, x))
        return SIM_EINPUT;
    memcpy(to, &x, sizeof x);
    return 0;
}

static int to_real(const struct sim_key *k, void *to, double x)
{
    x += 0.0; /* no -0 */
    if (!real_fits(k, x))
        return SIM_EINPUT;
    memcpy(to, &x, sizeof x);
    return 0;
}

static int to_bool(void *to, int yes)
{
    memcpy(to, &yes, sizeof yes);
    return 0;
}

static int to_date(void *to, const char *text)
{
    int32_t day;

    if (sim_date_parse(&day, text) != 0)
        return SIM_EINPUT;
    memcpy(to, &day, sizeof day);
    return 0;
}

static int to_word(const struct sim_key *k, void *to, const char *text)
{
    for (int i = 0; k->words[i] != NULL; i++) {
        if (strcmp(k->words[i], text) == 0) {
            memcpy(to, &i, sizeof i);
            return 0;
        }
    }
    return SIM_EINPUT;
}

/* why is filled where the distribution is unlawful in itself, and left where its mean does not fit
 */
static int to_dist(const struct sim_key *k, void *to, const struct sim_dist *d, char *why, size_t n)
{
    if (sim_dist_check(d, why, n) != 0 || !real_fits(k, sim_dist_mean(d)))
        return SIM_EINPUT;
    memcpy(to, d, sizeof *d);
    return 0;
}

static const char *nearest_word(const struct sim_key *k, const char *text, char mean[SIM_MEAN])
{
    size_t n = 0;

    while (k->words[n] != NULL)
        n++;
    return sim_did_you_mean(sim_nearest(text, k->words, n), mean);
}

/* ---- from text ---- */

static size_t blanks(const char *s)
{
    return strspn(s, " \t");
}

static size_t count_parts(const char *text)
{
    size_t n = 0;

    while (*text != '\0') {
        n++;
        text += strcspn(text, " \t");
        text += blanks(text);
    }
    return n;
}

static int text_to_strs(void *to, const char *text, struct sim_arena *a)
{
    struct sim_strs list = {.n = count_parts(text)};
    const char **s = sim_arena_alloc(a, list.n, sizeof *s);
    size_t length;

    for (size_t i = 0; i < list.n; i++) {
        length = strcspn(text, " \t");
        s[i] = sim_arena_copy(a, text, length);
        text += length;
        text += blanks(text);
    }
    list.s = s;
    memcpy(to, &list, sizeof list);
    return 0;
}

static int text_to_reals(const struct sim_key *k, void *to, const char *text, struct sim_arena *a)
{
    struct sim_reals list = {.n = count_parts(text)};
    double *x = sim_arena_alloc(a, list.n, sizeof *x);
    char part[400]; /* no double needs more */
    size_t length;

    for (size_t i = 0; i < list.n; i++) {
        length = strcspn(text, " \t");
        if (length >= sizeof part)
            return SIM_EINPUT;
        memcpy(part, text, length);
        part[length] = '\0';
        if (sim_text_real(part, &x[i]) != 0 || to_real(k, &x[i], x[i]) != 0)
            return SIM_EINPUT;
        text += length;
        text += blanks(text);
    }
    list.x = x;
    memcpy(to, &list, sizeof list);
    return 0;
}

static int text_to_value(const struct sim_key *k, const char *text, void *to, struct sim_arena *a,
                         char *why, size_t n)
{
    struct sim_dist d;
    int64_t i;
    double x;

    switch (k->type) {
    case SIM_KEY_STR:
        return to_str(to, text, a);
    case SIM_KEY_ID:
        return sim_keys_is_id(text) ? to_str(to, text, a) : SIM_EINPUT;
    case SIM_KEY_INT:
        return sim_text_int(text, &i) == 0 ? to_int(k, to, i) : SIM_EINPUT;
    case SIM_KEY_REAL:
        return sim_text_real(text, &x) == 0 ? to_real(k, to, x) : SIM_EINPUT;
    case SIM_KEY_BOOL:
        if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
            return SIM_EINPUT;
        return to_bool(to, *text == 't');
    case SIM_KEY_DATE:
        return to_date(to, text);
    case SIM_KEY_DIST:
        return sim_dist_parse(&d, text, why, n) == 0 ? to_dist(k, to, &d, why, n) : SIM_EINPUT;
    case SIM_KEY_WORD:
        return to_word(k, to, text);
    case SIM_KEY_STRS:
        return text_to_strs(to, text, a);
    case SIM_KEY_REALS:
        return text_to_reals(k, to, text, a);
    default:
        sim_bug(__FILE__, __LINE__, "a group or list read from text");
    }
}

/* The value of an optional key that is not given. */
static void fill_absent(const struct sim_key *k, void *to)
{
    double none = NAN;
    int32_t no_day = SIM_DAY_NONE;

    if (k->type == SIM_KEY_REAL)
        memcpy(to, &none, sizeof none);
    else if (k->type == SIM_KEY_DATE)
        memcpy(to, &no_day, sizeof no_day);
    else
        memset(to, 0, sim_key_size(k->type));
}

int sim_keys_value(const struct sim_key *k, const char *text, void *to, struct sim_arena *a,
                   char *why, size_t n)
{
    char reason[WHY] = "", allowed[WHY], mean[SIM_MEAN] = "";
    size_t end;

    if (*text == '\0' && k->def != NULL) {
        if (*k->def == '\0') {
            fill_absent(k, to);
            return 0;
        }
        text = k->def;
    }
    end = strlen(text);
    if (end > 0 && (blanks(text) > 0 || blanks(text + end - 1) > 0)) {
        snprintf(why, n, "must have no blank before or after it");
        return SIM_EINPUT;
    }
    if (end > 0 && text_to_value(k, text, to, a, reason, sizeof reason) == 0)
        return 0;
    show_allowed(k, 1, allowed, sizeof allowed);
    if (k->type == SIM_KEY_WORD)
        nearest_word(k, text, mean);
    snprintf(why, n, "%s%s%s%s", *reason != '\0' ? reason : "must be ",
             *reason != '\0' ? "" : allowed,
             k->sub == sim_key_fixed && sim_input_is(text) ? fixed : "", mean);
    return SIM_EINPUT;
}

/* ---- from the tree ---- */

struct reader {
    struct sim_arena *a;
    struct sim_err *err;
    int rc;
};

static const char *kind_in_words(const struct sim_tree *t)
{
    static const char *const words[] = {
        [SIM_TREE_GROUP] = "a group",      [SIM_TREE_LIST] = "a list",
        [SIM_TREE_ARRAY] = "a list",       [SIM_TREE_BOOL] = "true or false",
        [SIM_TREE_INT] = "a whole number", [SIM_TREE_REAL] = "a number with a point or exponent",
        [SIM_TREE_STR] = "a text"};

    return words[t->kind];
}

static int is_kind(const struct sim_key *k, enum sim_tree_kind kind)
{
    switch (k->type) {
    case SIM_KEY_INT:
        return kind == SIM_TREE_INT;
    case SIM_KEY_REAL:
        return kind == SIM_TREE_INT || kind == SIM_TREE_REAL;
    case SIM_KEY_BOOL:
        return kind == SIM_TREE_BOOL;
    case SIM_KEY_DIST:
        return kind == SIM_TREE_INT || kind == SIM_TREE_REAL || kind == SIM_TREE_STR ||
               kind == SIM_TREE_GROUP;
    case SIM_KEY_STRS:
    case SIM_KEY_REALS:
    case SIM_KEY_LIST:
        return kind == SIM_TREE_LIST || kind == SIM_TREE_ARRAY;
    case SIM_KEY_GROUP:
    case SIM_KEY_FREE:
        return kind == SIM_TREE_GROUP;
    case SIM_KEY_SCALAR:
        return kind > SIM_TREE_ARRAY;
    case SIM_KEY_ANY:
        return 1;
    default:
        return kind == SIM_TREE_STR;
    }
}

static void refuse(struct reader *r, const struct sim_key *k, const struct sim_tree *t)
{
    char allowed[WHY], mean[SIM_MEAN] = "";
    int kind_is_right = is_kind(k, t->kind);

    sim_keys_allowed(k, allowed, sizeof allowed);
    if (k->sub == sim_key_fixed &&
        (sim_tree_get(t, "dist") != NULL || (t->kind == SIM_TREE_STR && sim_input_is(t->s)))) {
        r->rc = sim_tree_fault(t, r->err, "must be %s%s", allowed, fixed);
        return;
    }
    if (k->type == SIM_KEY_WORD && kind_is_right)
        nearest_word(k, t->s, mean);
    r->rc =
        sim_tree_fault(t, r->err, "must be %s%s%s%s", allowed, kind_is_right ? "" : "; this is ",
                       kind_is_right ? "" : kind_in_words(t), mean);
}

static int form_of(const char *name)
{
    int form = 0;

    while (sim_dist_forms[form].name != NULL && strcmp(sim_dist_forms[form].name, name) != 0)
        form++;
    return form;
}

static void fault_form(struct reader *r, const struct sim_tree *t)
{
    const char *names[16];
    char all[WHY] = "", mean[SIM_MEAN] = "";
    size_t used = 0, n = 0;

    for (; n < 16 && sim_dist_forms[n].name != NULL && used < sizeof all; n++) {
        names[n] = sim_dist_forms[n].name;
        used +=
            (size_t)snprintf(all + used, sizeof all - used, "%s%s", n > 0 ? ", " : "", names[n]);
    }
    if (t->kind == SIM_TREE_STR)
        sim_did_you_mean(sim_nearest(t->s, names, n), mean);
    r->rc = sim_tree_fault(t, r->err, "must be one of %s%s", all, mean);
}

static void read_params(struct reader *r, const struct sim_tree *t, struct sim_dist *d)
{
    const struct sim_dist_form *form = &sim_dist_forms[d->kind];
    const struct sim_tree *param;
    char mean[SIM_MEAN];
    size_t n = 0;

    for (; form->param[n] != NULL; n++) {
        param = sim_tree_get(t, form->param[n]);
        if (param == NULL)
            r->rc = sim_tree_fault(t, r->err, "%s is missing: a parameter of %s", form->param[n],
                                   form->name);
        else if (isnan(sim_tree_real(param)))
            r->rc =
                sim_tree_fault(param, r->err, "must be a number; this is %s", kind_in_words(param));
        else
            d->p[n] = sim_tree_real(param) + 0.0;
    }
    for (uint32_t i = 0, j = 0; i < t->n; i++) {
        const char *name = t->child[i]->name;

        for (j = 0; j < n && strcmp(form->param[j], name) != 0; j++)
            continue;
        if (j < n || strcmp(name, "dist") == 0)
            continue;
        r->rc = sim_tree_fault_at(t->child[i], r->err, "unknown parameter '%s' of %s%s", name,
                                  form->name,
                                  sim_did_you_mean(sim_nearest(name, form->param, n), mean));
    }
}

/* A number, a text or a group as a distribution that is not checked yet. Returns 0 after a fault.
 */
static int parse_dist(struct reader *r, const struct sim_tree *t, struct sim_dist *d,
                      int (*parse)(struct sim_dist *, const char *, char *, size_t))
{
    const struct sim_tree *form = sim_tree_get(t, "dist");
    struct reader own = {.a = r->a, .err = r->err};
    char why[WHY] = "";

    *d = (struct sim_dist){SIM_CONSTANT, {0, 0, 0}};
    if (t->kind == SIM_TREE_GROUP && form == NULL) {
        r->rc = sim_tree_fault(t, r->err, "dist is missing: the name of the distribution");
        return 0;
    }
    if (form != NULL) {
        d->kind = (enum sim_dist_kind)(form->kind == SIM_TREE_STR ? form_of(form->s) : 0);
        if (form->kind != SIM_TREE_STR || sim_dist_forms[d->kind].name == NULL) {
            fault_form(r, form);
            return 0;
        }
        read_params(&own, t, d);
        r->rc = own.rc != 0 ? own.rc : r->rc;
        return own.rc == 0;
    }
    if (t->kind != SIM_TREE_STR) {
        d->p[0] = sim_tree_real(t) + 0.0;
    } else if (parse(d, t->s, why, sizeof why) != 0) {
        r->rc = sim_tree_fault(t, r->err, "%s", why);
        return 0;
    }
    return 1;
}

static void read_dist(struct reader *r, const struct sim_key *k, const struct sim_tree *t, void *to)
{
    struct sim_dist d;
    char why[WHY] = "";

    if (!parse_dist(r, t, &d, sim_dist_parse) || to_dist(k, to, &d, why, sizeof why) == 0)
        return;
    if (*why != '\0')
        r->rc = sim_tree_fault(t, r->err, "%s", why);
    else
        refuse(r, k, t);
}

int sim_keys_dist(const struct sim_tree *t, struct sim_dist *d, struct sim_err *err)
{
    struct reader r = {.err = err};
    char why[WHY] = "";

    if (!parse_dist(&r, t, d, sim_dist_parse_signed))
        return r.rc;
    if (sim_dist_check_signed(d, why, sizeof why) != 0)
        return sim_tree_fault(t, err, "%s", why);
    return 0;
}

static void read_strs(struct reader *r, const struct sim_tree *t, void *to)
{
    const char **s = sim_arena_alloc(r->a, t->n, sizeof *s);
    struct sim_strs list = {t->n, s};

    for (uint32_t i = 0; i < t->n; i++) {
        s[i] = sim_tree_str(t->child[i]);
        if (s[i] == NULL)
            r->rc =
                sim_tree_fault_at(t->child[i], r->err, "%s: entry %u must be a text; this is %s",
                                  t->name, i + 1, kind_in_words(t->child[i]));
    }
    memcpy(to, &list, sizeof list);
}

static void read_reals(struct reader *r, const struct sim_key *k, const struct sim_tree *t,
                       void *to)
{
    double *x = sim_arena_alloc(r->a, t->n, sizeof *x);
    struct sim_reals list = {t->n, x};
    char value[80], range[80];

    for (uint32_t i = 0; i < t->n; i++) {
        if (to_real(k, &x[i], sim_tree_real(t->child[i])) == 0)
            continue;
        sim_tree_show(t->child[i], value, sizeof value);
        show_range(k, " ", range, sizeof range);
        if (isnan(sim_tree_real(t->child[i])))
            r->rc =
                sim_tree_fault_at(t->child[i], r->err, "%s: entry %u must be a number; this is %s",
                                  t->name, i + 1, kind_in_words(t->child[i]));
        else
            r->rc = sim_tree_fault_at(t->child[i], r->err, "%s: entry %u = %s: must be%s", t->name,
                                      i + 1, value, range);
    }
    memcpy(to, &list, sizeof list);
}

static void read_tables(struct reader *r, const struct sim_tree *t, const char *what,
                        const struct sim_key *const *tables, int n_tables, char *to);

static void read_node(struct reader *r, const struct sim_key *k, const struct sim_tree *t, char *to)
{
    int rc = 0;

    if (!is_kind(k, t->kind) || (k->type == SIM_KEY_LIST && !sim_tree_is_list(t))) {
        refuse(r, k, t);
        return;
    }
    switch (k->type) {
    case SIM_KEY_STR:
    case SIM_KEY_ID:
    case SIM_KEY_DATE:
    case SIM_KEY_WORD:
        rc = text_to_value(k, t->s, to, r->a, NULL, 0);
        break;
    case SIM_KEY_INT:
        rc = to_int(k, to, t->i);
        break;
    case SIM_KEY_REAL:
        rc = to_real(k, to, sim_tree_real(t));
        break;
    case SIM_KEY_BOOL:
        rc = to_bool(to, t->i != 0);
        break;
    case SIM_KEY_DIST:
        read_dist(r, k, t, to);
        break;
    case SIM_KEY_STRS:
        read_strs(r, t, to);
        break;
    case SIM_KEY_REALS:
        read_reals(r, k, t, to);
        break;
    case SIM_KEY_GROUP:
        read_tables(r, t, k->name, &k->sub, 1, to);
        break;
    case SIM_KEY_LIST:
        break;
    case SIM_KEY_SCALAR:
    case SIM_KEY_FREE:
    case SIM_KEY_ANY:
        memcpy(to, &t, sizeof t);
        break;
    }
    if (rc != 0)
        refuse(r, k, t);
}

/* ---- keys that are not there ---- */

static void fill_default(struct reader *r, const struct sim_key *k, char *to)
{
    char why[WHY];

    if (k->type == SIM_KEY_GROUP) {
        for (const struct sim_key *sub = k->sub; sub->name != NULL; sub++)
            fill_default(r, sub, to + sub->offset);
    } else if (k->type != SIM_KEY_LIST) {
        if (k->def == NULL)
            fill_absent(k, to);
        else if (sim_keys_value(k, "", to, r->a, why, sizeof why) != 0)
            sim_bug(__FILE__, __LINE__, k->name); /* a default that its own key refuses */
    }
}

static void fault_missing(struct reader *r, const struct sim_tree *t, const char *what,
                          const struct sim_key *k)
{
    char allowed[WHY];

    sim_keys_allowed(k, allowed, sizeof allowed);
    if (t != NULL)
        r->rc =
            sim_tree_fault_at(t, r->err, "%s is missing: %s (%s)", k->name, k->meaning, allowed);
    else
        r->rc = sim_err_add(r->err, SIM_EINPUT, "%s: %s is missing: %s (%s)", what, k->name,
                            k->meaning, allowed);
}

static void fault_unknown(struct reader *r, const struct sim_tree *t,
                          const struct sim_key *const *tables, int n_tables)
{
    const char *near = NULL;
    char mean[SIM_MEAN];

    if (r->err != NULL && r->err->n < KEPT_FAULTS)
        near = sim_keys_nearest(t->name, tables, n_tables);
    r->rc =
        sim_tree_fault_at(t, r->err, "unknown key '%s'%s", t->name, sim_did_you_mean(near, mean));
}

static void read_tables(struct reader *r, const struct sim_tree *t, const char *what,
                        const struct sim_key *const *tables, int n_tables, char *to)
{
    for (size_t i = 0; i < sim_tree_n(t); i++) {
        const struct sim_tree *child = sim_tree_at(t, i);
        int known = 0;

        for (int j = 0; j < n_tables; j++) {
            for (const struct sim_key *k = tables[j]; k->name != NULL; k++) {
                if (strcmp(k->name, child->name) != 0)
                    continue;
                read_node(r, k, child, to + k->offset);
                known = 1;
            }
        }
        if (!known)
            fault_unknown(r, child, tables, n_tables);
    }
    for (int j = 0; j < n_tables; j++) {
        for (const struct sim_key *k = tables[j]; k->name != NULL; k++) {
            if (sim_tree_get(t, k->name) != NULL)
                continue;
            if (k->def == NULL)
                fault_missing(r, t, what, k);
            else
                fill_default(r, k, to + k->offset);
        }
    }
}

int sim_keys_read(const struct sim_tree *t, const char *what, const struct sim_key *const *tables,
                  int n_tables, void *to, struct sim_arena *a, struct sim_err *err)
{
    struct reader r = {.a = a, .err = err};

    if (t != NULL && !sim_tree_is_group(t))
        return sim_tree_fault(t, err, "must be a group { ... }; this is %s", kind_in_words(t));
    read_tables(&r, t, what, tables, n_tables, to);
    return r.rc;
}
