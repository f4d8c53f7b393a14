#include "analysis/store_inner.h"

#include <hdf5_hl.h>
#include <stdlib.h>
#include <string.h>

enum {
    WHY_MAX = 200,
    NAME_LEN_MAX = 255,
    RATIO_MAX = 1100,      /* deflate gives at most 1,032 bytes for one */
    CHUNK_BYTES = 4 << 20, /* of a chunk, at most */
    CACHE_BYTES = 8 << 20
};

/* What one dataset is, as far as its header tells. */
struct shape {
    int rank;
    hsize_t dims[SIM_MAX_AXES];
    int is_text;
    enum sim_type type; /* unless is_text */
    hsize_t bytes;      /* of all values; of the pointers for text */
};

/* While axes and coordinates are gathered. */
struct axes {
    struct sim_arena arena;
    struct sim_axis *axis;
    int n;
};

static int damage(const struct ana_store_in *in, const char *name, const char *what,
                  struct sim_err *err)
{
    return sim_err_add(err, SIM_ERUN, "%s: damaged, or not a Lodestone result: %s: %s", in->path,
                       name, what);
}

static int fault(const struct ana_store_in *in, const char *name, struct sim_err *err)
{
    char why[WHY_MAX];

    return damage(in, name, ana_hdf5_why(why, sizeof why), err);
}

/* ---- text attributes ---- */

static int attr_read(const struct ana_store_in *in, hid_t attr, const char *name,
                     struct sim_arena *to, char **text, struct sim_err *err)
{
    hid_t type = H5Aget_type(attr), space = H5Aget_space(attr);
    char *got = NULL;
    int rc = 0;

    if (H5Tget_class(type) != H5T_STRING || H5Tis_variable_str(type) <= 0 ||
        H5Sget_simple_extent_type(space) != H5S_SCALAR)
        rc = damage(in, name, "is not one text", err);
    else if (H5Aread(attr, type, &got) < 0)
        rc = fault(in, name, err);
    else {
        *text = sim_arena_copy(to, got ? got : "", got ? strlen(got) : 0);
        H5free_memory(got);
    }
    H5Sclose(space);
    H5Tclose(type);
    return rc;
}

/* *text stays NULL where there is no such attribute. */
static int attr_text(const struct ana_store_in *in, hid_t at, const char *name,
                     struct sim_arena *to, const char **text, struct sim_err *err)
{
    htri_t there = H5Aexists(at, name);
    char *got = NULL;
    hid_t attr;
    int rc;

    *text = NULL;
    if (there == 0)
        return 0;
    if (there < 0 || (attr = H5Aopen(at, name, H5P_DEFAULT)) < 0)
        return fault(in, name, err);
    rc = attr_read(in, attr, name, to, &got, err);
    *text = got;
    H5Aclose(attr);
    return rc;
}

static int root_attr(struct ana_store_in *in, hsize_t i, struct sim_arena *tmp, struct sim_err *err)
{
    hid_t attr =
        H5Aopen_by_idx(in->file, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, H5P_DEFAULT, H5P_DEFAULT);
    char name[NAME_LEN_MAX + 1] = "", *text = NULL;
    int rc;

    if (attr < 0 || H5Aget_name(attr, sizeof name, name) < 0)
        rc = fault(in, "root attribute", err);
    else
        rc = attr_read(in, attr, name, tmp, &text, err);
    if (rc == 0 && !ana_store_own_attr(name))
        sim_result_attr(&in->r, name, "%s", text);
    if (rc == 0 && strcmp(name, "digest") == 0)
        snprintf(in->digest, sizeof in->digest, "%s", text);
    if (rc == 0 && strcmp(name, "format") == 0 && strcmp(text, ANA_STORE_FORMAT) != 0)
        rc = sim_err_add(err, SIM_ERUN, "%s: its format is '%s', this program reads '%s'", in->path,
                         text, ANA_STORE_FORMAT);
    H5Aclose(attr);
    return rc;
}

