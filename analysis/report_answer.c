#include "analysis/report_inner.h"

void ana_report_answer(struct ana_report *p)
{
    ana_report_section(p, "answer", "Answer", "");
    ana_report_end(p);
}
