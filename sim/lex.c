#include "sim/tree.h"

#include "sim/source.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* What came before, if it is not a sign such as = { ) or the " of a text. */
enum { AT_START = 0, NAME = 'n', VALUE = 'v' };

/* WORK_MAX: bytes of names that libconfig may compare, about a second. */
enum { SHOWN = 60, WORK_MAX = 500000000 };

struct bracket {
    char open;
    int line;
    uint32_t group; /* numbers the groups of a text, for names given twice */
    uint32_t n;     /* names in it */
};
struct word {
    const char *at;
    size_t n;
    int line;
    uint32_t group;
};
struct lexer {
    struct sim_lex *out;
    struct sim_arena *scratch;
    struct sim_err *err;
    const char *file;
    int argument;
    char *s, *end, *line_begin; /* a copy of the text, \0 at its end */
    char *to;                   /* where out->text goes on */
    int line, fault_line;
    int last;
    size_t text_n; /* bytes of the text that may still go on */
    struct bracket bracket[SIM_TREE_DEPTH + 1];
    int depth;
    uint32_t groups;
    struct word *word;
    size_t n_word, cap_word;
    uint64_t work;
    size_t n_fault;
    int rc, stop;
};

/* How many of the n bytes to show: whole characters. */
static int shown(const char *s, size_t n)
{
    if (n > SHOWN) {
        n = SHOWN;
        while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
            n--;
    }
    return (int)n;
}

SIM_FORMAT(3, 4) static void fault(struct lexer *l, int line, const char *fmt, ...)
{
    char what[1024];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    if (l->argument)
        l->rc = sim_err_add(l->err, SIM_EINPUT, "%s: %s", l->file, what);
    else
        l->rc = sim_err_add(l->err, SIM_EINPUT, "%s:%d: %s", l->file, line, what);
    l->fault_line = line;
    l->n_fault++;
}

static void break_off(struct lexer *l)
{
    l->stop = 1;
    l->out->broken = 1;
}

static void emit(struct lexer *l, const char *s, size_t n)
{
    memcpy(l->to, s, n);
    l->to += n;
}

static void *grown(struct lexer *l, const void *old, size_t n, size_t *cap, size_t size)
{
    void *p;

    *cap = *cap == 0 ? 256 : 2 * *cap;
    p = sim_arena_alloc(l->scratch, *cap, size);
    if (n > 0)
        memcpy(p, old, n * size);
    return p;
}

static struct bracket *inside(struct lexer *l)
{
    return &l->bracket[l->depth];
}

static int in_list(struct lexer *l)
{
    return inside(l)->open == '(' || inside(l)->open == '[';
}

static int after_sign(const struct lexer *l)
{
    return l->last == '=' || l->last == ':';
}

static int value_is_next(struct lexer *l)
{
    return after_sign(l) || (in_list(l) && (l->last == '(' || l->last == '[' || l->last == ','));
}

/* The name that waits for its value, or NULL. */
static const struct word *name_of_value(const struct lexer *l)
{
    return after_sign(l) && l->n_word > 0 ? &l->word[l->n_word - 1] : NULL;
}

static void fault_value(struct lexer *l, const char *s, size_t n, const char *what)
{
    const struct word *w = name_of_value(l);

    if (w != NULL && !l->argument)
        fault(l, l->line, "%.*s = %.*s: %s", shown(w->at, w->n), w->at, shown(s, n), s, what);
    else
        fault(l, l->line, "%.*s: %s", shown(s, n), s, what);
}

static struct sim_lex_value *add_value(struct lexer *l, enum sim_tree_kind kind)
{
    struct sim_lex *o = l->out;
    const struct word *name = name_of_value(l);
    struct sim_lex_value *v;

    if (o->n == SIM_TREE_VALUES_MAX) {
        fault(l, l->line, "more than %d values: large tables belong in CSV files",
              SIM_TREE_VALUES_MAX);
        break_off(l);
    }
    if (o->n == o->cap)
        o->value = grown(l, o->value, o->n, &o->cap, sizeof *o->value);
    v = &o->value[o->n++];
    v->kind = kind;
    v->line = l->argument ? 0 : name != NULL ? name->line : l->line;
    return v;
}

static void new_line(struct lexer *l)
{
    if (l->s - l->line_begin > SIM_TREE_LINE_MAX && l->fault_line != l->line)
        fault(l, l->line, "a line of %td bytes: must be at most %d", l->s - l->line_begin,
              SIM_TREE_LINE_MAX);
    *l->to++ = '\n';
    l->s++;
    l->line++;
    l->line_begin = l->s;
}

