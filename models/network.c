#include "models/network.h"
#include "models/content.h"
#include "models/draft.h"
#include "models/load.h"
#include "models/override.h"

#include "sim/rng.h"
#include "sim/source.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef int compare(const void *, const void *);

static int by_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "");
}

#define COMPARE_1(name, type, f)                                                                   \
    static int name(const void *a, const void *b)                                                  \
    {                                                                                              \
        return by_text(((const struct type *)a)->f, ((const struct type *)b)->f);                  \
    }
COMPARE_1(by_product, mdl_product, id)
COMPARE_1(by_entity, mdl_entity, id)
COMPARE_1(by_site, mdl_site, id)
COMPARE_1(by_category, mdl_category, id)
COMPARE_1(by_element, mdl_element, id)
COMPARE_1(by_substitute, mdl_substitute, id)

static int by_process(const void *a, const void *b)
{
    const struct mdl_process *x = a, *y = b;
    int c = by_text(x->site_id, y->site_id);

    return c ? c : by_text(x->id, y->id);
}

static int by_lane(const void *a, const void *b)
{
    const struct mdl_lane *x = a, *y = b;
    int c = by_text(x->to_id, y->to_id);

    if (c == 0)
        c = by_text(x->product_id, y->product_id);
    if (c == 0)
        c = by_text(x->from_id, y->from_id);
    return c ? c : by_text(x->id, y->id);
}

static int by_demand(const void *a, const void *b)
{
    const struct mdl_demand *x = a, *y = b;
    int c = by_text(x->site_id, y->site_id);

    if (c == 0)
        c = by_text(x->product_id, y->product_id);
    return c ? c : x->use - y->use;
}

static int by_bom(const void *a, const void *b)
{
    const struct mdl_bom_row *x = a, *y = b;
    int c = by_text(x->recipe, y->recipe);

    if (c == 0)
        c = x->role - y->role;
    return c ? c : by_text(x->product, y->product);
}

static int by_list(const void *a, const void *b)
{
    const struct mdl_list_row *x = a, *y = b;
    int c = by_text(x->list, y->list);

    if (c == 0)
        c = x->kind - y->kind;
    return c ? c : by_text(x->value, y->value);
}

static int by_calendar(const void *a, const void *b)
{
    const struct mdl_calendar_row *x = a, *y = b;
    int c = by_text(x->country, y->country);

    return c ? c : (x->date > y->date) - (x->date < y->date);
}

static int by_stock(const void *a, const void *b)
{
    const struct mdl_stock_row *x = a, *y = b;
    int c = by_text(x->site, y->site);

    return c ? c : by_text(x->product, y->product);
}

static compare *const orders[MDL_TABLES] = {[MDL_PRODUCTS] = by_product,
                                            [MDL_ENTITIES] = by_entity,
                                            [MDL_SITES] = by_site,
                                            [MDL_BOM] = by_bom,
                                            [MDL_PROCESSES] = by_process,
                                            [MDL_LANES] = by_lane,
                                            [MDL_DEMAND] = by_demand,
                                            [MDL_LISTS] = by_list,
                                            [MDL_CALENDARS] = by_calendar,
                                            [MDL_STOCKS] = by_stock,
                                            [MDL_CATALOGUE] = by_category,
                                            [MDL_ELEMENTS] = by_element,
                                            [MDL_SUBSTITUTES] = by_substitute};

/* Sorts the rows of a table and reports every pair that has the same key. The row's number in the
 * file travels behind it. */
