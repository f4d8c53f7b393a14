#include "analysis/store_inner.h"

#include <hdf5_hl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    NAME_MAX_LEN = 160,
    WHY_MAX = 200,
    CHUNK_MAX = 1 << 20, /* the library's chunk cache holds one */
    CHUNK_SIDE_MIN = 32,
    LONG_AXIS = 1 << 20, /* points; longer ones are packed */
    GROW = 16 << 20
};

struct writer {
    const struct sim_result *r;
    const char *path;
    struct sim_err *err;
    const char *digest;
    hid_t file, text; /* text: type of variable-length UTF-8 */
    hid_t link;       /* property list: UTF-8 names */
    hid_t *scale;     /* [n_axis] */
};

void ana_hdf5_begin(void)
{
    (void)H5dont_atexit(); /* fails when called again, which is no harm */
    (void)H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    (void)H5PLset_loading_state(0);
}

struct why {
    char *to;
    size_t n;
};

static herr_t take_first(unsigned n, const H5E_error2_t *e, void *ctx)
{
    struct why *w = ctx;

    if (n == 0 && e->desc)
        snprintf(w->to, w->n, "%s", e->desc);
    return 0;
}

const char *ana_hdf5_why(char *why, size_t n)
{
    struct why w = {why, n};

    snprintf(why, n, "the HDF5 library refused");
    (void)H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, take_first, &w);
    return why;
}

hid_t ana_hdf5_type(enum sim_type t)
{
    switch (t) {
    case SIM_F64:
        return H5T_IEEE_F64LE;
    case SIM_F32:
        return H5T_IEEE_F32LE;
    case SIM_I64:
        return H5T_STD_I64LE;
    case SIM_I32:
        return H5T_STD_I32LE;
    case SIM_I8:
        return H5T_STD_I8LE;
    }
    return -1;
}

int ana_store_own_attr(const char *name)
{
    return strcmp(name, "Conventions") == 0 || strcmp(name, "format") == 0 ||
           strcmp(name, "digest") == 0;
}

static int fault(const struct writer *w, const char *what, const char *name)
{
    char why[WHY_MAX];

    return sim_err_add(w->err, SIM_ERUN, "%s: cannot store %s %s: %s", w->path, what, name,
                       ana_hdf5_why(why, sizeof why));
}

static int put_text(const struct writer *w, hid_t at, const char *name, const char *value)
{
    hid_t space = H5Screate(H5S_SCALAR);
    hid_t attr = H5Acreate2(at, name, w->text, space, H5P_DEFAULT, H5P_DEFAULT);
    int rc = attr < 0 || H5Awrite(attr, w->text, &value) < 0 ? fault(w, "attribute", name) : 0;

    H5Aclose(attr);
    H5Sclose(space);
    return rc;
}

static int put_some_text(const struct writer *w, hid_t at, const char *name, const char *value)
{
    return value && *value ? put_text(w, at, name, value) : 0;
}