static void skip_comment(struct lexer *l)
{
    int line = l->line;

    if (l->s[0] == '#' || l->s[1] == '/') {
        while (l->s < l->end && *l->s != '\n')
            l->s++;
        return;
    }
    *l->to++ = ' ';
    l->s += 2;
    while (l->s < l->end && (l->s[0] != '*' || l->s[1] != '/')) {
        if (*l->s == '\n')
            new_line(l);
        else
            l->s++;
    }
    if (l->s == l->end) {
        fault(l, line, "this comment is never ended: */ is missing");
        break_off(l);
        return;
    }
    l->s += 2;
}

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Bytes of the escape at s; 0 if it is none. */
static size_t escape(const char *s)
{
    if (s[1] == 'x' || s[1] == 'X') {
        if (hex(s[2]) < 0 || hex(s[3]) < 0 || (s[2] == '0' && s[3] == '0'))
            return 0;
        return 4;
    }
    return s[1] != '\0' && strchr("nrtf\\\"", s[1]) != NULL ? 2 : 0;
}

/* Moves to the closing quote or the end of the line. Returns the bytes of what it stands for. */
static size_t walk_text(struct lexer *l)
{
    size_t n = 0, step;

    for (; *l->s != '"' && *l->s != '\n' && l->s < l->end; n++) {
        step = 1;
        if (*l->s == '\\') {
            step = escape(l->s);
            if (step == 0) {
                fault(l, l->line,
                      "\\%.*s in a text: must be \\n \\r \\t \\f \\\" \\\\ or \\x01 to \\xff",
                      l->s[1] >= ' ' && l->s[1] < 0x7f, l->s + 1);
                step = l->s[1] == '"' || l->s[1] == '\n' || l->s[1] == '\0' ? 1 : 2;
            }
        } else if (((unsigned char)*l->s < 0x20 && *l->s != '\t') || *l->s == 0x7f) {
            fault(l, l->line, "control character 0x%02x in a text: write \\x%02x",
                  (unsigned)(unsigned char)*l->s, (unsigned)(unsigned char)*l->s);
        }
        l->s += step;
    }
    return n;
}

static void lex_text(struct lexer *l)
{
    const char *from = l->s++;
    int goes_on = l->last == '"';
    size_t faults = l->n_fault, n;

    if (!goes_on && !value_is_next(l)) { /* libconfig would leak it */
        fault(l, l->line, "a text where no value can stand: is a = or , missing before it?");
        l->out->broken = 1;
    }
    n = walk_text(l);
    if (*l->s != '"') {
        fault(l, l->line, "this text is not ended on its line: \" is missing");
        l->out->broken = 1;
    } else {
        l->s++;
    }
    l->text_n = goes_on ? l->text_n + n : n;
    if (goes_on)
        l->out->value[l->out->n - 1].joins++;
    else
        add_value(l, SIM_TREE_STR);
    if (l->text_n > SIM_TREE_TEXT_MAX && l->text_n - n <= SIM_TREE_TEXT_MAX)
        fault(l, l->line, "a text over %d bytes", SIM_TREE_TEXT_MAX);
    if (l->n_fault > faults || l->text_n > SIM_TREE_TEXT_MAX)
        emit(l, "\"\"", 2);
    else
        emit(l, from, (size_t)(l->s - from));
    l->last = '"';
}

/* A whole number: decimal or 0x, with or without L or LL. */
static int whole(const char *s, int64_t *x)
{
    int negative = *s == '-', far = 0;
    uint64_t limit = (uint64_t)INT64_MAX + (uint64_t)negative, sum = 0;
    int base = s[0] == '0' && (s[1] == 'x' || s[1] == 'X') ? 16 : 10;
    const char *from = base == 16 ? s + 2 : s + (*s == '-' || *s == '+');
    const char *c = from;

    for (; hex(*c) >= 0 && hex(*c) < base; c++) {
        uint64_t digit = (uint64_t)hex(*c);

        if (sum > (limit - digit) / (uint64_t)base)
            far = 1;
        else
            sum = sum * (uint64_t)base + digit;
    }
    if (c == from)
        return SIM_NO_NUMBER;
    if (*c == 'L')
        c += c[1] == 'L' ? 2 : 1;
    if (*c != '\0')
        return SIM_NO_NUMBER;
    if (far)
        return SIM_TOO_FAR;
    *x = negative ? (int64_t)(0 - sum) : (int64_t)sum;
    return 0;
}

int sim_lex_is_number(const char *s)
{
    int64_t i;
    double x;

    return whole(s, &i) != SIM_NO_NUMBER || sim_text_real(s, &x) != SIM_NO_NUMBER;
}

static int part_of_number(char c)
{
    return sim_lex_name_char(c, 0) || c == '.' || c == '+';
}

