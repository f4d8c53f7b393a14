#include "analysis/cli/cli.h"

#include "analysis/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct options {
    const char *from;
    int quiet;
};

static const struct cmd_option options[] = {
    {"--from", "SCENARIO", CMD_TEXT, 0, 0, offsetof(struct options, from),
     "scenario that the new one extends"},
    {"--quiet", NULL, CMD_FLAG, 0, 0, offsetof(struct options, quiet), "print faults only"},
    {0}};

static const struct cmd_usage usage = {
    .name = "new",
    .operands = "X.cfg --from SCENARIO",
    .what = "Writes the start of a scenario that says only in what it differs from SCENARIO, with "
            "examples to\n"
            "be used by taking the // away. A file that is there already is left alone.",
    .least = 1,
    .most = 1,
    .options = options};

/* ---- where Y is, seen from X ---- */

/* The path from the root, without . and .. */
static char *absolute(struct sim_arena *a, const char *path)
{
    char here[4096], *all, *to;
    size_t n;

    if (*path == '/' || getcwd(here, sizeof here) == NULL)
        here[0] = '\0';
    n = strlen(here) + strlen(path) + 3;
    all = sim_arena_alloc(a, n, 1);
    snprintf(all, n, "%s/%s", here, path);
    to = sim_arena_alloc(a, n, 1);
    n = 0;
    for (const char *p = all; *p;) {
        size_t len;

        p += strspn(p, "/");
        len = strcspn(p, "/");
        if (len == 2 && strncmp(p, "..", 2) == 0) {
            while (n > 0 && to[--n] != '/')
                ;
            to[n] = '\0';
        } else if (len > 0 && !(len == 1 && *p == '.')) {
            to[n++] = '/';
            memcpy(to + n, p, len);
            n += len;
            to[n] = '\0';
        }
        p += len;
    }
    return to;
}

/* What `extends` in x must say to mean y. */
static const char *seen_from(struct sim_arena *a, const char *x, const char *y)
{
    size_t share = strlen(CMD_SHARE), same = 0, n, ups = 0;
    const char *from, *to;
    char *rel;

    if (strncmp(y, CMD_SHARE "/", share + 1) == 0)
        return y + share + 1;
    from = absolute(a, x);
    to = absolute(a, y);
    for (size_t i = 0; from[i] && from[i] == to[i]; i++)
        if (from[i] == '/')
            same = i + 1;
    if (same <= 1)
        return to;
    for (const char *p = from + same; *p; p++)
        ups += *p == '/';
    n = 3 * ups + strlen(to + same) + 1;
    rel = sim_arena_alloc(a, n, 1);
    for (size_t i = 0; i < ups; i++)
        memcpy(rel + 3 * i, "../", 3);
    memcpy(rel + 3 * ups, to + same, strlen(to + same));
    return rel;
}

/* ---- the text ---- */

static void quote(FILE *f, const char *s)
{
    fputc('"', f);
    for (; *s; s++)
        fprintf(f, *s == '"' || *s == '\\' ? "\\%c" : (unsigned char)*s < 0x20 ? "?" : "%c", *s);
    fputc('"', f);
}

/* Without the end of its line. */
static void print_value(FILE *f, const char *text)
{
    fprintf(f, "%.*s", (int)strcspn(text, "\n"), text);
}

static void key_line(FILE *f, const struct sim_key *k, const struct sim_tree *t,
                     struct sim_arena *a)
{
    const struct sim_tree *now = sim_tree_get(t, k->name);
    char what[512];

    sim_keys_allowed(k, what, sizeof what);
    fprintf(f, "//%s = ", k->name);
    if (now && sim_tree_str(now))
        quote(f, sim_tree_str(now));
    else if (now)
        print_value(f, sim_tree_print(now, a));
    else if (k->type == SIM_KEY_INT || k->type == SIM_KEY_REAL || k->type == SIM_KEY_BOOL)
        fputs(k->def, f);
    else
        quote(f, k->def);
    fprintf(f, ";    // %s%s%s (%s)\n", *k->unit ? k->unit : "", *k->unit ? ": " : "", k->meaning,
            what);
}

static void plain_keys(FILE *f, const struct mdl_scenario *s, struct sim_arena *a)
{
    static const char *const others[] = {"title", "extends", "network"};

    fputs("// ---- keys, as they are now ----\n", f);
    for (const struct sim_key *k = mdl_scenario_keys; k->name; k++) {
        int other = k->type == SIM_KEY_LIST;

        for (size_t i = 0; i < sizeof others / sizeof *others; i++)
            other |= strcmp(k->name, others[i]) == 0;
        if (!other && (sim_tree_get(s->tree, k->name) || (k->def && *k->def)))
            key_line(f, k, s->tree, a);
    }
}

static void print_names(FILE *f, const char *key, struct sim_strs names)
{
    if (names.n == 0)
        return;
    fprintf(f, " %s = [", key);
    for (size_t i = 0; i < names.n; i++) {
        fputs(i ? ", " : " ", f);
        quote(f, names.s[i]);
    }
    fputs(" ];", f);
}

static void end_comment(FILE *f, const char *name)
{
    if (name && *name) {
        fputs(": ", f);
        cmd_print(f, name); /* a line end in it would end the comment */
    }
    fputc('\n', f);
}

