#include "models/entry.h"
#include "models/rule.h"

#include "sim/source.h"

#include <stdlib.h>
#include <string.h>

static int by_id(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int mdl_entries_read(const struct mdl_entries *e, const struct sim_tree *list, void **to,
                     uint32_t *n, struct sim_arena *a, struct sim_err *err)
{
    char *at = sim_arena_alloc(a, list ? sim_tree_n(list) : 0, e->size);
    int rc = 0;

    *to = at;
    *n = list ? (uint32_t)sim_tree_n(list) : 0;
    for (uint32_t i = 0; i < *n; i++) {
        const struct sim_tree *t = sim_tree_at(list, i);
        int one = sim_keys_read(t, e->what, &e->keys, 1, at + i * e->size, a, err);

        rc = rc ? rc : one;
        memcpy(at + i * e->size + e->tree, &t, sizeof t);
    }
    if (rc == 0)
        qsort(at, *n, e->size, e->order ? e->order : by_id);
    return rc;
}

int mdl_pick_fits(const char *pattern, const char *text)
{
    size_t n = strlen(pattern);

    if (n > 0 && pattern[n - 1] == '*')
        return strncmp(pattern, text, n - 1) == 0;
    return strcmp(pattern, text) == 0;
}

/* The texts that names are about: one for each of n rows of `stride` bytes. */
struct texts {
    const void *rows;
    size_t stride, offset;
    uint32_t n;
};

static const char *text_at(const struct texts *x, uint32_t i)
{
    const char *const *at =
        (const void *)((const char *)x->rows + (size_t)i * x->stride + x->offset);

    return *at ? *at : "";
}

static int unknown(const struct texts *x, const char *name, const struct sim_tree *at,
                   const char *key, struct sim_arena *a, struct sim_err *err)
{
    const char **all = sim_arena_alloc(a, x->n, sizeof *all);
    const struct sim_tree *node = sim_tree_get(at, key);
    char mean[SIM_MEAN];

    for (uint32_t i = 0; i < x->n; i++)
        all[i] = text_at(x, i);
    return sim_tree_fault(node ? node : at, err, "the network has no %s '%s'%s",
                          strncmp(key, "to_", 3) == 0 ? key + 3 : key, name,
                          sim_did_you_mean(sim_nearest(name, all, x->n), mean));
}

/* Clears in[i] where the text of row i fits none of the names. */
static int narrow(char *in, const struct texts *x, struct sim_strs names, const struct sim_tree *at,
                  const char *key, struct sim_arena *a, struct sim_err *err)
{
    char *fits = sim_arena_alloc(a, x->n, 1);
    int rc = 0, asked = 0;

    for (size_t k = 0; k < names.n; k++)
        asked |= *names.s[k] != '!';
    memset(fits, !asked, x->n);
    for (int not_ = 0; not_ < 2; not_++)
        for (size_t k = 0; k < names.n; k++) {
            const char *name = names.s[k];
            int some = 0;

            if ((*name == '!') != not_)
                continue;
            for (uint32_t i = 0; i < x->n; i++)
                if (mdl_pick_fits(name + not_, text_at(x, i))) {
                    fits[i] = (char)!not_;
                    some = 1;
                }
            if (!some)
                rc = unknown(x, name + not_, at, key, a, err);
        }
    for (uint32_t i = 0; i < x->n; i++)
        in[i] = (char)(in[i] && fits[i]);
    return rc;
}

int mdl_pick_ids(char *in, const char *const *id, uint32_t n, struct sim_strs names,
                 const struct sim_tree *at, const char *key, struct sim_arena *a,
                 struct sim_err *err)
{
    const struct texts x = {id, sizeof *id, 0, n};

    return narrow(in, &x, names, at, key, a, err);
}

int mdl_pick_link(struct mdl_pick *p, const struct sim_tree *at, struct sim_arena *a,
                  const struct mdl_network *n, struct sim_err *err)
{
    const struct texts site = {n->site, sizeof *n->site, offsetof(struct mdl_site, id), n->n_site},
                       tier = {n->site, sizeof *n->site, offsetof(struct mdl_site, tier),
                               n->n_site},
                       entity = {n->site, sizeof *n->site, offsetof(struct mdl_site, entity_id),
                                 n->n_site},
                       product = {n->product, sizeof *n->product, offsetof(struct mdl_product, id),
                                  n->n_product};
    char *country = sim_arena_alloc(a, n->n_country, 1);
    int rc = mdl_rule_countries(country, p->country, at, "country", n, err), any = 0;

    p->sites = sim_arena_alloc(a, n->n_site, 1);
    p->products = sim_arena_alloc(a, n->n_product, 1);
    memset(p->products, 1, n->n_product);
    for (uint32_t i = 0; i < n->n_site; i++)
        p->sites[i] = country[n->site[i].country];
    rc |= narrow(p->sites, &site, p->site, at, "site", a, err);
    rc |= narrow(p->sites, &tier, p->tier, at, "tier", a, err);
    rc |= narrow(p->sites, &entity, p->entity, at, "entity", a, err);
    rc |= narrow(p->products, &product, p->product, at, "product", a, err);
    for (uint32_t i = 0; i < n->n_site; i++)
        any |= p->sites[i];
    if (rc == 0 && !any)
        rc = sim_tree_fault(at, err, "no site is in all of site, country, tier and entity");
    return rc ? SIM_EINPUT : 0;
}
