#include "analysis/cli/help.h"

#include <string.h>

enum { VALUE_COLUMN = 24, VERB_COLUMN = 32 };

static const struct cmd_option help_option = {"--help", NULL, CMD_FLAG, 0, 0, 0, "this page"};

int cmd_help_asked(const char *word, enum cmd_form *form)
{
    static const struct {
        const char *word;
        enum cmd_form form;
    } words[] = {
        {"--help", CMD_HELP}, {"-h", CMD_HELP}, {"--help=man", CMD_MAN}, {"--help=bash", CMD_BASH}};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(word, words[i].word) == 0) {
            *form = words[i].form;
            return 1;
        }
    return 0;
}

/* Asks every verb for its part, by "--help=man" or "--help=bash". */
static void ask_verbs(const struct cmd_usage *u, const char *word)
{
    for (int i = 0; i < u->n_verb; i++) {
        char *argv[] = {(char *)(uintptr_t)u->verbs[i].name, (char *)(uintptr_t)word, NULL};

        u->verbs[i].run(2, argv);
    }
}

/* ---- the page of --help ---- */

static void page_option(FILE *to, const struct cmd_option *o)
{
    int used = fprintf(to, "  %s%s%s", o->name, o->arg ? " " : "", o->arg ? o->arg : "");

    if (used >= VALUE_COLUMN - 1) {
        fputc('\n', to);
        used = 0;
    }
    fprintf(to, "%*s%s\n", VALUE_COLUMN - used, "", o->help);
}

static void page_row(FILE *to, int used, const char *what)
{
    fprintf(to, "%*s%s\n", used < VERB_COLUMN ? VERB_COLUMN - used : 1, "", what);
}

static void page_verbs(FILE *to, const struct cmd_usage *u)
{
    const char *blank = *u->name ? " " : "";

    for (int i = 0; i < u->n_verb; i++)
        page_row(to, fprintf(to, "  %s %s", u->verbs[i].name, u->verbs[i].operands),
                 u->verbs[i].what);
    page_row(to,
             fprintf(to, "\n  lodestone%s%s %.*s --help", blank, u->name,
                     (int)strcspn(u->operands, " "), u->operands) -
                 1,
             "its options");
    for (const struct cmd_option *o = u->options; o->name; o++)
        page_row(to, fprintf(to, "  lodestone%s%s %s", blank, u->name, o->name), o->help);
}

void cmd_help_usage(char to[CMD_USAGE_LINE], const struct cmd_usage *u)
{
    snprintf(to, CMD_USAGE_LINE, "lodestone%s%s%s%s%s", *u->name ? " " : "", u->name,
             u->n_verb ? "" : " [OPTION...]", *u->operands ? " " : "", u->operands);
}

static int tells_progress(const struct cmd_usage *u)
{
    const struct cmd_option *o = u->options;

    while (o->name && strcmp(o->name, "--progress") != 0)
        o++;
    return o->name != NULL;
}

void cmd_help_page(FILE *to, const struct cmd_usage *u)
{
    char line[CMD_USAGE_LINE];

    cmd_help_usage(line, u);
    fprintf(to, "usage: %s\n\n%s\n\n", line, u->what);
    if (u->n_verb) {
        page_verbs(to, u);
    } else {
        fputs("options:\n", to);
        for (const struct cmd_option *o = u->options; o->name; o++)
            page_option(to, o);
        page_option(to, &help_option);
    }
    if (u->more)
        fprintf(to, "\n%s\n", u->more);
    if (tells_progress(u))
        fprintf(to, "\n%s\n", cmd_progress_text);
}

/* ---- the manual page ---- */

enum { MAN_WIDTH = 78, MAN_WORD = 400 };

/* A word without what roff would take for its own. */
static size_t man_escape(char to[MAN_WORD], const char *word, size_t n)
{
    static const char special[] = "\\-'`~^.";
    static const char *const safe[] = {"\\e", "\\-", "\\(aq", "\\(ga", "\\(ti", "\\(ha", "\\&."};
    size_t k = 0;

    for (size_t i = 0; i < n && k + 8 < MAN_WORD; i++) {
        const char *at = strchr(special, word[i]);

        if (at && (*at != '.' || i == 0))
            k += (size_t)snprintf(to + k, MAN_WORD - k, "%s", safe[at - special]);
        else
            to[k++] = word[i];
    }
    to[k] = '\0';
    return k;
}

