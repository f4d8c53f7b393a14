#include "analysis/cli/cli.h"

#include "sim/source.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct options {
    int names;
};

static const struct cmd_option options[] = {{"--names", NULL, CMD_FLAG, 0, 0,
                                             offsetof(struct options, names),
                                             "their names only, as other commands take them"},
                                            {0}};

static const struct cmd_usage usage = {
    .name = "list",
    .operands = "",
    .what = "Lists the scenarios under scenarios/ here and those installed, with their titles.",
    .least = 0,
    .most = 0,
    .options = options};

enum { MAX_NAMES = 10000 };

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int is_scenario(const char *name)
{
    size_t n = strlen(name);

    return n > 4 && name[0] != '.' && strcmp(name + n - 4, ".cfg") == 0;
}

/* Names of the scenarios in a folder, sorted. */
static size_t read_folder(struct sim_arena *a, const char *dir, char **name)
{
    size_t n = 0;
    DIR *d = opendir(dir);
    struct dirent *e;

    if (d == NULL)
        return 0;
    while (n < MAX_NAMES && (e = readdir(d)) != NULL)
        if (is_scenario(e->d_name))
            name[n++] = sim_arena_copy(a, e->d_name, strlen(e->d_name));
    closedir(d);
    qsort(name, n, sizeof *name, by_name);
    return n;
}

static void print_one(const char *path, int width)
{
    struct sim_arena a = {0};
    struct sim_err err = SIM_ERR_INIT;
    struct sim_tree *t;
    const char *title = NULL, *base = NULL;
    char *text;
    size_t n;
    int rc = sim_source_read(&a, path, SIM_MAX_CFG, &text, &n, &err);

    if (rc == 0)
        rc = sim_tree_parse(&t, &a, path, text, n, &err);
    if (rc == 0) {
        title = sim_tree_get(t, "title") ? sim_tree_str(sim_tree_get(t, "title")) : NULL;
        base = sim_tree_get(t, "extends") ? sim_tree_str(sim_tree_get(t, "extends")) : NULL;
    }
    cmd_print(stdout, path);
    printf("%*s", width + 2 - (int)strlen(path), "");
    if (rc != 0)
        printf("(has faults: lodestone check tells)");
    else
        cmd_print(stdout, title ? title : "(no title of its own)");
    if (base) {
        printf("; extends ");
        cmd_print(stdout, base);
    }
    putchar('\n');
    sim_err_free(&err);
    sim_arena_free(&a);
}

static void print_name(const char *file)
{
    char stem[NAME_MAX + 1];

    snprintf(stem, sizeof stem, "%.*s", (int)strlen(file) - 4, file);
    cmd_print(stdout, stem);
    putchar('\n');
}

static size_t list_folder(const char *dir, int names)
{
    struct sim_arena a = {0};
    char **name = sim_arena_alloc(&a, MAX_NAMES, sizeof *name);
    size_t n = read_folder(&a, dir, name), widest = 0;

    for (size_t i = 0; i < n; i++)
        widest = strlen(name[i]) > widest ? strlen(name[i]) : widest;
    for (size_t i = 0; i < n; i++) {
        size_t size = strlen(dir) + strlen(name[i]) + 2;
        char *path;

        if (names) {
            print_name(name[i]);
            continue;
        }
        path = sim_arena_alloc(&a, size, 1);
        snprintf(path, size, "%s/%s", dir, name[i]);
        print_one(path, (int)(strlen(dir) + 1 + widest));
    }
    sim_arena_free(&a);
    return n;
}

int cmd_list(int argc, char **argv)
{
    struct options o = {0};
    struct cmd_args args;
    int rc = cmd_parse(&usage, argc, argv, &o, &args);

    if (rc != CMD_GO_ON)
        return rc;
    if (list_folder("scenarios", o.names) + list_folder(CMD_SHARE, o.names) == 0 && !o.names)
        printf("no scenarios under scenarios/ here, nor under %s\n", CMD_SHARE);
    return CMD_DONE;
}
