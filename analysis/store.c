#include "analysis/store_inner.h"
#include "analysis/file.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_LEN_MAX = 63 };

/* What is to be stored, for the check of the finished file. */
struct written {
    const struct sim_result *r;
    const char *path;
    const char *digest;
};

static int is_utf8(const char *s)
{
    const unsigned char *p = (const unsigned char *)s;

    while (*p) {
        int more = *p < 0x80 ? 0 : *p >= 0xf0 ? 3 : *p >= 0xe0 ? 2 : 1;
        unsigned lo = *p == 0xe0 ? 0xa0 : *p == 0xf0 ? 0x90 : 0x80;
        unsigned hi = *p == 0xed ? 0x9f : *p == 0xf4 ? 0x8f : 0xbf;

        if (more > 0 && (*p < 0xc2 || *p > 0xf4))
            return 0;
        for (p++; more > 0; more--, p++, lo = 0x80, hi = 0xbf)
            if (*p < lo || *p > hi)
                return 0;
    }
    return 1;
}

static int check_text(const struct written *w, struct sim_err *err, const char *what,
                      const char *name, const char *text)
{
    if (!text || is_utf8(text))
        return 0;
    return sim_err_add(err, SIM_ERUN, "%s: cannot store %s %s: it is not UTF-8 text", w->path, what,
                       name);
}

static int check_name(const struct written *w, struct sim_err *err, const char *name)
{
    const char *p;
    int bad = !islower((unsigned char)name[0]) || strlen(name) > NAME_LEN_MAX;

    for (p = name; *p; p++)
        bad |= !islower((unsigned char)*p) && !isdigit((unsigned char)*p) && *p != '_';
    if (bad)
        return sim_err_add(err, SIM_ERUN,
                           "%s: cannot store '%s': a name is a lower-case letter, then letters, "
                           "digits and _, at most %d",
                           w->path, name, NAME_LEN_MAX);
    return 0;
}

static int check_line(const struct written *w, struct sim_err *err, const char *name,
                      const char *long_name, const char *units, size_t n, const char *const *label,
                      const double *value)
{
    size_t i;
    int rc = check_name(w, err, name);

    if (rc == 0 && !label == !value)
        rc = sim_err_add(err, SIM_ERUN, "%s: cannot store %s: labels or numbers, not %s", w->path,
                         name, label ? "both" : "neither");
    if (rc == 0)
        rc = check_text(w, err, "long_name of", name, long_name);
    if (rc == 0)
        rc = check_text(w, err, "units of", name, units);
    for (i = 0; label && i < n && rc == 0; i++)
        rc = check_text(w, err, "a label of", name, label[i]);
    return rc;
}

static int check_axis(const struct written *w, struct sim_err *err, int axis)
{
    const struct sim_axis *a = &w->r->axis[axis];
    int rc, i, j, on = 0;

    rc = check_line(w, err, a->name, a->long_name, a->units, a->n, a->label, a->value);
    for (i = 0; i < a->n_coord && rc == 0; i++) {
        const struct sim_coord *x = &a->coord[i];

        rc = check_line(w, err, x->name, x->long_name, x->units, a->n, x->label, x->value);
    }
    for (i = 0; i < w->r->n_column; i++)
        for (j = 0; j < w->r->column[i].n_axis; j++)
            on += w->r->column[i].axis[j] == axis;
    if (rc == 0 && on > ANA_STORE_MAX_ON_AXIS)
        rc = sim_err_add(err, SIM_ERUN, "%s: cannot store %d columns on axis %s: at most %d",
                         w->path, on, a->name, ANA_STORE_MAX_ON_AXIS);
    return rc;
}

static int check_column(const struct written *w, struct sim_err *err, const struct sim_column *c)
{
    int rc = check_name(w, err, c->name);

    if (rc == 0)
        rc = check_text(w, err, "long_name of", c->name, c->long_name);
    if (rc == 0)
        rc = check_text(w, err, "units of", c->name, c->units);
    if (rc == 0)
        rc = check_text(w, err, "meanings of", c->name, c->meanings);
    if (rc == 0 && c->meanings && c->type != SIM_I8)
        rc = sim_err_add(err, SIM_ERUN, "%s: cannot store %s: flags must be of type I8", w->path,
                         c->name);
    return rc;
}

static int check_texts(const struct written *w, struct sim_err *err, const char *what,
                       const struct sim_text *t, int n)
{
    int rc = 0, i;

    for (i = 0; i < n && rc == 0; i++) {
        rc = check_text(w, err, "the name of", what, t[i].name);
        if (rc == 0)
            rc = check_text(w, err, what, t[i].name, t[i].text);
        if (rc == 0 && (!t[i].name[0] || strchr(t[i].name, '/') || !strcmp(t[i].name, ".") ||
                        ana_store_own_attr(t[i].name)))
            rc = sim_err_add(err, SIM_ERUN, "%s: cannot store %s '%s': the name is not allowed",
                             w->path, what, t[i].name);
    }
    return rc;
}

