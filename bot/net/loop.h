/* libcurl's multi handle as one source of the main loop: its sockets and its
 * one timer (CURLMOPT_SOCKETFUNCTION, CURLMOPT_TIMERFUNCTION). */

#pragma once

#include <curl/curl.h>
#include <glib.h>

/*
 * Drives the multi handle; turned(data) is called whenever calls may have
 * ended. loop_detach() before the multi handle is cleaned up.
 */
GSource *loop_attach(CURLM *multi, void (*turned)(void *data), void *data);
void loop_detach(GSource *source);
