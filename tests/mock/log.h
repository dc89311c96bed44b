/*
 * Every request to the homeserver, with its times and answer, kept in order.
 * Numbers go on when the log is emptied.
 */

#pragma once

#include "tests/mock/call.h"

struct log {
	GPtrArray
		*requests; /* of http_request: those with and without answer */
	uint64_t before;   /* how many were forgotten */
	bool off;	   /* what comes now is not kept */
};

struct log *log_new(void);

/* GET /_mock/log: see mock.py, Mock.log(). */
void log_get(struct call *call);
/* DELETE /_mock/log */
void log_delete(struct call *call);
