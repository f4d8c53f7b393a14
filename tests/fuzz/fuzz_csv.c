/* Any bytes as a table: parsed, read into structs, printed; the printed text must parse and print
 * to itself. With libFuzzer: clang -DLODESTONE_LIBFUZZER -fsanitize=fuzzer,address,undefined;
 * without it a program that replays the files and folders named on its command line. */
#include "sim/csv.h"

#include <stdint.h>
#include <string.h>

struct row {
    const char *id, *name;
    int64_t whole;
    double real;
    int yes, word;
    int32_t day;
    struct sim_dist dist;
    struct sim_strs strs;
    struct sim_reals reals;
};
#define AT(member) offsetof(struct row, member)
static const char *const words[] = {"quoted", "derived", "estimate", NULL};
static const struct sim_key keys[] = {
    {"id", "", SIM_KEY_ID, 0, 0, NULL, AT(id), "id", NULL, NULL},
    {"name", "", SIM_KEY_STR, 0, 0, "", AT(name), "name", NULL, NULL},
    {"whole", "", SIM_KEY_INT, -5, 1e6, "3", AT(whole), "whole", NULL, NULL},
    {"real", "", SIM_KEY_REAL, 0, 1e6, "0.5", AT(real), "real", NULL, NULL},
    {"yes", "", SIM_KEY_BOOL, 0, 0, "true", AT(yes), "yes", NULL, NULL},
    {"status", "", SIM_KEY_WORD, 0, 0, "derived", AT(word), "status", words, NULL},
    {"day", "", SIM_KEY_DATE, 0, 0, "", AT(day), "day", NULL, NULL},
    {"dist", "", SIM_KEY_DIST, 0, 1000, "7", AT(dist), "dist", NULL, NULL},
    {"strs", "", SIM_KEY_STRS, 0, 0, "", AT(strs), "strs", NULL, NULL},
    {"reals", "", SIM_KEY_REALS, -1, 2, "", AT(reals), "reals", NULL, NULL},
    {NULL, NULL, SIM_KEY_STR, 0, 0, NULL, 0, NULL, NULL, NULL}};

static void check_rows(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        sim_bug_if(!sim_keys_is_id(rows[i].id));
        sim_bug_if(rows[i].whole < -5 || rows[i].whole > 1000000);
        sim_bug_if(!(rows[i].real >= 0 && rows[i].real <= 1e6));
        sim_bug_if(rows[i].word < 0 || rows[i].word > 2);
        for (size_t j = 0; j < rows[i].reals.n; j++)
            sim_bug_if(!(rows[i].reals.x[j] >= -1 && rows[i].reals.x[j] <= 2));
    }
}

static void check_print(const struct sim_csv *t, struct sim_arena *a)
{
    struct sim_csv again;
    struct sim_err err = SIM_ERR_INIT;
    char *text = sim_csv_print(t, a);

    sim_bug_if(sim_csv_parse(&again, a, "printed", text, strlen(text), &err) != 0);
    sim_bug_if(again.n_row != t->n_row || again.n_col != t->n_col);
    sim_bug_if(strcmp(sim_csv_print(&again, a), text) != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sim_arena a = {0};
    struct sim_err err = SIM_ERR_INIT;
    struct sim_csv t;
    struct row *rows;
    int rc = sim_csv_parse(&t, &a, "fuzz.csv", (const char *)data, size, &err);

    sim_bug_if((rc != 0) != (err.n > 0));
    if (t.n_col > 0) {
        rows = sim_arena_alloc(&a, t.n_row, sizeof *rows);
        if (sim_csv_rows(&t, keys, "el_", rows, sizeof *rows, &a, &err) == 0)
            check_rows(rows, t.n_row);
        else
            sim_bug_if(err.n == 0);
    }
    if (rc == 0)
        check_print(&t, &a);
    sim_err_free(&err);
    sim_arena_free(&a);
    return 0;
}

#ifndef LODESTONE_LIBFUZZER
#include "tests/fuzz/replay.h"
#endif
