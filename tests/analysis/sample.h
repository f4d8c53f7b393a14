/* A small result with one of everything, for the tests of what stores, reads and exports. */
#ifndef TEST_SAMPLE_H
#define TEST_SAMPLE_H

#include "sim/result.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SAMPLE_RUN = 25, SAMPLE_WEEK = 30, SAMPLE_SITE = 7 };

/* A number that depends on i alone: uniform in 0..1. */
static inline double sample_u(uint64_t i)
{
    i += 0x9e3779b97f4a7c15u;
    i = (i ^ (i >> 30)) * 0xbf58476d1ce4e5b9u;
    i = (i ^ (i >> 27)) * 0x94d049bb133111ebu;
    return (double)((i ^ (i >> 31)) >> 11) / 9007199254740992.0;
}

static inline void sample_axes(struct sim_result *r)
{
    static const char *const scenario[] = {"baseline", "japan-2026-military"};
    static const char *const site[SAMPLE_SITE] = {"=1+1",
                                                  "\xe6\x9d\xb1\xe4\xba\xac \xf0\x9f\xa7\xb2",
                                                  "say \"so\", then\nstop",
                                                  "",
                                                  "@x",
                                                  "caf\xc3\xa9 <&>",
                                                  "\ttab"};
    static const char *const country[SAMPLE_SITE] = {"CN", "JP", "DE", "", "US", "FR", "-"};
    double run[SAMPLE_RUN], week[SAMPLE_WEEK], x[SAMPLE_SITE];
    struct sim_axis a;
    int i;

    for (i = 0; i < SAMPLE_RUN; i++)
        run[i] = i;
    for (i = 0; i < SAMPLE_WEEK; i++)
        week[i] = 7.0 * i;
    for (i = 0; i < SAMPLE_SITE; i++)
        x[i] = i == 2 ? (double)NAN : 0.1 * i;
    sim_result_axis(r, &(struct sim_axis){
                           .name = "scenario", .long_name = "scenario", .n = 2, .label = scenario});
    sim_result_axis(r, &(struct sim_axis){.name = "run",
                                          .long_name = "number of the run",
                                          .units = "1",
                                          .n = SAMPLE_RUN,
                                          .value = run});
    sim_result_axis(r, &(struct sim_axis){.name = "week",
                                          .long_name = "first day of the week",
                                          .units = "days since 2026-01-06 00:00:00",
                                          .n = SAMPLE_WEEK,
                                          .value = week});
    a = (struct sim_axis){
        .name = "site", .long_name = "site", .n = SAMPLE_SITE, .label = site, .n_coord = 4};
    a.coord[0] = (struct sim_coord){.name = "country", .long_name = "country", .label = country};
    a.coord[1] =
        (struct sim_coord){.name = "x", .long_name = "east", .units = "degrees_east", .value = x};
    a.coord[2] = (struct sim_coord){.name = "week", .long_name = "opens", .units = "1", .value = x};
    a.coord[3] = (struct sim_coord){.name = "since",
                                    .long_name = "opened",
                                    .units = "days since 2026-01-06 00:00:00",
                                    .value = x};
    sim_result_axis(r, &a);
    sim_result_axis(
        r, &(struct sim_axis){.name = "rule", .long_name = "rules: none", .n = 0, .label = site});
}

static inline int sample_column(struct sim_result *r, const char *name, const char *axes,
                                enum sim_type type, enum sim_keep keep, const char *units)
{
    int c = sim_result_column(r, name, axes, type, keep, units, "a column of the sample");
    void *data = r->column[c].data;
    size_t n = sim_column_n(r, &r->column[c]), i;

    for (i = 0; i < n; i++) {
        double u = sample_u(i + 1000003u * (uint64_t)c);

        if (type == SIM_F64)
            ((double *)data)[i] = u < 0.1 ? (double)NAN : u;
        else if (type == SIM_F32)
            ((float *)data)[i] = (float)(u < 0.5 ? 0.0 : floor(1000.0 * u) / 8.0);
        else if (type == SIM_I64)
            ((int64_t *)data)[i] = (int64_t)(9e18 * (u - 0.5));
        else if (type == SIM_I32)
            ((int32_t *)data)[i] = (int32_t)(4e9 * (u - 0.5));
        else
            ((int8_t *)data)[i] = (int8_t)(i % 3);
    }
    return c;
}

