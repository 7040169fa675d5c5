/* Network namespaces: made, named and entered in threads that end at once, so that no other code is moved. */
#ifndef NLWIRE_NETNS_H
#define NLWIRE_NETNS_H
#include "values.h"

int in_thread(void (*work)(void *), void *arg);
int open_socket_in(int netns, int protocol, const char **failed);
napi_value netns_create(napi_env env, napi_callback_info info);
napi_value netns_delete(napi_env env, napi_callback_info info);
napi_value netns_open(napi_env env, napi_callback_info info);

#endif
