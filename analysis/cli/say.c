#include "analysis/cli/cli.h"

#include "analysis/show.h"
#include "sim/source.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { WIDEST = 140 };

/* What lies in a file that several scenarios share is told once. */
static void drop_repeats(struct sim_err *err)
{
    char *to = err->text;
    size_t kept = 0;

    for (char *line = err->text, *next; line && *line; line = next) {
        size_t n = strcspn(line, "\n") + 1;
        int repeat = 0;

        next = line + n;
        for (char *p = err->text; p < to && !repeat; p += strcspn(p, "\n") + 1)
            repeat = strncmp(p, line, n) == 0;
        if (repeat) {
            err->n--;
        } else {
            memmove(to, line, n);
            to += n;
            kept++;
        }
    }
    if (kept)
        *to = '\0';
}

int cmd_end(const char *name, int rc, struct sim_err *err, const char *after)
{
    char count[64] = "";

    drop_repeats(err);
    sim_err_print(err, "", stderr);
    if (rc != 0) {
        if (rc == SIM_EINPUT && err->n > 1)
            snprintf(count, sizeof count, "%zu faults%s", err->n, after ? "; " : "");
        if (after || *count)
            fprintf(stderr, "lodestone %s: %s%s\n", name, count, after ? after : "");
    }
    sim_err_free(err);
    return rc == 0            ? CMD_DONE
           : rc == SIM_EINPUT ? CMD_USAGE
           : rc == SIM_ESTOP  ? CMD_STOPPED
                              : CMD_FAILED;
}

void cmd_print(FILE *to, const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        if (p[0] == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f) {
            fputc('?', to);
            p++;
        } else {
            fputc(*p < 0x20 || *p == 0x7f ? '?' : *p, to);
        }
    }
}

void cmd_bytes(double bytes, char to[24])
{
    static const char *const unit[] = {"B", "kB", "MB", "GB", "TB", "PB"};
    int k = 0;

    while (bytes >= 999.5 && k < 5) {
        bytes /= 1000;
        k++;
    }
    snprintf(to, 24, k > 0 && bytes < 99.95 ? "%.1f %s" : "%.0f %s", bytes, unit[k]);
}

void cmd_seconds(double s, char to[24])
{
    double whole = s + 0.5;

    if (s < 0.0005)
        snprintf(to, 24, "under 0.001 s");
    else if (s < 9.95)
        snprintf(to, 24, s < 0.0995 ? "%.3f s" : s < 0.995 ? "%.2f s" : "%.1f s", s);
    else if (s < 99.5)
        snprintf(to, 24, "%.0f s", s);
    else if (s < 3600)
        snprintf(to, 24, "%d min %02d s", (int)(whole / 60), (int)whole % 60);
    else if (s < 1e9)
        snprintf(to, 24, "%d h %02d min", (int)(s / 3600), (int)(s / 60) % 60);
    else
        snprintf(to, 24, "years");
}

double cmd_clock(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int cmd_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]), *dot;

        if (value == NULL || *value == '\0')
            continue;
        dot = strchr(value, '.');
        return dot && (strncasecmp(dot, ".utf-8", 6) == 0 || strncasecmp(dot, ".utf8", 5) == 0);
    }
    return 0;
}

int cmd_columns(int fd, int usual)
{
    const char *said = getenv("COLUMNS");
    struct winsize size;
    int64_t n;

    if (said && sim_text_int(said, &n) == 0 && n > 0 && n < 10000)
        return (int)n;
    return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : usual;
}

size_t cmd_width(int64_t asked)
{
    int terminal;

    if (asked > 0)
        return (size_t)asked;
    if (!isatty(STDOUT_FILENO))
        return ANA_SHOW_WIDTH;
    terminal = cmd_columns(STDOUT_FILENO, ANA_SHOW_WIDTH);
    return terminal < ANA_SHOW_WIDTH_MIN ? ANA_SHOW_WIDTH_MIN
           : terminal > WIDEST           ? WIDEST
                                         : (size_t)terminal;
}

/* Bytes of the UTF-8 character at p, 0 where there is none. */
static size_t utf8_length(const unsigned char *p)
{
    size_t n = p[0] < 0x80   ? 1
               : p[0] < 0xc2 ? 0
               : p[0] < 0xe0 ? 2
               : p[0] < 0xf0 ? 3
               : p[0] < 0xf5 ? 4
                             : 0;

    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
        (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
        return 0;
    return n;
}

void cmd_json_text(FILE *to, const char *text)
{
    fputc('"', to);
    for (const unsigned char *p = (const unsigned char *)text; *p;) {
        size_t n = utf8_length(p);

        if (n == 0)
            fputs("\\ufffd", to);
        else if (*p < 0x20 || *p == 0x7f)
            fprintf(to, "\\u%04x", *p);
        else
            fprintf(to, "%s%.*s", *p == '"' || *p == '\\' ? "\\" : "", (int)n, (const char *)p);
        p += n ? n : 1;
    }
    fputc('"', to);
}

void cmd_json_file(FILE *to, const char *path)
{
    struct stat st;

    fputs(", \"file\": ", to);
    cmd_json_text(to, path);
    fprintf(to, ", \"bytes\": %.0f", stat(path, &st) == 0 ? (double)st.st_size : 0.0);
}

int cmd_exists(const char *path, struct sim_err *err)
{
    return access(path, F_OK) == 0
               ? 0
               : sim_err_add(err, SIM_EINPUT, "%s: there is no such file", path);
}

int cmd_one_study(const struct sim_result *r, const char *path, struct sim_err *err)
{
    return sim_result_find_input(r, "sweep") == NULL
               ? 0
               : sim_err_add(err, SIM_EINPUT,
                             "%s: is a sweep: lodestone sense says what decides an output, export "
                             "--csv makes tables, rerun --point P --run K -o FILE a run by itself",
                             path);
}