/* Fills a zeroed result; free it with sim_result_free. */
static inline void sample_fill(struct sim_result *r)
{
    double *f64;
    int c;

    sample_axes(r);
    sim_result_attr(r, "title", "%s", "S\xc3\xa4mple, \"quoted\"");
    sim_result_attr(r, "start", "%s", "2026-01-06");
    sim_result_attr(r, "nothing", "%s", "");
    sim_result_input(r, "sites.csv", "id,name\na,b\n");
    sim_result_input(r, "base line.cfg", "");
    c = sample_column(r, "run_status", "scenario run", SIM_I8, SIM_KEEP, "1");
    r->column[c].meanings = "missing done failed";
    sample_column(r, "lost", "scenario run site", SIM_I64, SIM_KEEP, "mg");
    sample_column(r, "starts", "scenario run week site", SIM_I32, SIM_KEEP, "1");
    sample_column(r, "series", "scenario run week site", SIM_F32, SIM_KEEP_MEAN, "kg");
    c = sample_column(r, "cover_d", "scenario run week site", SIM_F64, SIM_KEEP_BAND, "d");
    f64 = r->column[c].data;
    f64[0] = -0.0;
    f64[1] = INFINITY;
    f64[2] = 5e-324;
    sample_column(r, "first_stop", "scenario run site", SIM_F64, SIM_KEEP,
                  "days since 2026-01-06 00:00:00");
    sample_column(r, "blocked", "scenario rule", SIM_F64, SIM_KEEP, "1");
    sample_column(r, "alone", "", SIM_I32, SIM_KEEP, "1");
}

/* A fresh folder under TMPDIR or /tmp; its name in to[256]. Removed by sample_remove. */
static inline void sample_folder(char to[256])
{
    const char *tmp = getenv("TMPDIR");

    snprintf(to, 256, "%s/lodestone-test-XXXXXX", tmp && strlen(tmp) < 200 ? tmp : "/tmp");
    if (!mkdtemp(to))
        abort();
}

static inline int sample_shell(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static inline int sample_shell(const char *fmt, ...)
{
    char cmd[2048];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(cmd, sizeof cmd, fmt, ap);
    va_end(ap);
    return system(cmd);
}

static inline void sample_remove(const char *folder)
{
    if (sample_shell("rm -rf '%s'", folder) != 0)
        abort();
}

/* The bytes of a file, malloc'd; NULL when it cannot be read. */
static inline char *sample_bytes(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    char *p = NULL;
    long size;

    *n = 0;
    if (!f)
        return NULL;
    if (fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) >= 0) {
        rewind(f);
        p = malloc((size_t)size + 1);
        *n = p ? fread(p, 1, (size_t)size, f) : 0;
        if (p)
            p[*n] = '\0';
    }
    fclose(f);
    return p;
}

static inline void sample_put(const char *path, const char *p, size_t n)
{
    FILE *f = fopen(path, "wb");

    if (!f || fwrite(p, 1, n, f) != n || fclose(f) != 0)
        abort();
}

/* A folder and a file in it, for each test. */
struct sample_place {
    char dir[256], path[300];
    struct sim_err err;
};

static inline int sample_set_up(void **state)
{
    struct sample_place *p = calloc(1, sizeof *p);

    if (!p)
        abort();
    sample_folder(p->dir);
    snprintf(p->path, sizeof p->path, "%s/out.h5", p->dir);
    *state = p;
    return 0;
}

static inline int sample_tear_down(void **state)
{
    struct sample_place *p = *state;

    sample_remove(p->dir);
    sim_err_free(&p->err);
    free(p);
    return 0;
}

/* Entries of a folder. */
static inline int sample_count(const char *dir)
{
    return sample_shell("exit $(ls -A '%s' | wc -l)", dir) >> 8;
}

#endif
