/* Any bytes as scenarios: lines "%%" part a first one, one laid upon it, and one assignment. What
 * parses must print to text that parses and prints to itself, and so must what is merged and set.
 * With libFuzzer: clang -DLODESTONE_LIBFUZZER -fsanitize=fuzzer,address,undefined; without it a
 * program that replays the files named on its command line. */
#include "sim/keys.h"

#include <stdint.h>
#include <string.h>

struct part {
    double share;
};
struct all {
    const char *str, *id;
    int64_t whole;
    double real;
    int yes, word;
    int32_t day;
    struct sim_dist dist;
    struct sim_strs strs;
    struct sim_reals reals;
    struct part part;
};
#define AT(member) offsetof(struct all, member)
#define END                                                                                        \
    {                                                                                              \
        NULL, NULL, SIM_KEY_STR, 0, 0, NULL, 0, NULL, NULL, NULL                                   \
    }
static const char *const words[] = {"deny", "licence", NULL};
static const struct sim_key part_keys[] = {
    {"share", "", SIM_KEY_REAL, 0, 1, "0.25", offsetof(struct part, share), "share", NULL, NULL},
    END};
static const struct sim_key entry_keys[] = {{"id", "", SIM_KEY_ID, 0, 0, NULL, 0, "id", NULL, NULL},
                                            END};
static const struct sim_key keys[] = {
    {"str", "", SIM_KEY_STR, 0, 0, "", AT(str), "str", NULL, NULL},
    {"id", "", SIM_KEY_ID, 0, 0, "x", AT(id), "id", NULL, NULL},
    {"whole", "", SIM_KEY_INT, 1, 1000, "7", AT(whole), "whole", NULL, NULL},
    {"real", "", SIM_KEY_REAL, -1, 1.5, "0.5", AT(real), "real", NULL, NULL},
    {"yes", "", SIM_KEY_BOOL, 0, 0, "true", AT(yes), "yes", NULL, NULL},
    {"word", "", SIM_KEY_WORD, 0, 0, "deny", AT(word), "word", words, NULL},
    {"day", "", SIM_KEY_DATE, 0, 0, "", AT(day), "day", NULL, NULL},
    {"dist", "", SIM_KEY_DIST, 0, 100, "5", AT(dist), "dist", NULL, NULL},
    {"strs", "", SIM_KEY_STRS, 0, 0, "CN", AT(strs), "strs", NULL, NULL},
    {"reals", "", SIM_KEY_REALS, 0, 2, "1", AT(reals), "reals", NULL, NULL},
    {"part", "", SIM_KEY_GROUP, 0, 0, "", AT(part), "part", NULL, part_keys},
    {"list", "", SIM_KEY_LIST, 0, 0, "", 0, "list", NULL, entry_keys},
    END};
static const struct sim_key *const tables[] = {keys};

static void check_keys(const struct sim_tree *t, struct sim_arena *a)
{
    struct sim_err err = SIM_ERR_INIT;
    struct all all;

    if (sim_keys_read(t, "top", tables, 1, &all, a, &err) == 0) {
        sim_bug_if(all.whole < 1 || all.whole > 1000 || !sim_keys_is_id(all.id));
        sim_bug_if(!(all.real >= -1 && all.real <= 1.5));
        sim_bug_if(!(sim_dist_mean(&all.dist) >= 0 && sim_dist_mean(&all.dist) <= 100));
        sim_bug_if(all.word < 0 || all.word > 1 || all.yes < 0 || all.yes > 1);
        for (size_t i = 0; i < all.reals.n; i++)
            sim_bug_if(!(all.reals.x[i] >= 0 && all.reals.x[i] <= 2));
    } else {
        sim_bug_if(err.n == 0);
    }
    sim_err_free(&err);
}

static void check_print(const struct sim_tree *t, struct sim_arena *a)
{
    struct sim_tree *again;
    char *text = sim_tree_print(t, a);

    sim_bug_if(sim_tree_parse(&again, a, "printed", text, strlen(text), NULL) != 0);
    sim_bug_if(strcmp(sim_tree_print(again, a), text) != 0);
    check_keys(t, a);
}

static const char *next_part(const char *s, const char *end)
{
    for (; end - s >= 4; s++) {
        if (memcmp(s, "\n%%\n", 4) == 0)
            return s;
    }
    return end;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sim_arena a = {0};
    struct sim_err err = SIM_ERR_INIT;
    struct sim_tree *base, *over, *merged;
    const char *s = (const char *)data, *end = s + size;
    const char *first = next_part(s, end), *from = first == end ? end : first + 4;
    const char *second = next_part(from, end);
    int rc = sim_tree_parse(&base, &a, "base.cfg", s, (size_t)(first - s), &err);

    sim_bug_if((rc != 0) != (err.n > 0));
    if (rc != 0)
        goto out;
    check_print(base, &a);
    if (sim_tree_parse(&over, &a, "over.cfg", from, (size_t)(second - from), &err) != 0)
        goto out;
    if (sim_tree_merge(&merged, &a, base, over, &err) != 0)
        goto out;
    check_print(merged, &a);
    if (second != end) {
        rc = sim_tree_set(merged, &a, sim_arena_copy(&a, second + 4, (size_t)(end - second - 4)),
                          &err);
        sim_bug_if((rc != 0) != (err.n > 0));
        check_print(merged, &a);
    }
out:
    sim_err_free(&err);
    sim_arena_free(&a);
    return 0;
}

#ifndef LODESTONE_LIBFUZZER
#include "tests/fuzz/replay.h"
#endif