static int root_attrs(struct ana_store_in *in, struct sim_arena *tmp, struct sim_err *err)
{
    H5O_info_t info;
    hsize_t i;
    int rc = 0;

    if (H5Aexists(in->file, "format") <= 0 || H5Aexists(in->file, "digest") <= 0)
        return sim_err_add(err, SIM_ERUN, "%s: not a Lodestone result: no format and digest",
                           in->path);
    if (H5Oget_info2(in->file, &info, H5O_INFO_NUM_ATTRS) < 0)
        return fault(in, "root attributes", err);
    if (info.num_attrs > ANA_STORE_MAX_ITEMS)
        return damage(in, "root attributes", "too many", err);
    for (i = 0; i < info.num_attrs && rc == 0; i++)
        rc = root_attr(in, i, tmp, err);
    return rc;
}

/* ---- datasets ---- */

static int type_of(hid_t type, struct shape *s)
{
    int t;

    s->is_text = H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) > 0;
    if (s->is_text)
        return 0;
    for (t = SIM_F64; t <= SIM_I8; t++)
        if (H5Tequal(type, ana_hdf5_type((enum sim_type)t)) > 0) {
            s->type = (enum sim_type)t;
            return 0;
        }
    return -1;
}

/* Nothing of a dataset is read before this has passed. */
static int storage_ok(hid_t set, const struct shape *s, off_t file_size)
{
    hid_t prop = H5Dget_create_plist(set);
    H5D_layout_t layout = H5Pget_layout(prop);
    hsize_t chunk[SIM_MAX_AXES], bytes = s->is_text ? 16 : sim_type_size(s->type);
    hsize_t held = H5Dget_storage_size(set);
    int ok = H5Pget_external_count(prop) == 0, n = H5Pget_nfilters(prop), i;

    if (layout == H5D_CHUNKED) {
        ok = ok && !s->is_text && H5Pget_chunk(prop, SIM_MAX_AXES, chunk) == s->rank;
        for (i = 0; ok && i < s->rank; i++) {
            ok = chunk[i] > 0 && chunk[i] <= CHUNK_BYTES;
            bytes = ok ? bytes * chunk[i] : 0;
            ok = ok && bytes <= CHUNK_BYTES;
        }
        ok = ok && s->bytes / RATIO_MAX <= held;
    } else {
        ok = ok && layout == H5D_CONTIGUOUS && n == 0 && s->bytes == held;
    }
    ok = ok && held <= (hsize_t)file_size;
    for (i = 0; ok && i < n; i++) {
        unsigned flags, config;
        size_t n_cd = 0;
        H5Z_filter_t f = H5Pget_filter2(prop, (unsigned)i, &flags, &n_cd, NULL, 0, NULL, &config);

        ok = f == H5Z_FILTER_DEFLATE || f == H5Z_FILTER_SHUFFLE || f == H5Z_FILTER_FLETCHER32;
    }
    H5Pclose(prop);
    return ok;
}

static int shape_of(const struct ana_store_in *in, hid_t set, const char *name, struct shape *s,
                    struct sim_err *err)
{
    hid_t space = H5Dget_space(set), type = H5Dget_type(set);
    int rc = 0, i;

    *s = (struct shape){.rank = H5Sget_simple_extent_ndims(space)};
    if (s->rank < 0 || s->rank > SIM_MAX_AXES || H5Sis_simple(space) <= 0 ||
        H5Sget_simple_extent_type(space) == H5S_NULL)
        rc = damage(in, name, "has a shape no column has", err);
    else if (H5Sget_simple_extent_dims(space, s->dims, NULL) < 0)
        rc = fault(in, name, err);
    else if (type_of(type, s) != 0)
        rc = damage(in, name, "has a type no column has", err);
    if (rc == 0)
        s->bytes = s->is_text ? 16 : sim_type_size(s->type);
    for (i = 0; rc == 0 && i < s->rank; i++)
        if (s->dims[i] > ANA_STORE_MAX_AXIS ||
            __builtin_mul_overflow(s->bytes, s->dims[i], &s->bytes) || s->bytes > INT64_MAX)
            rc = damage(in, name, "is too large", err);
    if (rc == 0 && !storage_ok(set, s, in->size))
        rc = damage(in, name, "is stored in a way this program does not use", err);
    H5Tclose(type);
    H5Sclose(space);
    return rc;
}

