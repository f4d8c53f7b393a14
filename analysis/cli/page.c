#include "analysis/cli/page.h"

/* The bytes of a file, then \0. */
#define FILE_AS(name, path)                                                                        \
    __asm__(".section .rodata\n.global " #name "\n" #name ":\n.incbin \"" path "\"\n.byte 0\n"     \
            ".previous\n")

FILE_AS(cmd_page_script, "build/page/page.js");
FILE_AS(cmd_page_style, "analysis/page/page.css");