/* A line of text, in lines of the source that are not too long. */
static void man_line(const char *text, size_t n)
{
    char word[MAN_WORD];
    size_t column = 0;

    for (size_t i = 0; i < n;) {
        size_t begin = i, wide;

        while (i < n && text[i] != ' ')
            i++;
        wide = man_escape(word, text + begin, i - begin);
        if (column > 0 && column + 1 + wide > MAN_WIDTH) {
            putchar('\n');
            column = 0;
        }
        column += (size_t)printf("%s%s", column > 0 ? " " : "", word);
        while (i < n && text[i] == ' ')
            i++;
    }
    putchar('\n');
}

/* Lines that begin with blanks stay as they are; an empty line begins a paragraph. */
static void man_text(const char *text)
{
    for (const char *at = text; *at;) {
        size_t n = strcspn(at, "\n");

        if (n == 0)
            puts(".PP");
        else if (*at == ' ')
            puts(".br");
        if (n > 0)
            man_line(at + strspn(at, " "), n - strspn(at, " "));
        at += n + (at[n] == '\n');
    }
}

static void man_option(const struct cmd_option *o)
{
    char word[MAN_WORD];

    man_escape(word, o->name, strlen(o->name));
    printf(".TP\n\\fB%s\\fR", word);
    if (o->arg) {
        man_escape(word, o->arg, strlen(o->arg));
        printf(" \\fI%s\\fR", word);
    }
    putchar('\n');
    man_text(o->help);
}

static void man(const struct cmd_usage *u)
{
    char line[MAN_WORD];

    printf(".SS lodestone %s\n.B lodestone %s\n", u->name, u->name);
    snprintf(line, sizeof line, "%s%s", u->n_verb ? "" : "[OPTION...] ", u->operands);
    man_text(line);
    puts(".PP");
    man_text(u->what);
    for (const struct cmd_option *o = u->options; o->name; o++)
        man_option(o);
    if (u->more) {
        puts(".PP");
        man_text(u->more);
    }
    ask_verbs(u, "--help=man");
}

void cmd_help_man(const struct cmd_usage *program)
{
    printf(".TH LODESTONE 1 \"\" \"lodestone %s\" \"User Commands\"\n"
           ".SH NAME\nlodestone \\- supply\\-chain disruption simulator\n"
           ".SH SYNOPSIS\n.B lodestone\n",
           LODESTONE_VERSION);
    man_text(program->operands);
    puts(".SH DESCRIPTION");
    man_text(program->what);
    for (int i = 0; i < program->n_verb; i++) {
        printf(".TP\n.B %s\n", program->verbs[i].name);
        man_text(program->verbs[i].what);
    }
    puts(".SH OPTIONS");
    for (const struct cmd_option *o = program->options; o->name; o++)
        man_option(o);
    man_option(&(struct cmd_option){"--help", .help = "what can be said; of any command, too"});
    puts(".SH COMMANDS");
    ask_verbs(program, "--help=man");
    puts(".SH PROGRESS");
    man_text(cmd_progress_text);
    puts(".SH EXIT STATUS");
    man_text(program->more);
    puts(".SH FILES\n.TP");
    man_text(CMD_SHARE);
    man_text("Scenarios and networks that are installed.");
}

/* ---- the completion ---- */

static const char bash_begin[] =
    "# Completion of lodestone for bash; lodestone help --bash prints it.\n"
    "\n"
    "# What can follow the words of $1, in the variables of the caller.\n"
    "_lodestone_after()\n"
    "{\n"
    "    verbs= operand= options=\n"
    "    case $1 in\n";