static void office_lines(FILE *f, const struct mdl_scenario *s)
{
    fputs("\n// ---- offices ----\n", f);
    for (uint32_t i = 0; i < s->n_office; i++) {
        fprintf(f, "// there is %s", s->office[i].id);
        end_comment(f, s->office[i].name);
    }
    fputs("//offices = (\n", f);
    if (s->n_office)
        fprintf(f,
                "//  { id = \"%s\"; review_d = { dist = \"lognormal\"; median = 90.0; sigma = "
                "0.4; }; }\n",
                s->office[0].id);
    else
        fputs("//  { id = \"office\"; review_d = { dist = \"lognormal\"; median = 45.0; sigma = "
              "0.4; }; }\n",
              f);
    fputs("//);\n", f);
}

static void rule_lines(FILE *f, const struct mdl_scenario *s)
{
    const struct mdl_rule *like = s->n_rule ? &s->rule[0] : NULL;
    char start[11];

    sim_date_print(s->start, start);
    fputs(
        "\n// ---- rules: change one by its id, take one out with remove = true, or add one ----\n",
        f);
    for (uint32_t i = 0; i < s->n_rule; i++) {
        char from[11];

        sim_date_print(s->rule[i].from, from);
        fprintf(f, "// there is %s (%s from %s)", s->rule[i].id,
                mdl_policies[s->rule[i].action]->name, from);
        end_comment(f, s->rule[i].name);
    }
    fputs("//rules = (\n", f);
    if (like)
        fprintf(f, "//  { id = \"%s\"; until = \"2999-12-31\"; },\n", like->id);
    fprintf(f, "//  { id = \"my-rule\"; action = \"inspect\"; from = \"%s\";\n//   ", start);
    if (like) {
        print_names(f, "origin", like->origin);
        print_names(f, "destination", like->destination);
        if (like->list && *like->list) {
            fputs(" list = ", f);
            quote(f, like->list);
            fputc(';', f);
        }
    }
    fputs("\n//    share = 0.5; delay_d = { dist = \"triangular\"; lo = 10.0; mode = 14.0; hi = "
          "28.0; };\n"
          "//    source = \"where this is documented\"; }\n"
          "//);\n",
          f);
}

static void write_text(FILE *f, const char *x, const struct mdl_scenario *s, const char *extends,
                       struct sim_arena *a)
{
    const char *slash = strrchr(x, '/'), *name = slash ? slash + 1 : x;

    fputs("// What does this scenario ask? (Say it here.)\n//\n"
          "// It says only in what it differs from ",
          f);
    cmd_print(f, s->label);
    fputs(".\n// To use a line below, take the // before it away.\n"
          "// every key, its range and default:  lodestone keys\n"
          "// look for faults:                   lodestone check ",
          f);
    cmd_print(f, x);
    fputs("\n// run it beside the other:           lodestone run ", f);
    cmd_print(f, s->file);
    fputc(' ', f);
    cmd_print(f, x);
    fputs("\n\nextends = ", f);
    quote(f, extends);
    fprintf(f, ";\ntitle   = ");
    fprintf(f, "\"%.*s\";    // the question in a line\n\n", (int)(strlen(name) - 4), name);
    plain_keys(f, s, a);
    office_lines(f, s);
    rule_lines(f, s);
}

static int write_new(const char *x, struct mdl_study *st, struct sim_err *err)
{
    const struct mdl_scenario *s = &st->scenario[0];
    char *text = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&text, &n);
    int rc;

    if (f == NULL)
        return sim_err_add(err, SIM_ENOMEM, "out of memory");
    write_text(f, x, s, seen_from(&st->arena, x, s->file), &st->arena);
    if (fclose(f) != 0)
        rc = sim_err_add(err, SIM_ENOMEM, "out of memory");
    else
        rc = ana_file_put(x, text, n, err);
    free(text);
    return rc;
}

/* Names become labels of results: letters that need no care. */
static int check_name(const char *x, struct sim_err *err)
{
    const char *slash = strrchr(x, '/'), *name = slash ? slash + 1 : x;
    size_t n = strlen(name);
    struct stat st;

    if (n < 5 || strcmp(name + n - 4, ".cfg") != 0 || name[0] == '.' ||
        strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") != n)
        return sim_err_add(err, SIM_EINPUT,
                           "%s: the name of a scenario is letters, digits and . _ -, and ends in "
                           ".cfg",
                           x);
    if (lstat(x, &st) == 0)
        return sim_err_add(err, SIM_EINPUT, "%s: is there already, and is left as it is", x);
    if (errno != ENOENT)
        return sim_err_add(err, SIM_EIO, "%s: cannot be made: %s", x, strerror(errno));
    return 0;
}

int cmd_new(int argc, char **argv)
{
    const struct mdl_options mo = {.runs = -1, .seed = -1, .share_dir = CMD_SHARE};
    struct options o = {0};
    struct cmd_args args;
    struct sim_err err = SIM_ERR_INIT;
    struct mdl_study st = {0};
    int rc = cmd_parse(&usage, argc, argv, &o, &args);

    if (rc != CMD_GO_ON)
        return rc;
    if (o.from == NULL)
        return cmd_misuse(&usage, "--from SCENARIO is missing: the scenario to begin with");
    rc = check_name(args.operand[0], &err);
    if (rc == 0)
        rc = mdl_study_load(&st, &o.from, 1, &mo, &err);
    if (rc == 0)
        rc = write_new(args.operand[0], &st, &err);
    mdl_study_free(&st);
    if (rc == 0 && !o.quiet) {
        cmd_print(stdout, args.operand[0]);
        printf(": written; look for faults with: lodestone check ");
        cmd_print(stdout, args.operand[0]);
        putchar('\n');
    }
    return cmd_end("new", rc, &err, "nothing was written");
}
