/// Swagger UI's own files, linked into the program: see Assets/README.md.
#ifndef CSWAGGERUI_H
#define CSWAGGERUI_H

#include <stddef.h>

struct swagger_ui_file {
    const unsigned char *bytes;
    size_t size;
};

struct swagger_ui_file swagger_ui_bundle(void);
struct swagger_ui_file swagger_ui_style(void);
struct swagger_ui_file swagger_ui_icon(void);
struct swagger_ui_file swagger_ui_license(void);

#endif
