/* Entries of a scenario's lists: reading them, and the sites and goods that they pick by name. */
#ifndef MDL_ENTRY_H
#define MDL_ENTRY_H

#include "models/network.h"

/* A kind of list: the structs that its entries are read into begin with the id
 * (const char *) and hold their tree (const struct sim_tree *) at the offset `tree`. */
struct mdl_entries {
    const char *what; /* name of the list, for faults */
    const struct sim_key *keys;
    size_t size, tree;
    int (*order)(const void *, const void *); /* NULL = by id */
};

/* Reads `list` (NULL = an empty one) into a new array in `a`; sorted if all of it could be read.
 * Returns 0 or SIM_EINPUT, all faults gathered; *to and *n are set in any case, and the tree of an
 * entry that could not be read is set as well. */
int mdl_entries_read(const struct mdl_entries *e, const struct sim_tree *list, void **to,
                     uint32_t *n, struct sim_arena *a, struct sim_err *err) SIM_CHECKED;

/* Sites and goods by names. A name may end in * (whatever begins so) or begin with ! (all but it);
 * countries are also groups of lists.csv, as in rules. No names = all. What is picked fits all of
 * site, country, tier and entity. */
struct mdl_pick {
    struct sim_strs site, country, tier, entity, product;
    char *sites;    /* [n_site] 0 or 1, filled by mdl_pick_link */
    char *products; /* [n_product] */
};

/* Rows for the key table of `struct type` with a member `struct mdl_pick field`. */
#define MDL_PICK_KEY(type, field, key, text)                                                       \
    {                                                                                              \
#key, "", SIM_KEY_STRS, 0, 0, "", offsetof(struct type, field.key), text, NULL, NULL       \
    }
#define MDL_PICK_SITES(type, field)                                                                \
    MDL_PICK_KEY(type, field, site,                                                                \
                 "sites by id; x* = all that begin so, !x = not x; empty = all"),                  \
        MDL_PICK_KEY(type, field, country, "their countries, as in rules; empty = all"),           \
        MDL_PICK_KEY(type, field, tier, "their tiers; empty = all"),                               \
        MDL_PICK_KEY(type, field, entity, "their companies; empty = all")
#define MDL_PICK_PRODUCTS(type, field)                                                             \
    MDL_PICK_KEY(type, field, product, "products by id, as sites; empty = all")

/* Fills p->sites and p->products. Names that mean nothing, and a pick that picks no site, are
 * faults of the entry `at`. Returns 0 or SIM_EINPUT, all faults gathered. */
int mdl_pick_link(struct mdl_pick *p, const struct sim_tree *at, struct sim_arena *a,
                  const struct mdl_network *n, struct sim_err *err) SIM_CHECKED;

/* Clears in[i], where it is set, of each of n ids that the names do not pick. key: of the names,
 * for faults: site, to_site, lane. Returns 0 or SIM_EINPUT, all faults gathered. */
int mdl_pick_ids(char *in, const char *const *id, uint32_t n, struct sim_strs names,
                 const struct sim_tree *at, const char *key, struct sim_arena *a,
                 struct sim_err *err) SIM_CHECKED;

/* Does a text fit a pattern: the same, or begins with what stands before a * at its end? */
int mdl_pick_fits(const char *pattern, const char *text);

#endif
