#include "CSwaggerUI.h"

// Swift would compile such an array for minutes; the assembler copies the file.
#define FILE_FUNCTION(function, file)                                                                   \
    __asm__(".pushsection .rodata\n" #function "_begin:\n.incbin \"" file "\"\n" #function "_end:\n"     \
            ".byte 0\n.popsection\n");                                                                  \
    extern const unsigned char function##_begin[] __attribute__((visibility("hidden")));                \
    extern const unsigned char function##_end[] __attribute__((visibility("hidden")));                  \
    struct swagger_ui_file function(void) {                                                             \
        return (struct swagger_ui_file){function##_begin, (size_t)(function##_end - function##_begin)}; \
    }

FILE_FUNCTION(swagger_ui_bundle, "swagger-ui-bundle.js")
FILE_FUNCTION(swagger_ui_style, "swagger-ui.css")
FILE_FUNCTION(swagger_ui_icon, "favicon-32x32.png")
FILE_FUNCTION(swagger_ui_license, "LICENSE")
