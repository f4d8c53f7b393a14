#include "sim/err.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT_LINES = 1000 };

/* Control characters, also the C1 ones in UTF-8, could steer the terminal that shows the line. */
static void disarm(char *text)
{
    unsigned char *s = (unsigned char *)text;

    for (; *s != '\0'; s++) {
        if (*s < 0x20 || *s == 0x7f) {
            *s = '?';
        } else if (s[0] == 0xc2 && s[1] >= 0x80 && s[1] <= 0x9f) {
            s[0] = '?';
            s[1] = '?';
        }
    }
}

static int make_room(struct sim_err *err, size_t more)
{
    size_t cap = err->cap == 0 ? 256 : err->cap;
    char *text;

    while (cap - err->len < more)
        cap *= 2;
    if (cap == err->cap)
        return 1;
    text = realloc(err->text, cap);
    if (text == NULL)
        return 0;
    err->text = text;
    err->cap = cap;
    return 1;
}

int sim_err_add(struct sim_err *err, int code, const char *fmt, ...)
{
    va_list ap;
    int n;
    char *line;

    if (err == NULL)
        return code;
    if (err->n++ == 0)
        err->code = code;
    if (err->n > KEPT_LINES)
        return code;
    va_start(ap, fmt);
    n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0 || !make_room(err, (size_t)n + 2))
        return code;
    line = err->text + err->len;
    va_start(ap, fmt);
    vsnprintf(line, (size_t)n + 1, fmt, ap);
    va_end(ap);
    if (n > 0 && line[n - 1] == '\n')
        line[--n] = '\0';
    disarm(line);
    memcpy(line + n, "\n", 2);
    err->len += (size_t)n + 1;
    return code;
}

void sim_err_print(const struct sim_err *err, const char *prefix, FILE *to)
{
    size_t kept = 0;
    const char *line = err->text, *end;

    for (; kept < err->n && line != NULL && *line != '\0'; kept++) {
        end = strchr(line, '\n');
        fprintf(to, "%s%.*s\n", prefix, (int)(end - line), line);
        line = end + 1;
    }
    if (err->n > kept)
        fprintf(to, "%sand %zu more\n", prefix, err->n - kept);
}

void sim_err_free(struct sim_err *err)
{
    free(err->text);
    *err = SIM_ERR_INIT;
}

void sim_bug(const char *file, int line, const char *what)
{
    fflush(stdout);
    fprintf(stderr, "bug in lodestone: %s:%d: %s\n", file, line, what);
    abort();
}

void sim_out_of_memory(size_t bytes)
{
    fflush(stdout);
    fprintf(stderr, "out of memory: the system refused %zu bytes\n", bytes);
    exit(1);
}