static int check_result(const struct written *w, struct sim_err *err)
{
    const struct sim_result *r = w->r;
    int rc, i;

    rc = check_texts(w, err, "attribute", r->attr, r->n_attr);
    if (rc == 0)
        rc = check_texts(w, err, "input", r->input, r->n_input);
    for (i = 0; i < r->n_axis && rc == 0; i++)
        rc = check_axis(w, err, i);
    for (i = 0; i < r->n_column && rc == 0; i++)
        rc = check_column(w, err, &r->column[i]);
    return rc;
}

/* Digest of everything but the values of columns. */
static void outline(const struct sim_result *r, char digest[ANA_DIGEST_MAX])
{
    struct ana_digest d;
    int i;

    ana_digest_begin(&d, r);
    for (i = 0; i < r->n_column; i++)
        ana_digest_head(&d, r, &r->column[i]);
    ana_digest_end(&d, r, digest);
}

static int same_values(const struct written *w, struct ana_store_in *in, struct sim_err *err)
{
    size_t most = 1;
    char *buf;
    int rc = 0, i;

    for (i = 0; i < w->r->n_column; i++) {
        size_t n = sim_column_n(w->r, &w->r->column[i]) * sim_type_size(w->r->column[i].type);

        most = n > most ? n : most;
    }
    buf = malloc(most);
    if (!buf)
        return sim_err_add(err, SIM_ENOMEM, "%s: out of memory", w->path);
    for (i = 0; i < w->r->n_column && rc == 0; i++) {
        const struct sim_column *c = &w->r->column[i];
        size_t n = sim_column_n(w->r, c) * sim_type_size(c->type);

        rc = ana_store_in_load(in, i, buf, err);
        if (rc == 0 && n > 0 && memcmp(buf, c->data, n) != 0)
            rc = sim_err_add(err, SIM_ERUN, "%s: values of %s do not read back as they were",
                             w->path, c->name);
    }
    free(buf);
    return rc;
}

/* Opens the finished temporary file and compares every text and value with r. */
static int check_written(void *ctx, const char *tmp_path, struct sim_err *err)
{
    const struct written *w = ctx;
    struct ana_store_in in;
    char a[ANA_DIGEST_MAX], b[ANA_DIGEST_MAX];
    off_t size;
    int rc;

    rc = ana_seal_check(tmp_path, &size, err);
    if (rc == 0)
        rc = ana_store_in_open(&in, tmp_path, size, err);
    if (rc != 0)
        return rc;
    outline(w->r, a);
    outline(&in.r, b);
    if (strcmp(a, b) != 0 || strcmp(w->digest, in.digest) != 0)
        rc = sim_err_add(err, SIM_ERUN, "%s: names and texts do not read back as they were",
                         w->path);
    else
        rc = same_values(w, &in, err);
    ana_store_in_close(&in);
    return rc;
}

int ana_store_write(const struct sim_result *r, const char *path, struct sim_err *err)
{
    char digest[ANA_DIGEST_MAX], seal[ANA_SEAL_LEN + 1];
    struct written w = {r, path, digest};
    struct ana_file f = ANA_FILE_INIT;
    void *image = NULL;
    size_t n;
    int rc;

    rc = check_result(&w, err);
    if (rc != 0)
        return rc;
    ana_store_digest(r, digest);
    rc = ana_image_make(r, path, digest, &image, &n, err);
    if (rc == 0)
        rc = ana_file_open(&f, path, err);
    if (rc == 0) {
        ana_seal_make(image, n, seal);
        rc = ana_file_add(&f, image, n, err);
    }
    free(image);
    if (rc == 0)
        rc = ana_file_add(&f, seal, ANA_SEAL_LEN, err);
    if (rc == 0)
        rc = ana_file_finish(&f, check_written, &w, err);
    if (rc == 0)
        rc = ana_file_name(&f, err);
    ana_file_drop(&f);
    return rc;
}

int ana_store_bytes(const struct sim_result *r, size_t *bytes, struct sim_err *err)
{
    struct written w = {r, "the result", NULL};
    char digest[ANA_DIGEST_MAX] = "";
    void *image = NULL;
    int rc = check_result(&w, err);

    if (rc == 0)
        rc = ana_image_make(r, w.path, digest, &image, bytes, err);
    free(image);
    if (rc == 0)
        *bytes += ANA_SEAL_LEN;
    return rc;
}

#define TEXT_OF(x) #x
#define VERSION(a, b, c) TEXT_OF(a) "." TEXT_OF(b) "." TEXT_OF(c)
const char *ana_store_library(void)
{
    return VERSION(H5_VERS_MAJOR, H5_VERS_MINOR, H5_VERS_RELEASE);
}
