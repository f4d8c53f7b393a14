/* Overrides: the list `set` of a scenario changes cells of the tables, adds rows and takes rows
 * out, before the rows are read. So a what-if needs no second folder of tables, and a network of
 * another year can be written as what differs from this one.
 *
 * Overrides are applied in the order of the list. Rows are found by comparing cells as the texts
 * they are (an empty cell is the empty text, not the default). What was changed says so in the row:
 * its status becomes the weaker of both, and its source names the override. A result holds the
 * tables as they are after the overrides, and its scenarios hold the list with `applied = true` in
 * every entry, so nothing is done twice.
 *
 * value (of a column of numbers), multiply and add may be distributions: one number is drawn per
 * run for all rows of the entry. Such entries act after all others, in the order of the list; a
 * result holds them as they are, and the tables without them. */
#ifndef MDL_OVERRIDE_H
#define MDL_OVERRIDE_H

#include "models/network.h"

#include "sim/input.h"

enum mdl_override_how {
    MDL_OVERRIDE_VALUE,
    MDL_OVERRIDE_MULTIPLY,
    MDL_OVERRIDE_ADD,
    MDL_OVERRIDE_ADD_ROW,
    MDL_OVERRIDE_REMOVE_ROW,
    MDL_OVERRIDE_HOWS
};

struct mdl_override {
    const char *id, *table, *column, *source;
    const struct sim_tree *where, *value, *add_row; /* NULL if not given */
    double multiply, add;                           /* NAN if not given */
    int remove_row, applied;
    int status;                /* of what it says, as in the tables */
    enum mdl_override_how how; /* which of the five it is */
    int number;                /* of the table: enum mdl_table_number */
    uint32_t input; /* 1 + number of its value, multiply or add among the uncertain inputs; 0 = it
                       is certain. multiply and add hold the mean */
    const struct sim_tree *tree, *place; /* the entry; the key that says what is done */
};

struct mdl_overrides {
    size_t n;
    struct mdl_override *at;
    const struct sim_tree *tree; /* the list as it was written, NULL if there is none */
    struct sim_inputs inputs;    /* named set.<id>.multiply, ... */
};

extern const struct sim_key mdl_override_keys[];
extern const char *const mdl_override_words[MDL_OVERRIDE_HOWS]; /* the keys of the five */
extern const char *const mdl_override_statuses[]; /* each weaker than the one before; NULL-ended */

/* Reads the list `set` of a scenario (its `extends` and --set resolved); entries that are `applied`
 * are read and not kept. *marked is the scenario with `applied = true` in every certain entry,
 * which is what a result stores; `scenario` itself is not changed and must live as long. Returns 0,
 * or SIM_EINPUT: *o is then empty and *marked the scenario as it is. All faults are gathered. */
int mdl_override_read(struct mdl_overrides *o, struct sim_arena *a, struct sim_tree *scenario,
                      struct sim_tree **marked, struct sim_err *err) SIM_CHECKED;

/* Do two scenarios say the same, entry by entry? Returns 0, or SIM_EINPUT with one fault at the
 * first entry that differs (at file_y where y has no list). */
int mdl_override_same(const struct mdl_overrides *x, const char *file_x,
                      const struct mdl_overrides *y, const char *file_y,
                      struct sim_err *err) SIM_CHECKED;

/* Applies those that name a table and are certain to its cells. Changed cells and added rows carry
 * the place of the override, so that their faults name it (see sim_csv). number  enum
 * mdl_table_number t       the table, NULL where the network has none: then every override of it is
 * a fault Faults: an unknown column; a `where` that no row meets; a multiply or add of what is no
 * number, or of a distribution that cannot take it. Returns 0 or SIM_EINPUT. O(overrides x rows).
 */
int mdl_override_apply(const struct mdl_overrides *o, int number, struct sim_csv *t,
                       struct sim_arena *a, struct sim_err *err) SIM_CHECKED;

/* Notes in `d` what those that are uncertain do to the rows of a table, which say so; texts of
 * cells stay. Faults as above, and where a cell could leave its range. Returns 0 or SIM_EINPUT. */
struct mdl_draft;
int mdl_override_draw(const struct mdl_overrides *o, int number, struct sim_csv *t,
                      struct sim_arena *a, struct mdl_draft *d, struct sim_err *err) SIM_CHECKED;

/* A distribution times k, moved by c. Returns NULL, or why it cannot be. */
const char *mdl_override_stretch(struct sim_dist *d, double k, double c);

#endif