static void lex_number(struct lexer *l)
{
    char *from = l->s;
    char after;
    struct sim_lex_value *v;
    int rc;

    while (part_of_number(*l->s))
        l->s++;
    after = *l->s;
    *l->s = '\0';
    v = add_value(l, SIM_TREE_INT);
    rc = whole(from, &v->i);
    if (rc == SIM_TOO_FAR)
        fault_value(l, from, (size_t)(l->s - from),
                    "a whole number must be -9223372036854775808 to 9223372036854775807");
    if (rc == SIM_NO_NUMBER) {
        v->kind = SIM_TREE_REAL;
        rc = sim_text_real(from, &v->x);
        if (rc == SIM_TOO_FAR)
            fault_value(l, from, (size_t)(l->s - from),
                        "a number must be 0, or 4.95e-324 to 1.79e308 in size");
        else if (rc == SIM_NO_NUMBER)
            fault_value(l, from, (size_t)(l->s - from), "this is no number");
    }
    if (*from == '+') /* what stands for it must not grow onto a name before it */
        emit(l, " ", 1);
    if (inside(l)->open == '[')
        emit(l, "1L", 2);
    else if (rc != 0)
        emit(l, "0", 1);
    else if (v->kind == SIM_TREE_REAL)
        emit(l, from, (size_t)(l->s - from));
    else
        l->to += sprintf(l->to, "%" PRId64 "L", v->i);
    *l->s = after;
    l->last = VALUE;
}

int sim_lex_name_char(char c, int first)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
        return 1;
    return !first && ((c >= '0' && c <= '9') || c == '-' || c == '_');
}

static int is_word(const char *s, size_t n, const char *word)
{
    size_t i = 0;

    while (i < n && (s[i] | 0x20) == word[i])
        i++;
    return i == n && word[n] == '\0';
}

static void add_name(struct lexer *l, const char *at, size_t n)
{
    if (n > SIM_TREE_NAME_MAX) {
        fault(l, l->line, "a name of %zu bytes: must be at most %d", n, SIM_TREE_NAME_MAX);
        l->out->broken = 1;
    }
    if (l->n_word == l->cap_word)
        l->word = grown(l, l->word, l->n_word, &l->cap_word, sizeof *l->word);
    l->word[l->n_word++] = (struct word){at, n, l->line, inside(l)->group};
    l->work += (uint64_t)inside(l)->n * (n + 4);
    if (++inside(l)->n == SIM_TREE_GROUP_MAX + 1) {
        fault(l, l->line, "more than %d settings in one group", SIM_TREE_GROUP_MAX);
        break_off(l);
    } else if (l->work > WORK_MAX) {
        fault(l, l->line, "too many large groups: use a list of groups, or a CSV file");
        break_off(l);
    }
}

static void lex_word(struct lexer *l)
{
    const char *from = l->s;
    size_t n;
    int yes;

    while (sim_lex_name_char(*l->s, 0))
        l->s++;
    n = (size_t)(l->s - from);
    emit(l, from, n);
    if (!value_is_next(l)) {
        add_name(l, from, n);
        l->last = NAME;
        return;
    }
    yes = is_word(from, n, "true");
    if (yes || is_word(from, n, "false")) {
        add_value(l, SIM_TREE_BOOL)->i = yes;
    } else {
        l->out->broken = 1;
        if (is_word(from, n, "nan") || is_word(from, n, "inf") || is_word(from, n, "infinity"))
            fault_value(l, from, n, "a number must be finite");
        else
            fault_value(l, from, n, "a value is a number, true, false or a text in quotes");
    }
    l->last = VALUE;
}

static void lex_open(struct lexer *l)
{
    char c = *l->s;

    add_value(l, c == '{' ? SIM_TREE_GROUP : c == '(' ? SIM_TREE_LIST : SIM_TREE_ARRAY);
    if (l->depth == SIM_TREE_DEPTH) {
        fault(l, l->line, "more than %d groups and lists within each other", SIM_TREE_DEPTH);
        break_off(l);
        return;
    }
    l->depth++;
    *inside(l) = (struct bracket){.open = c, .line = l->line, .group = ++l->groups};
    emit(l, l->s++, 1);
    l->last = c;
}

static void lex_close(struct lexer *l)
{
    char c = *l->s, open = c == '}' ? '{' : c == ')' ? '(' : '[';

    if (l->depth == 0) {
        fault(l, l->line, "this '%c' closes nothing", c);
        break_off(l);
        return;
    }
    if (inside(l)->open != open) {
        fault(l, l->line, "this '%c' cannot close the '%c' of line %d", c, inside(l)->open,
              inside(l)->line);
        break_off(l);
        return;
    }
    if (l->last == ',' && in_list(l))
        fault(l, l->line, "a comma with no value after it");
    l->depth--;
    emit(l, l->s++, 1);
    l->last = c;
}

/* Newer versions of libconfig take a comma too many, 1.5 does not. A comma waits until the value
 * after it. */
