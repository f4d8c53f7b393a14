#include "analysis/cli/help.h"

#include "sim/source.h"

#include <limits.h>
#include <stdarg.h>
#include <string.h>

enum { MAX_OPTIONS = 40, MAX_VERBS = 40 };

/* ---- faults ---- */

int cmd_misuse(const struct cmd_usage *u, const char *fmt, ...)
{
    struct sim_err err = SIM_ERR_INIT;
    char text[512], line[CMD_USAGE_LINE];
    const char *program = *u->name ? "lodestone " : "lodestone";
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    cmd_help_usage(line, u);
    sim_err_add(&err, SIM_EINPUT, "%s%s: %s", program, u->name, text);
    sim_err_add(&err, SIM_EINPUT, "usage: %s", line);
    sim_err_add(&err, SIM_EINPUT, "more: %s%s --help", program, u->name);
    sim_err_print(&err, "", stderr);
    sim_err_free(&err);
    return CMD_USAGE;
}

static int unknown(const struct cmd_usage *u, const char *word)
{
    const char *names[MAX_OPTIONS], *near;
    size_t n = 0;

    for (const struct cmd_option *o = u->options; o->name && n < MAX_OPTIONS - 1; o++)
        names[n++] = o->name;
    names[n++] = "--help";
    near = sim_nearest(word, names, n);
    if (near)
        return cmd_misuse(u, "unknown option %s; did you mean %s?", word, near);
    return cmd_misuse(u, "unknown option %s", word);
}

/* ---- values ---- */

static int take_whole(const struct cmd_option *o, const char *value, void *to)
{
    int64_t x;

    if (sim_text_int(value, &x) != 0 || x < o->lo || x > o->hi)
        return 0;
    memcpy(to, &x, sizeof x);
    return 1;
}

static int take_size(const char *value, void *to)
{
    static const char units[] = "KMGT";
    size_t n = strspn(value, "0123456789.");
    const char *tail = value + n, *unit;
    char number[64];
    double x;

    if (n >= sizeof number)
        return 0;
    memcpy(number, value, n);
    number[n] = '\0';
    if (sim_text_real(number, &x) != 0)
        return 0;
    if (*tail != '\0') {
        unit = strchr(units, *tail & ~0x20);
        if (unit == NULL || *unit == '\0')
            return 0;
        for (const char *p = units; p <= unit; p++)
            x *= 1024;
        tail++;
        if (strcmp(tail, "") != 0 && strcmp(tail, "B") != 0 && strcmp(tail, "iB") != 0)
            return 0;
    }
    memcpy(to, &x, sizeof x);
    return x >= 1;
}

static int take(const struct cmd_usage *u, const struct cmd_option *o, const char *value, void *to)
{
    char *at = (char *)to + o->offset;
    struct cmd_texts *texts = (void *)at;

    switch (o->kind) {
    case CMD_FLAG:
        memcpy(at, &(int){1}, sizeof(int));
        return CMD_GO_ON;
    case CMD_TEXT:
        if (*value == '\0')
            return cmd_misuse(u, "%s needs a value that is not empty: %s", o->name, o->arg);
        memcpy(at, &value, sizeof value);
        return CMD_GO_ON;
    case CMD_TEXTS:
        if (texts->n == CMD_MAX_TEXTS)
            return cmd_misuse(u, "%s is given more than %d times", o->name, CMD_MAX_TEXTS);
        texts->s[texts->n++] = value;
        return CMD_GO_ON;
    case CMD_WHOLE:
        if (!take_whole(o, value, at))
            return cmd_misuse(u, "%s = %s: must be a whole number, %lld to %lld", o->name, value,
                              (long long)o->lo, (long long)o->hi);
        return CMD_GO_ON;
    case CMD_SIZE:
        if (!take_size(value, at))
            return cmd_misuse(u, "%s = %s: must be a size as 500M or 2G (K, M, G, T)", o->name,
                              value);
        return CMD_GO_ON;
    }
    return CMD_USAGE;
}

/* ---- the command line ---- */

/* Is `word` this option, by itself, as --name=value or as -ovalue? Then *value is what follows in
 * the word, or NULL. */
static int is_option(const struct cmd_option *o, const char *word, const char **value)
{
    size_t n = strlen(o->name);

    if (strncmp(word, o->name, n) != 0)
        return 0;
    *value = NULL;
    if (word[n] == '\0')
        return 1;
    if (word[1] == '-' && word[n] != '=')
        return 0;
    *value = word + n + (word[1] == '-');
    return 1;
}

static int read_option(const struct cmd_usage *u, int argc, char **argv, int *i, void *to)
{
    const struct cmd_option *o = u->options;
    const char *word = argv[*i], *value;
    enum cmd_form form;

    if (cmd_help_asked(word, &form)) {
        cmd_help_print(u, form);
        return CMD_DONE;
    }
    while (o->name && !is_option(o, word, &value))
        o++;
    if (o->name == NULL)
        return unknown(u, word);
    if (o->arg == NULL && value != NULL)
        return cmd_misuse(u, "%s takes no value", o->name);
    if (o->arg != NULL && value == NULL) {
        if (*i + 1 == argc)
            return cmd_misuse(u, "%s needs a value: %s", o->name, o->arg);
        value = argv[++*i];
    }
    return take(u, o, value, to);
}

int cmd_parse(const struct cmd_usage *u, int argc, char **argv, void *to, struct cmd_args *args)
{
    int options = 1;

    *args = (struct cmd_args){.operand = argv};
    for (int i = 1; i < argc; i++) {
        char *word = argv[i];

        if (options && strcmp(word, "--") == 0) {
            options = 0;
        } else if (options && word[0] == '-' && word[1] != '\0') {
            int rc = read_option(u, argc, argv, &i, to);

            if (rc != CMD_GO_ON)
                return rc;
        } else {
            args->operand[args->n++] = word;
        }
    }
    if (args->n < u->least)
        return cmd_misuse(u, "something is missing: %s", u->operands);
    if (args->n > u->most)
        return cmd_misuse(u, "too much: '%s'", args->operand[u->most]);
    return CMD_GO_ON;
}

/* ---- verbs ---- */

static int no_verb(const struct cmd_usage *u, const char *word)
{
    const char *names[MAX_VERBS];
    char mean[SIM_MEAN];
    int n = 0;

    for (; n < u->n_verb && n < MAX_VERBS; n++)
        names[n] = u->verbs[n].name;
    return cmd_misuse(u, "there is no command '%s'%s", word,
                      sim_did_you_mean(sim_nearest(word, names, (size_t)n), mean));
}

int cmd_dispatch(const struct cmd_usage *u, int argc, char **argv)
{
    enum cmd_form form;

    if (argc < 2) {
        cmd_help_page(stderr, u);
        return CMD_USAGE;
    }
    if (cmd_help_asked(argv[1], &form)) {
        cmd_help_print(u, form);
        return CMD_DONE;
    }
    for (int i = 0; i < u->n_verb; i++)
        if (strcmp(argv[1], u->verbs[i].name) == 0)
            return u->verbs[i].run(argc - 1, argv + 1);
    return *argv[1] == '-' ? unknown(u, argv[1]) : no_verb(u, argv[1]);
}
