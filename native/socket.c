#include "socket.h"

#include <stdlib.h>
#include <unistd.h>

/* One owner less; the last one frees. */
void release_socket(Socket *nl) {
  if (--nl->owners == 0)
    free(nl);
}

/* Closes, once. The watch first: libuv must not watch a number that the system can give out again. */
void shut_socket(Socket *nl) {
  if (nl->fd < 0)
    return;
  if (nl->before_close)
    nl->before_close(nl);
  close(nl->fd);
  nl->fd = -1;
}

/* The handle was collected, or its environment has ended. */
static void on_collected(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  shut_socket(data);
  release_socket(data);
}

/* The handle of a new socket, which owns the descriptor from now on, also when this throws. */
napi_value new_socket(napi_env env, int fd) {
  napi_value handle;
  Socket *nl = malloc(sizeof *nl);
  if (!nl) {
    close(fd);
    return throw_errno(env, "malloc", ENOMEM);
  }
  *nl = (Socket){.owners = 1, .fd = fd, .env = env};
  if (napi_create_external(env, nl, on_collected, NULL, &handle)) {
    shut_socket(nl);
    release_socket(nl);
    return throw_last(env);
  }
  /* If this fails, the collector has the socket already. */
  CALL(env, napi_type_tag_object(env, handle, &socket_tag));
  return handle;
}
