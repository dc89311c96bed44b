/* The head of an HTTP request, parsed. */

#pragma once

#include <stddef.h>
#include "tests/mock/http.h"

/* Its first line and headers, without the empty line; NULL: it is none. */
struct http_request *http_request_parse(const char *head, size_t len);
