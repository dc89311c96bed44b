/* The handler of each route. */

#pragma once

#include "tests/mock/call.h"

#define ROUTE(method, pattern, run, auth) void run(struct call *call);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wredundant-decls"
#include "tests/mock/routes.def"
#pragma GCC diagnostic pop
#undef ROUTE
