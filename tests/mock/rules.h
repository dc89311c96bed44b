/*
 * Rules: what is to go wrong. The first rule that a request matches, and that
 * is not used up, has it. Fields of a rule are described in mock.py,
 * Mock.rule().
 */

#pragma once

#include "tests/mock/call.h"

struct rules;

struct rules *rules_new(void);
/* True: a rule has the call, and answers it or hands it to call_run(). */
bool rules_take(struct call *call);
/* The call has ended. */
void rules_forget(struct call *call);

/* POST, GET, DELETE /_mock/rules; POST /_mock/release */
void rules_post(struct call *call);
void rules_get(struct call *call);
void rules_delete(struct call *call);
void rules_release(struct call *call);
