/* Loading a network: shared by network.c, which reads, and link.c, which ties the tables together.
 * Internal to models/. */
#ifndef MDL_LOAD_H
#define MDL_LOAD_H

#include "models/network.h"

struct mdl_load {
    struct mdl_network *n;
    struct sim_err *err;
    struct sim_csv csv[MDL_TABLES];
    void *rows[MDL_TABLES];
    uint32_t count[MDL_TABLES];
    uint32_t *row_of[MDL_TABLES]; /* row number in the file, by number in the network */
    struct mdl_draft *draft;      /* what is uncertain in the tables; NULL = nothing */
    int faults;
};

/* Number of a column; -1 for NULL, the whole row. */
static inline int mdl_load_column(const struct sim_csv *t, const char *head)
{
    return head ? sim_csv_find(t, head) : -1;
}

/* One fault at a row (by its number in the network) and a column of a table. */
#define MDL_FAULT(l, t, i, head, ...)                                                              \
    do {                                                                                           \
        (l)->faults++;                                                                             \
        (void)!sim_csv_fault(&(l)->csv[t], (l)->row_of[t] ? (l)->row_of[t][i] : (i),               \
                             mdl_load_column(&(l)->csv[t], head), (l)->err, __VA_ARGS__);          \
    } while (0)

/* Number of the row whose id (a const char * at `offset`) is `id` among n rows sorted by it, or
 * UINT32_MAX. */
uint32_t mdl_load_find(const void *rows, uint32_t n, size_t stride, size_t offset, const char *id);

/* "file:line" of a row by its number in the network, in the arena. */
const char *mdl_load_place(const struct mdl_load *l, int t, uint32_t i);

/* Sorts n texts and drops repeats; returns how many are left. */
uint32_t mdl_load_unique(const char **s, uint32_t n);

/* Ties the rows together, makes stock points, checks what must hold between tables. Faults are
 * counted in l->faults. */
void mdl_load_link(struct mdl_load *l);

/* Sets num / den of a part from its units; returns 0 if they do not fit. */
int mdl_load_part_ratio(struct mdl_part *p, const struct mdl_network *n, uint32_t main_product);

/* What ramp and delay of a process need; before an empty capacity becomes infinite. */
void mdl_load_check_ramp(struct mdl_load *l, uint32_t i);

/* Ties the rows of substitutes.csv to the processes that may use them; once points are made. */
void mdl_load_substitutes(struct mdl_load *l);
/* What must hold once contents are known: a substitute holds no more of an element than what it
 * replaces, as that would be lost; where elements are separated, all inputs come in time. */
void mdl_load_check_makers(struct mdl_load *l);

/* Number of the row of a table with this id, or UINT32_MAX and a fault with a suggestion. */
uint32_t mdl_load_refer(struct mdl_load *l, int t, uint32_t i, const char *head, const char *id,
                        const char *what, const void *rows, uint32_t n, size_t stride,
                        size_t offset);

#endif
