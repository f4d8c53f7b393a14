#include "analysis/markup.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/types.h> /* sha2.h needs it */
#include <sha256.h>

void ana_text_free(struct ana_text *t)
{
    free(t->s);
    *t = (struct ana_text){0};
}

/* Room for n bytes more and a closing \0. */
static int grow(struct ana_text *t, size_t n)
{
    size_t cap = t->cap ? t->cap : 4096;
    char *s;

    if (t->full)
        return 0;
    if (n < t->cap - t->n)
        return 1;
    while (cap - t->n <= n)
        cap *= 2;
    s = realloc(t->s, cap);
    if (s == NULL) {
        t->full = 1;
        return 0;
    }
    t->s = s;
    t->cap = cap;
    return 1;
}

void ana_text_put(struct ana_text *t, const char *s, size_t n)
{
    if (!grow(t, n))
        return;
    memcpy(t->s + t->n, s, n);
    t->n += n;
    t->s[t->n] = '\0';
}

static void put(struct ana_text *t, const char *s)
{
    ana_text_put(t, s, strlen(s));
}

static void add(struct ana_text *t, void (*how)(struct ana_text *, const char *), const char *fmt,
                va_list ap)
{
    char few[512], *many;
    va_list again;
    int n;

    va_copy(again, ap);
    n = vsnprintf(few, sizeof few, fmt, ap);
    if (n >= 0 && (size_t)n < sizeof few) {
        how(t, few);
    } else if (n >= 0 && (many = malloc((size_t)n + 1)) != NULL) {
        vsnprintf(many, (size_t)n + 1, fmt, again);
        how(t, many);
        free(many);
    } else {
        t->full = 1;
    }
    va_end(again);
}

void ana_text_add(struct ana_text *t, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    add(t, put, fmt, ap);
    va_end(ap);
}

/* ---- HTML ---- */

void ana_html(struct ana_text *t, const char *text)
{
    for (const char *p = text; *p; p++)
        switch (*p) {
        case '&':
            put(t, "&amp;");
            break;
        case '<':
            put(t, "&lt;");
            break;
        case '>':
            put(t, "&gt;");
            break;
        case '"':
            put(t, "&quot;");
            break;
        case '\'':
            put(t, "&#39;");
            break;
        default:
            ana_text_put(t, (unsigned char)*p >= 0x20 || *p == '\n' || *p == '\t' ? p : "?", 1);
        }
}

void ana_html_add(struct ana_text *t, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    add(t, ana_html, fmt, ap);
    va_end(ap);
}

/* ---- JSON ---- */

static void comma(struct ana_text *t)
{
    if (t->n > 0 && strchr("{[:", t->s[t->n - 1]) == NULL)
        ana_text_put(t, ",", 1);
}

void ana_json_open(struct ana_text *t, char open)
{
    comma(t);
    ana_text_put(t, &open, 1);
}

void ana_json_close(struct ana_text *t, char close)
{
    ana_text_put(t, &close, 1);
}

void ana_json_key(struct ana_text *t, const char *key)
{
    ana_json_text(t, key);
    ana_text_put(t, ":", 1);
}

void ana_json_text(struct ana_text *t, const char *text)
{
    comma(t);
    if (text == NULL) {
        put(t, "null");
        return;
    }
    ana_text_put(t, "\"", 1);
    for (const char *p = text; *p; p++) {
        char code[8];

        if ((unsigned char)*p < 0x20 || strchr("\"\\<>&\x7f", *p)) {
            snprintf(code, sizeof code, "\\u%04x", (unsigned char)*p & 0xffu);
            put(t, code);
        } else {
            ana_text_put(t, p, 1);
        }
    }
    ana_text_put(t, "\"", 1);
}

/* Shortest of "1.2e6" and "1200000": no zeros or signs that say nothing. */
static void print_number(char to[32], double x, int digits)
{
    char *e;
    int power;

    snprintf(to, 32, "%.*g", digits, x == 0.0 ? 0.0 : x);
    e = strchr(to, 'e');
    if (e == NULL)
        return;
    power = atoi(e + 1);
    snprintf(e, 32 - (size_t)(e - to), "e%d", power);
}

void ana_json_number(struct ana_text *t, double x, int digits)
{
    char number[32];

    comma(t);
    if (!isfinite(x)) {
        put(t, "null");
        return;
    }
    print_number(number, x, digits);
    put(t, number);
}

void ana_json_numbers(struct ana_text *t, const double x[], size_t n, int digits)
{
    ana_json_open(t, '[');
    for (size_t i = 0; i < n; i++)
        ana_json_number(t, x[i], digits);
    ana_json_close(t, ']');
}

/* Of 64 ^ 3 codes the last is "none", 0 is 0, and the others are digits 1000 to 9999 for each power
 * of ten from -12 on. */
enum { PACKED_NONE = 64 * 64 * 64 - 1, PACKED_STEP = 9000, PACKED_POWER = -12, PACKED_POWERS = 29 };

static unsigned pack(double x)
{
    char text[32];
    int power, digits;

    if (!isfinite(x) || x < 0.0)
        return PACKED_NONE;
    snprintf(text, sizeof text, "%.3e", x);
    digits = (text[0] - '0') * 1000 + (text[2] - '0') * 100 + (text[3] - '0') * 10 + text[4] - '0';
    power = atoi(text + 6) - 3 - PACKED_POWER;
    if (digits == 0 || power < 0)
        return 0;
    if (power >= PACKED_POWERS)
        return PACKED_NONE;
    return 1u + (unsigned)(power * PACKED_STEP + digits - 1000);
}

void ana_json_packed(struct ana_text *t, const double x[], size_t n)
{
    static const char letter[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    comma(t);
    put(t, "\"");
    for (size_t i = 0; i < n; i++) {
        unsigned k = pack(x[i]);
        char three[ANA_PACKED] = {letter[k >> 12], letter[k >> 6 & 63], letter[k & 63]};

        ana_text_put(t, three, ANA_PACKED);
    }
    put(t, "\"");
}

void ana_json_texts(struct ana_text *t, const char *const text[], size_t n)
{
    ana_json_open(t, '[');
    for (size_t i = 0; i < n; i++)
        ana_json_text(t, text[i]);
    ana_json_close(t, ']');
}

/* ---- the hash of a script ---- */

void ana_text_hash(char to[ANA_HASH_MAX], const char *s, size_t n)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint8_t d[SHA256_DIGEST_LENGTH + 1] = {0};
    SHA256_CTX sha;
    size_t k = (size_t)snprintf(to, ANA_HASH_MAX, "sha256-");

    SHA256Init(&sha);
    SHA256Update(&sha, (const uint8_t *)s, n);
    SHA256Final(d, &sha);
    for (size_t i = 0; i < SHA256_DIGEST_LENGTH; i += 3) {
        unsigned v = (unsigned)d[i] << 16 | (unsigned)d[i + 1] << 8 |
                     (i + 2 < SHA256_DIGEST_LENGTH ? (unsigned)d[i + 2] : 0u);

        for (int j = 18; j >= 0; j -= 6)
            to[k++] = digit[v >> j & 63];
    }
    to[k - 1] = '=';
    to[k] = '\0';
}