static int read_labels(const struct ana_store_in *in, hid_t set, const char *name, size_t n,
                       struct sim_arena *to, const char *const **label, struct sim_err *err)
{
    hid_t type = H5Dget_type(set), space = H5Dget_space(set);
    char **got = calloc(n + 1, sizeof *got);
    const char **out = sim_arena_alloc(to, n, sizeof *out);
    size_t i;
    int rc = 0;

    if (!got)
        rc = sim_err_add(err, SIM_ENOMEM, "%s: out of memory", in->path);
    else if (n > 0 && H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, got) < 0)
        rc = fault(in, name, err);
    for (i = 0; i < n && rc == 0; i++)
        out[i] = sim_arena_copy(to, got[i] ? got[i] : "", got[i] ? strlen(got[i]) : 0);
    if (got && n > 0)
        H5Dvlen_reclaim(type, space, H5P_DEFAULT, got);
    free(got);
    H5Sclose(space);
    H5Tclose(type);
    *label = out;
    return rc;
}

/* Labels or numbers along an axis. */
static int read_line(const struct ana_store_in *in, hid_t set, const char *name, size_t *n,
                     struct sim_arena *to, const char *const **label, const double **value,
                     struct sim_err *err)
{
    struct shape s;
    double *x;
    int rc = shape_of(in, set, name, &s, err);

    if (rc != 0)
        return rc;
    if (s.rank != 1 || (!s.is_text && s.type != SIM_F64))
        return damage(in, name, "is not a line of names or numbers", err);
    *n = (size_t)s.dims[0];
    if (s.is_text)
        return read_labels(in, set, name, *n, to, label, err);
    x = sim_arena_alloc(to, *n, sizeof *x);
    *value = x;
    if (*n > 0 && H5Dread(set, H5T_IEEE_F64LE, H5S_ALL, H5S_ALL, H5P_DEFAULT, x) < 0)
        return fault(in, name, err);
    return 0;
}

/* ---- axes ---- */

static int add_axis(const struct ana_store_in *in, struct axes *x, hid_t set, const char *name,
                    struct sim_err *err)
{
    struct sim_axis *a = &x->axis[x->n];
    int rc;

    *a = (struct sim_axis){.name = sim_arena_copy(&x->arena, name, strlen(name))};
    rc = read_line(in, set, name, &a->n, &x->arena, &a->label, &a->value, err);
    if (rc == 0)
        rc = attr_text(in, set, "long_name", &x->arena, &a->long_name, err);
    if (rc == 0)
        rc = attr_text(in, set, "units", &x->arena, &a->units, err);
    x->n++;
    return rc;
}

static int add_coord(const struct ana_store_in *in, struct axes *x, hid_t set, const char *name,
                     const char *of, struct sim_err *err)
{
    const int most = (int)(sizeof x->axis->coord / sizeof *x->axis->coord);
    struct sim_axis *a = NULL;
    struct sim_coord *c;
    size_t n = 0;
    int rc, i;

    for (i = 0; i < x->n; i++)
        if (strcmp(x->axis[i].name, of) == 0)
            a = &x->axis[i];
    if (!a || a->n_coord == most)
        return damage(in, name, "belongs to no axis", err);
    c = &a->coord[a->n_coord++];
    rc = read_line(in, set, name, &n, &x->arena, &c->label, &c->value, err);
    if (rc == 0 && n != a->n)
        rc = damage(in, name, "is not as long as its axis", err);
    if (rc == 0)
        rc = attr_text(in, set, "long_name", &x->arena, &c->long_name, err);
    if (rc == 0)
        rc = attr_text(in, set, "units", &x->arena, &c->units, err);
    if (rc == 0)
        rc = attr_text(in, set, "coordinate_name", &x->arena, &c->name, err);
    if (!c->name)
        c->name = sim_arena_copy(&x->arena, name, strlen(name));
    return rc;
}

