/* A page of a result, and what is in its sections. */
#ifndef TEST_REPORT_PAGE_H
#define TEST_REPORT_PAGE_H

#include "analysis/report.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

struct fixture {
    struct sim_result r;
    struct ana_compare c;
    struct ana_text page;
    struct sim_err err;
};

static inline int report_tear_down(void **state)
{
    struct fixture *f = *state;

    ana_text_free(&f->page);
    ana_compare_free(&f->c);
    sim_result_free(&f->r);
    sim_err_free(&f->err);
    free(f);
    return 0;
}

/* The page of f with that script (NULL: static), of a file and with a title of that name; f owns
 * it. */
static inline const char *report_page_of(struct fixture *f, const char *file, const char *script)
{
    const struct ana_report_options o = {.title = file,
                                         .file = file,
                                         .version = "1.0",
                                         .style = "p { color: red; }",
                                         .script = script};

    ana_text_free(&f->page);
    assert_int_equal(ana_report(&f->page, &f->c, &o, &f->err), 0);
    return f->page.s;
}

static inline char *report_page(const struct sim_result *r, const struct ana_report_options *more,
                                int with_script)
{
    struct ana_report_options o = more ? *more : (struct ana_report_options){0};
    struct ana_compare c = {0};
    struct ana_text text = {0};
    struct sim_err err = SIM_ERR_INIT;

    o.file = "out.h5";
    o.version = "test";
    o.style = "";
    o.script = with_script ? "0" : NULL;
    assert_int_equal(ana_compare(&c, r, &(struct ana_compare_options){0}, &err), 0);
    assert_int_equal(ana_report(&text, &c, &o, &err), 0);
    ana_compare_free(&c);
    sim_err_free(&err);
    text.s = realloc(text.s, text.n + 1);
    text.s[text.n] = '\0';
    return text.s;
}

/* The text between two marks, the first included; NULL: it is not there. malloc'd. */
static inline char *report_cut(const char *page, const char *from, const char *until)
{
    const char *a = strstr(page, from), *b = a ? strstr(a, until) : NULL;

    return b ? strndup(a, (size_t)(b - a)) : NULL;
}

/* The data block of a section. */
static inline char *report_data(const struct sim_result *r, const struct ana_report_options *more,
                                const char *id)
{
    char from[60], *page = report_page(r, more, 1), *data;

    snprintf(from, sizeof from, "id=\"data-%s\">", id);
    data = report_cut(page, from, "</script>");
    free(page);
    return data;
}

/* A section of a page without a script. */
static inline char *report_static(const struct sim_result *r, const char *id)
{
    char from[60], *page = report_page(r, NULL, 0), *text;

    snprintf(from, sizeof from, "<section id=\"%s\">", id);
    text = report_cut(page, from, "</section>");
    free(page);
    return text;
}

static inline void report_has_(const char *text, const char *what, int line)
{
    if (text == NULL || strstr(text, what) == NULL)
        fail_msg("line %d: no %s in %s", line, what, text ? text : "nothing");
}
#define report_has(text, what) report_has_(text, what, __LINE__)

#endif
