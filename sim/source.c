#include "sim/source.h"

#include <errno.h>
#include <fcntl.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LONGEST_WORD = 255 };

static int refuse_open(const char *path, struct sim_err *err)
{
    if (errno == ENOENT || errno == ENOTDIR)
        return sim_err_add(err, SIM_EINPUT, "%s: there is no such file", path);
    if (errno == ENXIO) /* a socket */
        return sim_err_add(err, SIM_EINPUT, "%s: is no regular file", path);
    return sim_err_add(err, SIM_EIO, "%s: cannot be read: %s", path, strerror(errno));
}

static int check_kind(const struct stat *st, const char *path, size_t max, struct sim_err *err)
{
    if (S_ISDIR(st->st_mode))
        return sim_err_add(err, SIM_EINPUT, "%s: is a folder", path);
    if (!S_ISREG(st->st_mode))
        return sim_err_add(err, SIM_EINPUT, "%s: is no regular file", path);
    if ((uintmax_t)st->st_size > max)
        return sim_err_add(err, SIM_EINPUT, "%s: has %jd bytes: must be at most %zu", path,
                           (intmax_t)st->st_size, max);
    return 0;
}

/* Asks for one byte more than there should be, to notice a file that grows. */
static int read_all(int fd, char *to, size_t size, size_t *n, const char *path, struct sim_err *err)
{
    ssize_t got = 1;

    *n = 0;
    while (got > 0 && *n <= size) {
        got = read(fd, to + *n, size + 1 - *n);
        if (got < 0 && errno == EINTR)
            got = 1;
        else if (got > 0)
            *n += (size_t)got;
    }
    if (got < 0)
        return sim_err_add(err, SIM_EIO, "%s: cannot be read: %s", path, strerror(errno));
    if (*n > size)
        return sim_err_add(err, SIM_EINPUT, "%s: grew while it was read", path);
    return 0;
}

static int check_text(const char *text, size_t n, const char *path, struct sim_err *err)
{
    const char *nul = memchr(text, '\0', n);
    size_t good = sim_text_utf8(text, n);

    if (nul != NULL && (size_t)(nul - text) <= good)
        return sim_err_add(err, SIM_EINPUT, "%s:%d: a NUL byte: this is no text file", path,
                           sim_text_line(text, (size_t)(nul - text)));
    if (good < n)
        return sim_err_add(err, SIM_EINPUT, "%s:%d: byte 0x%02x is not UTF-8", path,
                           sim_text_line(text, good), (unsigned)(unsigned char)text[good]);
    return 0;
}

int sim_source_read(struct sim_arena *a, const char *path, size_t max, char **text, size_t *n,
                    struct sim_err *err)
{
    struct stat st;
    char *to;
    size_t got;
    int rc;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

    if (fd < 0)
        return refuse_open(path, err);
    if (fstat(fd, &st) != 0)
        rc = sim_err_add(err, SIM_EIO, "%s: cannot be read: %s", path, strerror(errno));
    else
        rc = check_kind(&st, path, max, err);
    if (rc != 0)
        goto out;
    to = sim_arena_alloc(a, (size_t)st.st_size + 2, 1);
    rc = read_all(fd, to, (size_t)st.st_size, &got, path, err);
    if (rc == 0)
        rc = check_text(to, got, path, err);
    if (rc == 0) {
        *text = to;
        *n = got;
    }
out:
    close(fd);
    return rc;
}

/* Bytes of the UTF-8 character at s, of which `left` bytes may be looked at; 0 if it is none. */
static size_t utf8_char(const unsigned char *s, size_t left)
{
    size_t n = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;

    if (n == 0 || s[0] > 0xf4 || n > left)
        return 0;
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    }
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
        (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
        return 0;
    return n;
}