static int sort_rows(struct mdl_load *l, int t, size_t n)
{
    size_t stride = mdl_tables[t].stride, wide = (stride + 19) / 16 * 16;
    char *rows = l->rows[t], *tmp = malloc((n ? n : 1) * wide), other[SIM_CSV_PLACE];

    if (tmp == NULL)
        return sim_err_add(l->err, SIM_ENOMEM, "out of memory while sorting a table");
    for (size_t i = 0; i < n; i++) {
        uint32_t at = (uint32_t)i;

        memcpy(tmp + i * wide, rows + i * stride, stride);
        memcpy(tmp + i * wide + stride, &at, sizeof at);
    }
    qsort(tmp, n, wide, orders[t]);
    l->row_of[t] = sim_arena_alloc(l->n->arena, n, sizeof(uint32_t));
    for (size_t i = 0; i < n; i++) {
        memcpy(rows + i * stride, tmp + i * wide, stride);
        memcpy(&l->row_of[t][i], tmp + i * wide + stride, sizeof(uint32_t));
    }
    for (size_t i = 1; i < n; i++)
        if (orders[t](rows + (i - 1) * stride, rows + i * stride) == 0) {
            size_t a = l->row_of[t][i - 1], b = l->row_of[t][i];

            l->faults++;
            (void)!sim_csv_fault(&l->csv[t], a > b ? a : b, -1, l->err,
                                 "the same key as in %s; a key may be used once",
                                 sim_csv_other(&l->csv[t], a > b ? a : b, a > b ? b : a, other));
        }
    free(tmp);
    return 0;
}

static int read_table(struct mdl_load *l, int t, mdl_table_source *source, void *ctx,
                      const struct mdl_overrides *set, uint32_t *count)
{
    const struct mdl_table *tab = &mdl_tables[t];
    const char *file = NULL, *text = NULL;
    size_t n = 0;
    int rc = source(ctx, tab->name, &file, &text, &n, l->err), rc2 = 0;

    if (rc != 0)
        return rc;
    if (text == NULL) {
        if (tab->required)
            return sim_err_add(l->err, SIM_EINPUT, "%s: this table is missing; a network needs it",
                               file);
        l->rows[t] = sim_arena_alloc(l->n->arena, 0, 1);
        return set ? mdl_override_apply(set, t, NULL, l->n->arena, l->err) : 0;
    }
    rc = sim_csv_parse(&l->csv[t], l->n->arena, file, text, n, l->err);
    if (rc != 0)
        return rc;
    if (l->csv[t].n_row > 10000000)
        return sim_err_add(l->err, SIM_ENOMEM, "%s: %zu rows; at most 10000000", file,
                           l->csv[t].n_row);
    if (set)
        rc2 = mdl_override_apply(set, t, &l->csv[t], l->n->arena, l->err);
    l->n->table_text[t] = sim_csv_print(&l->csv[t], l->n->arena);
    mdl_draft_cells(l, t);
    if (set) {
        rc = mdl_override_draw(set, t, &l->csv[t], l->n->arena, l->draft, l->err);
        rc2 = rc2 ? rc2 : rc;
    }
    mdl_draft_means(l, t);
    l->rows[t] = sim_arena_alloc(l->n->arena, l->csv[t].n_row, tab->stride);
    rc = sim_csv_rows(&l->csv[t], tab->keys, tab->extra, l->rows[t], tab->stride, l->n->arena,
                      l->err);
    *count = (uint32_t)l->csv[t].n_row;
    if (rc != 0 || rc2 != 0)
        return rc ? rc : rc2;
    l->n->table_file[t] = sim_arena_copy(l->n->arena, file, strlen(file));
    return 0;
}

/* ---- finding by id ---- */

const char *mdl_load_place(const struct mdl_load *l, int t, uint32_t i)
{
    char place[SIM_CSV_PLACE];

    sim_csv_place(&l->csv[t], l->row_of[t][i], place);
    return sim_arena_copy(l->n->arena, place, strlen(place));
}