static int put_values(const struct writer *w, hid_t at, const char *name, hid_t type, hsize_t n,
                      const void *value)
{
    hid_t space = H5Screate_simple(1, &n, NULL);
    hid_t attr = H5Acreate2(at, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    int rc = attr < 0 || H5Awrite(attr, type, value) < 0 ? fault(w, "attribute", name) : 0;

    H5Aclose(attr);
    H5Sclose(space);
    return rc;
}

static int is_date(const char *units)
{
    return units && strncmp(units, "days since ", 11) == 0;
}

static int put_meaning(const struct writer *w, hid_t at, const char *long_name, const char *units)
{
    int rc = put_some_text(w, at, "long_name", long_name);

    if (rc == 0)
        rc = put_some_text(w, at, "units", units);
    if (rc == 0 && is_date(units))
        rc = put_text(w, at, "calendar", "proleptic_gregorian");
    return rc;
}

/* ---- datasets ---- */

static void chunk_split(hsize_t chunk[], int i, size_t *bytes)
{
    size_t rest = *bytes / chunk[i];
    hsize_t most = CHUNK_MAX / rest ? CHUNK_MAX / rest : 1;
    hsize_t parts = (chunk[i] + most - 1) / most;

    chunk[i] = (chunk[i] + parts - 1) / parts;
    *bytes = rest * chunk[i];
}

/* At most 1 MiB: first by scenario and run, then by the innermost long axis (things, so that a
 * series stays whole), then by any. */
static void chunk_shape(const struct writer *w, const struct sim_column *c, hsize_t chunk[])
{
    size_t bytes = sim_type_size(c->type);
    int i, pass;

    for (i = 0; i < c->n_axis; i++)
        bytes *= chunk[i] = w->r->axis[c->axis[i]].n;
    for (i = 0; i < c->n_axis && bytes > CHUNK_MAX; i++) {
        const char *name = w->r->axis[c->axis[i]].name;

        if (strcmp(name, "scenario") == 0 || strcmp(name, "run") == 0)
            chunk_split(chunk, i, &bytes);
    }
    for (pass = 0; pass < 2; pass++)
        for (i = c->n_axis - 1; i >= 0 && bytes > CHUNK_MAX; i--)
            if (pass == 1 || chunk[i] >= CHUNK_SIDE_MIN)
                chunk_split(chunk, i, &bytes);
}

static int pack(hid_t p, int rank, const hsize_t chunk[])
{
    return H5Pset_chunk(p, rank, chunk) < 0 || H5Pset_shuffle(p) < 0 || H5Pset_deflate(p, 1) < 0 ||
           H5Pset_fletcher32(p) < 0;
}

/* n: points of an axis of numbers, else 0. */
static int properties(const struct writer *w, const struct sim_column *c, hsize_t n, hid_t *to)
{
    const float nan32 = NAN;
    const double nan64 = NAN;
    hsize_t chunk[SIM_MAX_AXES];
    hid_t p = H5Pcreate(H5P_DATASET_CREATE);
    int bad = H5Pset_obj_track_times(p, 0) < 0;

    if (c && c->type == SIM_F32)
        bad |= H5Pset_fill_value(p, H5T_IEEE_F32LE, &nan32) < 0;
    if (c && c->type == SIM_F64)
        bad |= H5Pset_fill_value(p, H5T_IEEE_F64LE, &nan64) < 0;
    if (c && sim_column_n(w->r, c) * sim_type_size(c->type) > ANA_STORE_PLAIN_MAX) {
        chunk_shape(w, c, chunk);
        bad |= pack(p, c->n_axis, chunk);
    }
    if (n > LONG_AXIS) {
        chunk[0] = CHUNK_MAX / sizeof(double);
        bad |= pack(p, 1, chunk);
    }
    *to = p;
    return bad ? fault(w, "properties of", c ? c->name : "a dataset") : 0;
}

/* Makes, fills and leaves open. */
static int put_set(const struct writer *w, hid_t at, const char *name, hid_t type, int rank,
                   const hsize_t dims[], const struct sim_column *c, const void *data, hid_t *set)
{
    hid_t space = rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(rank, dims, NULL);
    hid_t prop = -1;
    int rc = properties(w, c, !c && rank == 1 && type == H5T_IEEE_F64LE ? dims[0] : 0, &prop);

    *set = -1;
    if (rc == 0) {
        *set = H5Dcreate2(at, name, type, space, w->link, prop, H5P_DEFAULT);
        if (*set < 0 || (H5Sget_simple_extent_npoints(space) > 0 &&
                         H5Dwrite(*set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0))
            rc = fault(w, "values of", name);
    }
    H5Pclose(prop);
    H5Sclose(space);
    return rc;
}

/* Text or numbers along one axis. */
static int put_line(const struct writer *w, const char *name, size_t n, const char *const *label,
                    const double *value, hid_t *set)
{
    const hsize_t dims = n;

    return put_set(w, w->file, name, label ? w->text : H5T_IEEE_F64LE, 1, &dims, NULL,
                   label ? (const void *)label : value, set);
}

/* ---- names ---- */

static int name_uses(const struct sim_result *r, const char *name)
{
    int i, j, n = strcmp(name, ANA_STORE_INPUT) == 0;

    for (i = 0; i < r->n_axis; i++) {
        n += strcmp(r->axis[i].name, name) == 0;
        for (j = 0; j < r->axis[i].n_coord; j++)
            n += strcmp(r->axis[i].coord[j].name, name) == 0;
    }
    for (i = 0; i < r->n_column; i++)
        n += strcmp(r->column[i].name, name) == 0;
    return n;
}

/* A coordinate's name in the file: its own where nothing else has it, else after its axis. */
static void coord_name(const struct sim_result *r, int axis, int coord, char to[NAME_MAX_LEN])
{
    const char *name = r->axis[axis].coord[coord].name;

    if (name_uses(r, name) > 1)
        snprintf(to, NAME_MAX_LEN, "%s_%s", r->axis[axis].name, name);
    else
        snprintf(to, NAME_MAX_LEN, "%s", name);
}

/* ---- parts of the file ---- */

static int put_coord(const struct writer *w, int axis, int coord)
{
    const struct sim_axis *a = &w->r->axis[axis];
    const struct sim_coord *x = &a->coord[coord];
    const double nan64 = NAN;
    char name[NAME_MAX_LEN];
    hid_t set = -1;
    int rc;

    coord_name(w->r, axis, coord, name);
    rc = put_line(w, name, a->n, x->label, x->value, &set);
    if (rc == 0)
        rc = put_meaning(w, set, x->long_name, x->units);
    if (rc == 0 && x->value)
        rc = put_values(w, set, "_FillValue", H5T_IEEE_F64LE, 1, &nan64);
    if (rc == 0)
        rc = put_text(w, set, "coordinate_of", a->name);
    if (rc == 0 && strcmp(name, x->name) != 0)
        rc = put_text(w, set, "coordinate_name", x->name);
    if (rc == 0 && H5DSattach_scale(set, w->scale[axis], 0) < 0)
        rc = fault(w, "axis of", name);
    H5Dclose(set);
    return rc;
}

static int put_axis(const struct writer *w, int axis)
{
    const struct sim_axis *a = &w->r->axis[axis];
    hid_t *set = &w->scale[axis];
    int rc, i;

    rc = put_line(w, a->name, a->n, a->label, a->value, set);
    if (rc == 0 && H5DSset_scale(*set, a->name) < 0)
        rc = fault(w, "axis", a->name);
    if (rc == 0)
        rc = put_meaning(w, *set, a->long_name, a->units);
    if (rc == 0 && is_date(a->units))
        rc = put_text(w, *set, "standard_name", "time");
    if (rc == 0 && is_date(a->units))
        rc = put_text(w, *set, "axis", "T");
    for (i = 0; i < a->n_coord && rc == 0; i++)
        rc = put_coord(w, axis, i);
    return rc;
}

static int put_flags(const struct writer *w, hid_t set, const char *meanings)
{
    signed char value[128];
    hsize_t n = 0;
    const char *p;

    for (p = meanings; *p; p++)
        if (*p != ' ' && (p == meanings || p[-1] == ' ') && n < 128) {
            value[n] = (signed char)n;
            n++;
        }
    if (put_values(w, set, "flag_values", H5T_STD_I8LE, n, value) != 0)
        return SIM_ERUN;
    return put_text(w, set, "flag_meanings", meanings);
}

/* The names of a column's axes, or of the coordinates on them, separated by blanks. */
static char *names_of(const struct sim_result *r, const struct sim_column *c, int coords)
{
    char name[NAME_MAX_LEN];
    char *to = calloc(1, SIM_MAX_AXES * (1 + SIM_MAX_COORDS) * NAME_MAX_LEN);
    size_t n = 0;
    int i, j;

    for (i = 0; to && i < c->n_axis; i++) {
        const struct sim_axis *a = &r->axis[c->axis[i]];

        for (j = 0; j < (coords ? a->n_coord : 1); j++) {
            if (coords)
                coord_name(r, c->axis[i], j, name);
            n += (size_t)sprintf(to + n, "%s%s", n ? " " : "", coords ? name : a->name);
        }
    }
    return to;
}

static int put_names(const struct writer *w, hid_t set, const struct sim_column *c)
{
    char *axes = names_of(w->r, c, 0), *coords = names_of(w->r, c, 1);
    int rc = axes && coords ? 0 : sim_err_add(w->err, SIM_ENOMEM, "%s: out of memory", w->path);

    if (rc == 0)
        rc = put_some_text(w, set, "coordinates", coords);
    if (rc == 0)
        rc = put_some_text(w, set, "axes", axes);
    free(axes);
    free(coords);
    return rc;
}

static int put_column(const struct writer *w, const struct sim_column *c)
{
    const float nan32 = NAN;
    const double nan64 = NAN;
    hsize_t dims[SIM_MAX_AXES];
    hid_t set = -1;
    int rc, i;

    for (i = 0; i < c->n_axis; i++)
        dims[i] = w->r->axis[c->axis[i]].n;
    rc = put_set(w, w->file, c->name, ana_hdf5_type(c->type), c->n_axis, dims, c, c->data, &set);
    if (rc == 0)
        rc = put_meaning(w, set, c->long_name, c->units);
    if (rc == 0 && c->type == SIM_F32)
        rc = put_values(w, set, "_FillValue", H5T_IEEE_F32LE, 1, &nan32);
    if (rc == 0 && c->type == SIM_F64)
        rc = put_values(w, set, "_FillValue", H5T_IEEE_F64LE, 1, &nan64);
    if (rc == 0)
        rc = put_names(w, set, c);
    if (rc == 0 && c->meanings)
        rc = put_flags(w, set, c->meanings);
    if (rc == 0 && c->keep != SIM_KEEP)
        rc = put_text(w, set, "keep", c->keep == SIM_KEEP_MEAN ? "mean" : "band");
    for (i = 0; i < c->n_axis && rc == 0; i++)
        if (H5DSattach_scale(set, w->scale[c->axis[i]], (unsigned)i) < 0)
            rc = fault(w, "axis of", c->name);
    H5Dclose(set);
    return rc;
}

static int put_inputs(const struct writer *w)
{
    hid_t prop = H5Pcreate(H5P_GROUP_CREATE), group = -1, set = -1;
    int rc = 0, i;

    if (H5Pset_link_creation_order(prop, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) < 0 ||
        H5Pset_obj_track_times(prop, 0) < 0 ||
        (group = H5Gcreate2(w->file, ANA_STORE_INPUT, w->link, prop, H5P_DEFAULT)) < 0)
        rc = fault(w, "group", ANA_STORE_INPUT);
    for (i = 0; i < w->r->n_input && rc == 0; i++) {
        rc = put_set(w, group, w->r->input[i].name, w->text, 0, NULL, NULL, &w->r->input[i].text,
                     &set);
        H5Dclose(set);
    }
    H5Gclose(group);
    H5Pclose(prop);
    return rc;
}

static int put_all(const struct writer *w)
{
    int rc, i;

    rc = put_text(w, w->file, "Conventions", "CF-1.8");
    if (rc == 0)
        rc = put_text(w, w->file, "format", ANA_STORE_FORMAT);
    for (i = 0; i < w->r->n_attr && rc == 0; i++)
        rc = put_text(w, w->file, w->r->attr[i].name, w->r->attr[i].text);
    if (rc == 0)
        rc = put_text(w, w->file, "digest", w->digest);
    for (i = 0; i < w->r->n_axis && rc == 0; i++)
        rc = put_axis(w, i);
    for (i = 0; i < w->r->n_column && rc == 0; i++)
        rc = put_column(w, &w->r->column[i]);
    if (rc == 0)
        rc = put_inputs(w);
    return rc;
}

/* ---- the image ---- */

static int file_create(struct writer *w)
{
    const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
    hid_t fcpl = H5Pcreate(H5P_FILE_CREATE), fapl = H5Pcreate(H5P_FILE_ACCESS);
    int bad = H5Pset_link_creation_order(fcpl, order) < 0 ||
              H5Pset_attr_creation_order(fcpl, order) < 0 || H5Pset_obj_track_times(fcpl, 0) < 0 ||
              H5Pset_fapl_core(fapl, GROW, 0) < 0;

    w->text = H5Tcopy(H5T_C_S1);
    w->link = H5Pcreate(H5P_LINK_CREATE);
    bad = bad || H5Tset_size(w->text, H5T_VARIABLE) < 0 ||
          H5Tset_cset(w->text, H5T_CSET_UTF8) < 0 ||
          H5Pset_char_encoding(w->link, H5T_CSET_UTF8) < 0;
    if (!bad)
        w->file = H5Fcreate("result.h5", H5F_ACC_TRUNC, fcpl, fapl);
    if (w->file < 0)
        bad = 1;
    if (bad)
        fault(w, "the file", "in memory");
    H5Pclose(fcpl);
    H5Pclose(fapl);
    return bad ? SIM_ERUN : 0;
}

static int image_take(const struct writer *w, void **image, size_t *n_image)
{
    ssize_t n;

    if (H5Fflush(w->file, H5F_SCOPE_GLOBAL) < 0 || (n = H5Fget_file_image(w->file, NULL, 0)) < 0)
        return fault(w, "the file", "in memory");
    *image = malloc((size_t)n);
    if (!*image)
        return sim_err_add(w->err, SIM_ENOMEM, "%s: out of memory for %zd bytes of the file",
                           w->path, n);
    if (H5Fget_file_image(w->file, *image, (size_t)n) != n) {
        free(*image);
        *image = NULL;
        return fault(w, "the file", "in memory");
    }
    *n_image = (size_t)n;
    return 0;
}

int ana_image_make(const struct sim_result *r, const char *path, const char digest[ANA_DIGEST_MAX],
                   void **image, size_t *n, struct sim_err *err)
{
    struct writer w = {.r = r, .path = path, .err = err, .digest = digest, .file = -1};
    int rc, i;

    *image = NULL;
    *n = 0;
    ana_hdf5_begin();
    w.scale = calloc((size_t)r->n_axis + 1, sizeof *w.scale);
    if (!w.scale)
        return sim_err_add(err, SIM_ENOMEM, "%s: out of memory", path);
    for (i = 0; i < r->n_axis; i++)
        w.scale[i] = -1;
    rc = file_create(&w);
    if (rc == 0)
        rc = put_all(&w);
    for (i = 0; i < r->n_axis; i++)
        H5Dclose(w.scale[i]);
    free(w.scale);
    if (rc == 0)
        rc = image_take(&w, image, n);
    H5Fclose(w.file);
    H5Tclose(w.text);
    H5Pclose(w.link);
    return rc;
}
