/* Help of the commands, in three forms out of the same tables: the page of --help, the manual page
 * and the completion for bash. */
#ifndef CMD_HELP_H
#define CMD_HELP_H

#include "analysis/cli/cli.h"

enum cmd_form {
    CMD_HELP, /* what --help prints */
    CMD_MAN,  /* a part of lodestone.1, man(7) */
    CMD_BASH  /* an arm of the `case` of the completion */
};

/* "--help" and "-h", "--help=man", "--help=bash": 1 and the form; 0: the word is another. */
int cmd_help_asked(const char *word, enum cmd_form *form);
/* "lodestone run [OPTION...] SCENARIO..." */
enum { CMD_USAGE_LINE = 300 };
void cmd_help_usage(char to[CMD_USAGE_LINE], const struct cmd_usage *u);
/* CMD_HELP to any stream. */
void cmd_help_page(FILE *to, const struct cmd_usage *u);
/* Prints a command on standard output; of one with verbs, in CMD_MAN and CMD_BASH, also these. */
void cmd_help_print(const struct cmd_usage *u, enum cmd_form form);

/* All of lodestone.1, and all of the completion, for the program. */
void cmd_help_man(const struct cmd_usage *program);
void cmd_help_bash(const struct cmd_usage *program);

#endif