/* ---- columns ---- */

static int column_axes(struct ana_store_in *in, struct sim_column *c, const struct shape *s,
                       const char *axes, struct sim_err *err)
{
    char *copy = sim_arena_copy(&in->r.arena, axes ? axes : "", axes ? strlen(axes) : 0);
    char *word, *rest = NULL;

    for (word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        int i = sim_result_find_axis(&in->r, word);

        if (i < 0 || c->n_axis == s->rank || in->r.axis[i].n != s->dims[c->n_axis])
            return damage(in, c->name, "does not fit its axes", err);
        c->axis[c->n_axis++] = i;
    }
    return c->n_axis == s->rank ? 0 : damage(in, c->name, "does not fit its axes", err);
}

static int add_column(struct ana_store_in *in, hid_t set, const char *name, struct sim_err *err)
{
    struct sim_arena *a = &in->r.arena;
    struct sim_column *c = &in->r.column[in->r.n_column];
    const char *axes = NULL, *keep = NULL;
    struct shape s;
    int rc = shape_of(in, set, name, &s, err);

    if (rc == 0 && s.is_text)
        rc = damage(in, name, "is text, but no axis", err);
    if (rc != 0)
        return rc;
    *c = (struct sim_column){.name = sim_arena_copy(a, name, strlen(name)), .type = s.type};
    rc = attr_text(in, set, "long_name", a, &c->long_name, err);
    if (rc == 0)
        rc = attr_text(in, set, "units", a, &c->units, err);
    if (rc == 0)
        rc = attr_text(in, set, "flag_meanings", a, &c->meanings, err);
    if (rc == 0)
        rc = attr_text(in, set, "keep", a, &keep, err);
    if (rc == 0)
        rc = attr_text(in, set, "axes", a, &axes, err);
    if (rc == 0)
        rc = column_axes(in, c, &s, axes, err);
    if (keep)
        c->keep = strcmp(keep, "mean") == 0 ? SIM_KEEP_MEAN : SIM_KEEP_BAND;
    in->r.n_column++;
    return rc;
}

/* ---- the tree ---- */

/* One pass over the datasets of the root: first axes and coordinates (x not NULL), then columns. */
static int root_set(struct ana_store_in *in, struct axes *x, const char *name, struct sim_err *err)
{
    const char *of = NULL;
    struct sim_arena tmp = {0};
    hid_t set = H5Dopen2(in->file, name, H5P_DEFAULT);
    htri_t scale;
    int rc;

    if (set < 0)
        return fault(in, name, err);
    scale = H5DSis_scale(set);
    rc = attr_text(in, set, "coordinate_of", &tmp, &of, err);
    if (rc == 0 && scale < 0)
        rc = fault(in, name, err);
    if (rc == 0 && x && scale > 0)
        rc = add_axis(in, x, set, name, err);
    else if (rc == 0 && x && of)
        rc = add_coord(in, x, set, name, of, err);
    else if (rc == 0 && !x && scale == 0 && !of)
        rc = add_column(in, set, name, err);
    sim_arena_free(&tmp);
    H5Dclose(set);
    return rc;
}

static int add_input(struct ana_store_in *in, const char *name, struct sim_err *err)
{
    char path[sizeof ANA_STORE_INPUT + NAME_LEN_MAX + 1];
    struct sim_arena tmp = {0};
    const char *const *text = NULL;
    struct shape s;
    hid_t set;
    int rc;

    snprintf(path, sizeof path, "%s/%s", ANA_STORE_INPUT, name);
    set = H5Dopen2(in->file, path, H5P_DEFAULT);
    if (set < 0)
        return fault(in, path, err);
    rc = shape_of(in, set, path, &s, err);
    if (rc == 0 && (s.rank != 0 || !s.is_text))
        rc = damage(in, path, "is not one text", err);
    if (rc == 0)
        rc = read_labels(in, set, path, 1, &tmp, &text, err);
    if (rc == 0)
        sim_result_input(&in->r, name, text[0]);
    sim_arena_free(&tmp);
    H5Dclose(set);
    return rc;
}

