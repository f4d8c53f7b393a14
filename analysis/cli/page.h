/* What the page of a report is made of, as it was built: src/ of analysis/page and its style. */
#ifndef CMD_PAGE_H
#define CMD_PAGE_H

/* Ends with \0. The script is empty where there was no Node.js to build it. */
extern const char cmd_page_script[], cmd_page_style[];

#endif