uint32_t mdl_load_find(const void *rows, uint32_t n, size_t stride, size_t offset, const char *id)
{
    uint32_t lo = 0, hi = n;

    if (id == NULL)
        return UINT32_MAX;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        const char *const *at = (const void *)((const char *)rows + mid * stride + offset);
        int c = strcmp(*at, id);

        if (c == 0)
            return mid;
        if (c < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return UINT32_MAX;
}

static int cmp_str(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

uint32_t mdl_load_unique(const char **s, uint32_t n)
{
    uint32_t k = 0;

    qsort(s, n, sizeof *s, cmp_str);
    for (uint32_t i = 0; i < n; i++)
        if (k == 0 || strcmp(s[k - 1], s[i]) != 0)
            s[k++] = s[i];
    return k;
}

uint32_t mdl_network_site(const struct mdl_network *n, const char *id)
{
    return mdl_load_find(n->site, n->n_site, sizeof *n->site, offsetof(struct mdl_site, id), id);
}

uint32_t mdl_network_product(const struct mdl_network *n, const char *id)
{
    return mdl_load_find(n->product, n->n_product, sizeof *n->product,
                         offsetof(struct mdl_product, id), id);
}

int mdl_network_element(const struct mdl_network *n, const char *symbol)
{
    for (int e = 0; e < n->n_element; e++)
        if (strcmp(n->element[e], symbol) == 0)
            return e;
    return -1;
}

int64_t mdl_network_entries(const struct mdl_network *n, const char *category)
{
    for (uint32_t i = 0; i < n->n_category; i++)
        if (strcmp(n->category[i].id, category) == 0)
            return n->category[i].entries;
    return 0;
}

uint32_t mdl_network_entity(const struct mdl_network *n, const char *id)
{
    return mdl_load_find(n->entity, n->n_entity, sizeof *n->entity, offsetof(struct mdl_entity, id),
                         id);
}

uint32_t mdl_network_country(const struct mdl_network *n, const char *id)
{
    return mdl_load_find(n->country, n->n_country, sizeof *n->country, 0, id);
}

uint32_t mdl_network_point(const struct mdl_network *n, uint32_t site, uint32_t product)
{
    uint32_t lo = n->site[site].first_point, hi = lo + n->site[site].n_point;

    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;

        if (n->point[mid].product == product)
            return mid;
        if (n->point[mid].product < product)
            lo = mid + 1;
        else
            hi = mid;
    }
    return UINT32_MAX;
}

/* The columns el_<symbol>_g of products.csv. */
static void read_elements(struct mdl_load *l)
{
    struct mdl_network *n = l->n;
    const struct sim_csv *t = &l->csv[MDL_PRODUCTS];
    int column[MDL_MAX_ELEMENTS];
    const struct sim_key key = {"", "g/unit", SIM_KEY_REAL, 0, 1e9, "", 0, "", NULL, NULL};

    for (size_t c = 0; c < t->n_col; c++) {
        size_t len = strlen(t->head[c]);

        if (strncmp(t->head[c], "el_", 3) != 0)
            continue;
        if (len < 6 || len > 64 + 5 || strcmp(t->head[c] + len - 2, "_g") != 0) {
            l->faults++;
            sim_err_add(l->err, SIM_EINPUT,
                        "%s:1: column '%s': a column for an element is named el_<symbol>_g",
                        t->file, t->head[c]);
        } else if (n->n_element == MDL_MAX_ELEMENTS) {
            l->faults++;
            sim_err_add(l->err, SIM_EINPUT, "%s:1: column '%s': at most %d elements are tracked",
                        t->file, t->head[c], MDL_MAX_ELEMENTS);
        } else {
            n->element[n->n_element++] = sim_arena_copy(n->arena, t->head[c] + 3, len - 5);
        }
    }
    n->n_element = (int)mdl_load_unique(n->element, (uint32_t)n->n_element);
    for (int e = 0; e < n->n_element; e++) {
        char head[80];

        snprintf(head, sizeof head, "el_%.64s_g", n->element[e]);
        column[e] = sim_csv_find(t, head);
    }
    for (uint32_t i = 0; i < n->n_product; i++) {
        int given = 0;

        for (int e = 0; e < n->n_element; e++) {
            const char *cell =
                t->cell[(size_t)l->row_of[MDL_PRODUCTS][i] * t->n_col + (size_t)column[e]];
            char why[160];

            given |= *cell != 0;
            if (sim_keys_value(&key, cell, &n->product[i].el_g[e], n->arena, why, sizeof why) !=
                0) {
                l->faults++;
                (void)!sim_csv_fault(t, l->row_of[MDL_PRODUCTS][i], column[e], l->err, "%s", why);
            }
            if (isnan(n->product[i].el_g[e]))
                n->product[i].el_g[e] = 0;
        }
        n->product[i].computed = !given;
    }
}

static void read_element_values(struct mdl_load *l)
{
    struct mdl_network *n = l->n;
    const struct mdl_element *row = l->rows[MDL_ELEMENTS];

    for (int e = 0; e < MDL_MAX_ELEMENTS; e++)
        n->element_usd_kg[e] = NAN;
    for (uint32_t i = 0; i < l->count[MDL_ELEMENTS]; i++) {
        int e = mdl_network_element(n, row[i].id);

        if (e < 0)
            MDL_FAULT(l, MDL_ELEMENTS, i, "element", "products.csv has no column el_%s_g",
                      row[i].id);
        else
            n->element_usd_kg[e] = row[i].value_usd_kg;
    }
}

/* From sorted rows to a network. */
static int tie(struct mdl_load *l)
{
    struct mdl_network *n = l->n;
    int rc;

    n->product = l->rows[MDL_PRODUCTS];
    n->entity = l->rows[MDL_ENTITIES];
    n->site = l->rows[MDL_SITES];
    n->process = l->rows[MDL_PROCESSES];
    n->lane = l->rows[MDL_LANES];
    n->demand = l->rows[MDL_DEMAND];
    n->list = l->rows[MDL_LISTS];
    n->n_product = l->count[MDL_PRODUCTS];
    n->n_entity = l->count[MDL_ENTITIES];
    n->n_site = l->count[MDL_SITES];
    n->n_process = l->count[MDL_PROCESSES];
    n->n_lane = l->count[MDL_LANES];
    n->n_demand = l->count[MDL_DEMAND];
    n->n_list = l->count[MDL_LISTS];
    n->category = l->rows[MDL_CATALOGUE];
    n->n_category = l->count[MDL_CATALOGUE];
    n->substitute = l->rows[MDL_SUBSTITUTES];
    n->n_substitute = l->count[MDL_SUBSTITUTES];
    read_elements(l);
    read_element_values(l);
    mdl_load_link(l);
    if (l->faults)
        return SIM_EINPUT;
    rc = mdl_content_compute(n, l->err);
    mdl_load_check_makers(l);
    return rc == 0 && l->faults ? SIM_EINPUT : rc;
}

int mdl_network_load_set(struct mdl_network *n, struct sim_arena *a, const char *name,
                         mdl_table_source *source, void *ctx, const struct mdl_overrides *set,
                         struct sim_err *err)
{
    struct mdl_load l = {.n = n, .err = err};
    int rc = 0;

    *n = (struct mdl_network){.arena = a, .name = name};
    l.draft = mdl_draft_new(a, set);
    for (int t = 0; t < MDL_TABLES; t++) {
        int one = read_table(&l, t, source, ctx, set, &l.count[t]);

        rc = rc ? rc : one;
    }
    if (rc != 0)
        return rc;
    for (int t = 0; t < MDL_TABLES && rc == 0; t++)
        rc = sort_rows(&l, t, l.count[t]);
    if (rc != 0 || l.faults)
        return rc ? rc : SIM_EINPUT;
    n->draft = mdl_draft_keep(&l);
    return tie(&l);
}

int mdl_network_redraw(struct mdl_network *n, struct sim_arena *a,
                       const struct mdl_network *nominal, const double value[], struct sim_err *err)
{
    struct mdl_load l = {.n = n, .err = err};

    *n = (struct mdl_network){.arena = a, .name = nominal->name, .draft = nominal->draft};
    memcpy(n->table_text, nominal->table_text, sizeof n->table_text);
    memcpy(n->table_file, nominal->table_file, sizeof n->table_file);
    mdl_draft_draw(nominal->draft, &l, value);
    return tie(&l);
}

int mdl_network_load(struct mdl_network *n, struct sim_arena *a, const char *name,
                     mdl_table_source *source, void *ctx, struct sim_err *err)
{
    return mdl_network_load_set(n, a, name, source, ctx, NULL, err);
}