size_t sim_text_utf8(const char *text, size_t n)
{
    size_t i = 0, step;
    uint64_t eight;

    while (i < n) {
        if (n - i >= sizeof eight) {
            memcpy(&eight, text + i, sizeof eight);
            if ((eight & 0x8080808080808080u) == 0) {
                i += sizeof eight;
                continue;
            }
        }
        step = utf8_char((const unsigned char *)text + i, n - i);
        if (step == 0)
            return i;
        i += step;
    }
    return n;
}

int sim_text_line(const char *text, size_t at)
{
    int line = 1;

    for (size_t i = 0; i < at; i++)
        line += text[i] == '\n';
    return line;
}

static const char *digits(const char *s)
{
    return s + strspn(s, "0123456789");
}

int sim_text_int(const char *s, int64_t *x)
{
    const char *from = s + (*s == '-' || *s == '+');
    const char *end = digits(from);
    long long got;

    if (end == from || *end != '\0')
        return SIM_NO_NUMBER;
    errno = 0;
    got = strtoll(s, NULL, 10);
    if (errno != 0 || got < INT64_MIN || got > INT64_MAX)
        return SIM_TOO_FAR;
    *x = (int64_t)got;
    return 0;
}

int sim_text_real(const char *s, double *x)
{
    const char *from = s + (*s == '-' || *s == '+');
    const char *point = digits(from);
    const char *end = *point == '.' ? digits(point + 1) : point;
    const char *exponent;
    double got;

    if (end - from == (*point == '.'))
        return SIM_NO_NUMBER;
    if (*end == 'e' || *end == 'E') {
        exponent = end + 1 + (end[1] == '-' || end[1] == '+');
        end = digits(exponent);
        if (end == exponent)
            return SIM_NO_NUMBER;
    }
    if (*end != '\0')
        return SIM_NO_NUMBER;
    got = strtod(s, NULL);
    if (!isfinite(got) ||
        (got == 0 && from[strspn(from, "0.")] >= '1' && from[strspn(from, "0.")] <= '9'))
        return SIM_TOO_FAR;
    *x = got;
    return 0;
}

void sim_text_show(double x, char to[32])
{
    int digits_n = fabs(x) < DBL_MIN ? 1 : 15;

    do {
        snprintf(to, 32, "%.*g", digits_n, x);
    } while (digits_n++ < 17 && strtod(to, NULL) != x);
}

static int least(int a, int b, int c)
{
    int m = a < b ? a : b;

    return m < c ? m : c;
}

int sim_distance(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);
    int rows[3][LONGEST_WORD + 1];
    int *before = rows[0], *last = rows[1], *now = rows[2], *spare;

    if (n > LONGEST_WORD || m > LONGEST_WORD)
        return (int)((n > m ? n : m) < INT32_MAX ? (n > m ? n : m) : INT32_MAX);
    memset(rows, 0, sizeof rows);
    for (size_t j = 0; j <= m; j++)
        now[j] = (int)j;
    for (size_t i = 1; i <= n; i++) {
        spare = before;
        before = last;
        last = now;
        now = spare;
        now[0] = (int)i;
        for (size_t j = 1; j <= m; j++) {
            now[j] = least(last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], before[j - 2] + 1, now[j]);
        }
    }
    return now[m];
}

const char *sim_nearest(const char *word, const char *const *names, size_t n)
{
    size_t length = strlen(word), gap;
    size_t limit = 1 + length / 4;
    const char *best = NULL;

    for (size_t i = 0; i < n; i++) {
        size_t other = strlen(names[i]);

        gap = other > length ? other - length : length - other;
        if (gap > limit)
            continue;
        gap = (size_t)sim_distance(word, names[i]);
        if (gap <= limit) {
            best = names[i];
            if (gap == 0)
                break;
            limit = gap - 1;
        }
    }
    return best;
}

const char *sim_did_you_mean(const char *near, char to[SIM_MEAN])
{
    *to = '\0';
    if (near != NULL)
        snprintf(to, SIM_MEAN, "; did you mean '%s'?", near);
    return to;
}