/* Calls for each entry of a group in the order it was made, datasets behind hard links only.
 * pass 0: axes, 1: columns, 2: inputs. */
static int each_entry(struct ana_store_in *in, const char *group, int pass, struct axes *x,
                      struct sim_err *err)
{
    hid_t at = H5Gopen2(in->file, group, H5P_DEFAULT);
    H5G_info_t info = {0};
    hsize_t i;
    int rc = 0;

    if (at < 0 || H5Gget_info(at, &info) < 0)
        rc = fault(in, group, err);
    else if (info.nlinks > ANA_STORE_MAX_ITEMS)
        rc = damage(in, group, "holds too much", err);
    for (i = 0; i < info.nlinks && rc == 0; i++) {
        char name[NAME_LEN_MAX + 1] = "";
        H5L_info_t link;
        H5O_info_t what;
        ssize_t n = H5Lget_name_by_idx(at, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, name,
                                       sizeof name, H5P_DEFAULT);

        if (n <= 0 || H5Lget_info(at, name, &link, H5P_DEFAULT) < 0)
            rc = fault(in, group, err);
        else if (n > NAME_LEN_MAX || link.type != H5L_TYPE_HARD)
            rc = damage(in, name, "is a link", err);
        else if (H5Oget_info_by_name2(at, name, &what, H5O_INFO_BASIC, H5P_DEFAULT) < 0)
            rc = fault(in, name, err);
        else if (pass < 2 && what.type == H5O_TYPE_GROUP && strcmp(name, ANA_STORE_INPUT) == 0)
            continue;
        else if (what.type != H5O_TYPE_DATASET)
            rc = damage(in, name, "is not a dataset", err);
        else
            rc = pass == 2 ? add_input(in, name, err) : root_set(in, x, name, err);
    }
    H5Gclose(at);
    return rc;
}

static int read_root(struct ana_store_in *in, struct sim_err *err)
{
    struct axes x = {0};
    H5G_info_t info;
    int rc, i;

    if (H5Gget_info(in->file, &info) < 0)
        return fault(in, "root", err);
    if (info.nlinks > ANA_STORE_MAX_ITEMS)
        return damage(in, "root", "holds too much", err);
    x.axis = sim_arena_alloc(&x.arena, (size_t)info.nlinks, sizeof *x.axis);
    rc = root_attrs(in, &x.arena, err);
    if (rc == 0)
        rc = each_entry(in, ".", 0, &x, err);
    for (i = 0; i < x.n && rc == 0; i++)
        sim_result_axis(&in->r, &x.axis[i]);
    sim_arena_free(&x.arena);
    in->r.column = sim_arena_alloc(&in->r.arena, (size_t)info.nlinks, sizeof *in->r.column);
    in->r.cap_column = (int)info.nlinks;
    if (rc == 0)
        rc = each_entry(in, ".", 1, NULL, err);
    if (rc == 0)
        rc = each_entry(in, ANA_STORE_INPUT, 2, NULL, err);
    return rc;
}

int ana_store_in_open(struct ana_store_in *in, const char *path, off_t size, struct sim_err *err)
{
    hid_t fapl;
    int rc = 0;

    *in = (struct ana_store_in){.path = path, .size = size, .file = -1};
    ana_hdf5_begin();
    fapl = H5Pcreate(H5P_FILE_ACCESS);
    if (H5Pset_file_locking(fapl, 0, 1) < 0 || H5Pset_fapl_sec2(fapl) < 0 ||
        (in->file = H5Fopen(path, H5F_ACC_RDONLY, fapl)) < 0)
        rc = fault(in, "the file", err);
    H5Pclose(fapl);
    if (rc == 0)
        rc = read_root(in, err);
    if (rc != 0)
        ana_store_in_close(in);
    return rc;
}

