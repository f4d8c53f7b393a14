/* Any bytes as overrides: a scenario with a list `set`, a line "%%", and the table that its first
 * override names. What is applied must print to a table that parses and prints to itself, and the
 * scenario that a result would hold must change nothing more. With libFuzzer: clang
 * -DLODESTONE_LIBFUZZER -fsanitize=fuzzer,address,undefined; without it a program that replays the
 * files named on its command line. */
#include "models/override.h"

#include <stdint.h>
#include <string.h>

static void check_applied(const struct sim_csv *t, struct sim_arena *a)
{
    struct sim_csv again;
    struct sim_err err = SIM_ERR_INIT;
    char *text = sim_csv_print(t, a);

    sim_bug_if(sim_csv_parse(&again, a, "printed", text, strlen(text), &err) != 0);
    sim_bug_if(again.n_row != t->n_row || again.n_col != t->n_col);
    sim_bug_if(strcmp(sim_csv_print(&again, a), text) != 0);
}

static void check_marked(struct sim_tree *marked, struct sim_arena *a)
{
    struct mdl_overrides o;
    struct sim_tree *same;
    struct sim_err err = SIM_ERR_INIT;

    sim_bug_if(mdl_override_read(&o, a, marked, &same, &err) != 0 || o.n != 0);
    sim_bug_if(strcmp(sim_tree_print(same, a), sim_tree_print(marked, a)) != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sim_arena a = {0};
    struct sim_err err = SIM_ERR_INIT;
    struct mdl_overrides o;
    struct sim_tree *scenario, *marked;
    struct sim_csv t;
    const char *s = (const char *)data, *end = s + size, *cut = s;
    int rc;

    while (end - cut >= 4 && memcmp(cut, "\n%%\n", 4) != 0)
        cut++;
    if (end - cut < 4 ||
        sim_tree_parse(&scenario, &a, "set.cfg", s, (size_t)(cut - s), &err) != 0 ||
        sim_csv_parse(&t, &a, "t.csv", cut + 4, (size_t)(end - cut - 4), &err) != 0)
        goto out;
    rc = mdl_override_read(&o, &a, scenario, &marked, &err);
    sim_bug_if((rc != 0) != (err.n > 0));
    if (rc != 0 || o.n == 0)
        goto out;
    check_marked(marked, &a);
    rc = mdl_override_apply(&o, o.at[0].number, &t, &a, &err);
    sim_bug_if((rc != 0) != (err.n > 0));
    check_applied(&t, &a);
out:
    sim_err_free(&err);
    sim_arena_free(&a);
    return 0;
}

#ifndef LODESTONE_LIBFUZZER
#include "tests/fuzz/replay.h"
#endif