static void lex_comma(struct lexer *l)
{
    if (in_list(l) && (l->last == ',' || l->last == '(' || l->last == '[')) {
        fault(l, l->line, "a comma with no value before it");
    } else {
        if (!in_list(l))
            emit(l, ",", 1);
        l->last = ',';
    }
    l->s++;
}

static void lex_strange(struct lexer *l)
{
    const char *from = l->s;

    if (strncmp(from, "@include", 8) == 0) {
        fault(l, l->line,
              "@include is refused: say extends = \"other.cfg\" and what differs from it");
    } else if ((unsigned char)*from < 0x20 || *from == 0x7f) {
        fault(l, l->line, "control character 0x%02x", (unsigned)(unsigned char)*from);
    } else {
        l->s++;
        while (((unsigned char)*l->s & 0xc0) == 0x80)
            l->s++;
        fault(l, l->line,
              "'%.*s' cannot stand here: names are of a-z A-Z 0-9 _ and -, texts in quotes",
              (int)(l->s - from), from);
    }
    l->out->broken = 1;
    while (l->s < l->end && *l->s != '\n')
        l->s++;
}

static void step(struct lexer *l)
{
    char c = *l->s;

    if (c == '\n') {
        new_line(l);
        return;
    }
    if (c == ' ' || c == '\t' || c == '\r' || c == '\f') {
        emit(l, " ", 1);
        l->s++;
        return;
    }
    if (c == '#' || (c == '/' && (l->s[1] == '/' || l->s[1] == '*'))) {
        skip_comment(l);
        return;
    }
    if (l->last == ',' && in_list(l) && c != ',' && c != ')' && c != ']')
        emit(l, ",", 1);
    if (c == '"') {
        lex_text(l);
    } else if (sim_lex_name_char(c, 1)) {
        lex_word(l);
    } else if ((c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.') {
        lex_number(l);
    } else if (c == '{' || c == '(' || c == '[') {
        lex_open(l);
    } else if (c == '}' || c == ')' || c == ']') {
        lex_close(l);
    } else if (c == ',') {
        lex_comma(l);
    } else if (c == '=' || c == ':' || c == ';') {
        emit(l, l->s++, 1);
        l->last = c;
    } else {
        lex_strange(l);
    }
}

static int by_group_and_name(const void *a, const void *b)
{
    const struct word *v = a, *w = b;
    int order;

    if (v->group != w->group)
        return v->group < w->group ? -1 : 1;
    order = memcmp(v->at, w->at, v->n < w->n ? v->n : w->n);
    if (order == 0 && v->n != w->n)
        order = v->n < w->n ? -1 : 1;
    return order != 0 ? order : v->at < w->at ? -1 : v->at > w->at;
}

static void find_repeated(struct lexer *l)
{
    const struct word *first = l->word, *w;

    if (l->n_word == 0)
        return;
    qsort(l->word, l->n_word, sizeof *l->word, by_group_and_name);
    for (w = first + 1; w < l->word + l->n_word; w++) {
        if (w->group != first->group || w->n != first->n || memcmp(w->at, first->at, w->n) != 0) {
            first = w;
            continue;
        }
        if (l->argument)
            fault(l, 0, "%.*s is given twice", shown(w->at, w->n), w->at);
        else
            fault(l, w->line, "%.*s is given twice (first on line %d)", shown(w->at, w->n), w->at,
                  first->line);
        l->out->broken = 1;
    }
}

static void finish(struct lexer *l)
{
    if (!l->stop) {
        for (; l->depth > 0; l->depth--) {
            fault(l, inside(l)->line, "this '%c' is never closed", inside(l)->open);
            l->out->broken = 1;
        }
        l->out->lines = l->line - (l->s == l->line_begin && l->line > 1);
        new_line(l);
    }
    *l->to = '\0';
    find_repeated(l);
}

int sim_lex_scan(struct sim_lex *out, struct sim_arena *scratch, const char *file, int argument,
                 const char *text, size_t n, struct sim_err *err)
{
    struct lexer l = {.out = out, .scratch = scratch, .err = err, .file = file, .line = 1};
    size_t good = sim_text_utf8(text, n);

    *out = (struct sim_lex){0};
    l.argument = argument;
    if (good < n) {
        fault(&l, sim_text_line(text, good), "byte 0x%02x is not UTF-8",
              (unsigned)(unsigned char)text[good]);
        out->broken = 1;
        return l.rc;
    }
    if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        n -= 3;
    }
    l.s = sim_arena_copy(scratch, text, n);
    l.end = l.s + n;
    l.line_begin = l.s;
    l.to = out->text = sim_arena_alloc(scratch, 2 * n + 64, 1);
    while (!l.stop && l.s < l.end)
        step(&l);
    finish(&l);
    return l.rc;
}