int ana_store_in_load(struct ana_store_in *in, int i, void *to, struct sim_err *err)
{
    const struct sim_column *c = &in->r.column[i];
    hid_t access = H5Pcreate(H5P_DATASET_ACCESS), set;
    int rc = 0;

    if (sim_column_n(&in->r, c) == 0) {
        H5Pclose(access);
        return 0;
    }
    if (H5Pset_chunk_cache(access, 521, CACHE_BYTES, 1.0) < 0 ||
        (set = H5Dopen2(in->file, c->name, access)) < 0)
        rc = fault(in, c->name, err);
    else {
        if (H5Dread(set, ana_hdf5_type(c->type), H5S_ALL, H5S_ALL, H5P_DEFAULT, to) < 0)
            rc = fault(in, c->name, err);
        H5Dclose(set);
    }
    H5Pclose(access);
    return rc;
}

void ana_store_in_close(struct ana_store_in *in)
{
    if (in->file >= 0)
        H5Fclose(in->file);
    in->file = -1;
    sim_result_free(&in->r);
}

/* ---- reading into a result ---- */

struct wish {
    const char *path;
    off_t size;
    const char *const *names; /* NULL: all */
    size_t n;
};

static int wished(const struct wish *w, const char *name)
{
    size_t i;

    for (i = 0; w->names && i < w->n; i++)
        if (strcmp(w->names[i], name) == 0)
            return 1;
    return !w->names;
}

/* The same reading with the values thrown away. */
static int trial(void *ctx, char *text, size_t n, struct sim_err *err)
{
    const struct wish *w = ctx;
    struct ana_store_in in;
    int rc, i;

    (void)text;
    (void)n;
    rc = ana_store_in_open(&in, w->path, w->size, err);
    if (rc != 0)
        return rc;
    for (i = 0; i < in.r.n_column && rc == 0; i++) {
        const struct sim_column *c = &in.r.column[i];
        char *buf;

        if (!wished(w, c->name))
            continue;
        buf = malloc(sim_column_n(&in.r, c) * sim_type_size(c->type) + 1);
        rc =
            buf ? ana_store_in_load(&in, i, buf, err)
                : sim_err_add(err, SIM_ENOMEM, "%s: out of memory for column %s", w->path, c->name);
        free(buf);
    }
    ana_store_in_close(&in);
    return rc;
}

static int fetch(struct sim_result *r, const struct wish *w, struct sim_err *err)
{
    struct ana_store_in in;
    int rc, i, n = 0;

    rc = ana_store_in_open(&in, w->path, w->size, err);
    if (rc != 0)
        return rc;
    for (i = 0; i < in.r.n_column && rc == 0; i++) {
        struct sim_column *c = &in.r.column[i];

        if (!wished(w, c->name))
            continue;
        c->data = sim_arena_alloc(&in.r.arena, sim_column_n(&in.r, c), sim_type_size(c->type));
        rc = ana_store_in_load(&in, i, c->data, err);
        in.r.column[n++] = *c;
    }
    if (rc == 0) {
        in.r.n_column = n;
        *r = in.r;
        in.r = (struct sim_result){0};
    }
    ana_store_in_close(&in);
    return rc;
}

int ana_store_read_columns(struct sim_result *r, const char *path, const char *const names[],
                           size_t n, enum ana_trust trust, struct sim_err *err)
{
    struct wish w = {.path = path, .names = names, .n = n};
    int rc;

    *r = (struct sim_result){0};
    rc = ana_seal_check(path, &w.size, err);
    if (rc == 0 && trust == ANA_GUARD)
        rc = ana_child_run(path, ana_child_seconds(w.size), trial, &w, NULL, 0, err);
    if (rc == 0)
        rc = fetch(r, &w, err);
    return rc;
}

int ana_store_read(struct sim_result *r, const char *path, struct sim_err *err)
{
    return ana_store_read_columns(r, path, NULL, 0, ANA_GUARD, err);
}