static const char bash_end[] =
    "    esac\n"
    "}\n"
    "\n"
    "# _lodestone_files PATTERN: folders, and files whose names match.\n"
    "_lodestone_files()\n"
    "{\n"
    "    compgen -d -- \"$cur\"\n"
    "    compgen -f -X \"!$1\" -- \"$cur\"\n"
    "}\n"
    "\n"
    "# _lodestone_value PROGRAM WHAT: values of an option or operand that the help calls WHAT.\n"
    "_lodestone_value()\n"
    "{\n"
    "    case $2 in\n"
    "    SCENARIO*)\n"
    "        _lodestone_files '*.cfg'\n"
    "        compgen -W \"$(\"$1\" list --names 2> /dev/null)\" -- \"$cur\" ;;\n"
    "    *.cfg*) _lodestone_files '*.cfg' ;;\n"
    "    FILE*) _lodestone_files '*.h5' ;;\n"
    "    out) _lodestone_files '*' ;;\n"
    "    DIR*) _lodestone_files '' ;;\n"
    "    COMMAND*) _lodestone_after '' && compgen -W \"$verbs\" -- \"$cur\" ;;\n"
    "    '' | *[![:lower:]\\|]*) ;;\n"
    "    *) compgen -W \"${2//|/ }\" -- \"$cur\" ;;\n"
    "    esac\n"
    "}\n"
    "\n"
    "_lodestone()\n"
    "{\n"
    "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} words= what= i\n"
    "    local verbs operand options option -\n"
    "\n"
    "    set -f\n"
    "    if [[ $cur == = ]]; then # --name=value is three words\n"
    "        cur=\n"
    "    elif [[ $prev == = ]]; then\n"
    "        prev=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "    fi\n"
    "    _lodestone_after ''\n"
    "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
    "        [[ \" $verbs \" == *\" ${COMP_WORDS[i]} \"* ]] || break\n"
    "        words+=${words:+ }${COMP_WORDS[i]}\n"
    "        _lodestone_after \"$words\"\n"
    "    done\n"
    "    ((i < COMP_CWORD)) && verbs=\n"
    "    for option in $options; do\n"
    "        [[ $option == \"$prev\"=* ]] && what=${option#*=}\n"
    "    done\n"
    "    [[ $prev == -o && $what == FILE ]] && what=out\n"
    "    if [[ -z $what && $cur == -* ]]; then\n"
    "        mapfile -t COMPREPLY < <(\n"
    "            for option in $options; do compgen -W \"${option%%=*}\" -- \"$cur\"; done)\n"
    "    elif [[ -n $verbs ]]; then\n"
    "        mapfile -t COMPREPLY < <(compgen -W \"$verbs\" -- \"$cur\")\n"
    "    else\n"
    "        compopt -o filenames 2> /dev/null\n"
    "        mapfile -t COMPREPLY < <(_lodestone_value \"$1\" \"${what:-$operand}\")\n"
    "    fi\n"
    "}\n"
    "complete -F _lodestone lodestone\n";

static void bash(const struct cmd_usage *u)
{
    const char *operand = u->operands + (*u->operands == '[');

    printf("    '%s') options='", u->name);
    for (const struct cmd_option *o = u->options; o->name; o++)
        printf("%s%s%s ", o->name, o->arg ? "=" : "", o->arg ? o->arg : "");
    fputs("--help'", stdout);
    if (u->n_verb)
        fputs(" verbs='", stdout);
    else
        printf(" operand='%.*s'", (int)strcspn(operand, " ]"), operand);
    for (int i = 0; i < u->n_verb; i++)
        printf("%s%s", i ? " " : "", u->verbs[i].name);
    puts(u->n_verb ? "' ;;" : " ;;");
    ask_verbs(u, "--help=bash");
}

void cmd_help_bash(const struct cmd_usage *program)
{
    fputs(bash_begin, stdout);
    bash(program);
    fputs(bash_end, stdout);
}

void cmd_help_print(const struct cmd_usage *u, enum cmd_form form)
{
    if (form == CMD_MAN)
        man(u);
    else if (form == CMD_BASH)
        bash(u);
    else
        cmd_help_page(stdout, u);
}
