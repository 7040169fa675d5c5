#include "watch.h"

#include "socket.h"

/* No more callbacks, and nothing that keeps the event loop alive. */
static void stop_watch(Socket *nl) {
  if (!nl->callback)
    return;
  uv_poll_stop(&nl->poll);
  napi_delete_reference(nl->env, nl->callback);
  nl->callback = NULL;
}

/* libuv has let go of the poll handle. */
static void on_poll_closed(uv_handle_t *poll) {
  Socket *nl = poll->data;
  napi_handle_scope scope;
  if (napi_open_handle_scope(nl->env, &scope) == napi_ok) {
    napi_async_destroy(nl->env, nl->context);
    napi_close_handle_scope(nl->env, scope);
  }
  napi_remove_async_cleanup_hook(nl->hook);
  release_socket(nl);
}

/* Gives the poll handle to libuv to close: on_poll_closed then releases the socket. */
static void close_poll(Socket *nl) {
  stop_watch(nl);
  uv_close((uv_handle_t *)&nl->poll, on_poll_closed);
}

/* The process or worker ends while the socket is open: Node waits for on_poll_closed to remove the hook. */
static void on_env_end(napi_async_cleanup_hook_handle hook, void *arg) {
  (void)hook;
  shut_socket(arg);
}

/*
 * Readable, or an error waits. libuv stops the handle on EPOLLERR (status UV_EBADF), and netlink raises that at every
 * overrun: the watch is started again, and the next receive tells the error. What the callback throws is an uncaught
 * exception, and so is a watch that cannot be started again: otherwise it would end silently.
 */
static void on_readable(uv_poll_t *poll, int status, int events) {
  Socket *nl = poll->data;
  napi_env env = nl->env;
  napi_handle_scope scope;
  napi_value callback, global, error;
  int again = status < 0 ? uv_poll_start(poll, UV_READABLE, on_readable) : 0;
  (void)events;
  if (napi_open_handle_scope(env, &scope) != napi_ok)
    return;
  if (napi_get_reference_value(env, nl->callback, &callback) == napi_ok && napi_get_global(env, &global) == napi_ok &&
      napi_make_callback(env, nl->context, global, callback, 0, NULL, NULL) == napi_pending_exception &&
      napi_get_and_clear_last_exception(env, &error) == napi_ok)
    napi_fatal_exception(env, error);
  if (again < 0) {
    throw_errno(env, "watch", -again);
    if (napi_get_and_clear_last_exception(env, &error) == napi_ok)
      napi_fatal_exception(env, error);
  }
  napi_close_handle_scope(env, scope);
}

/* Whether libuv is an owner. */
static bool has_poll(const Socket *nl) { return nl->before_close; }

/* Gives the socket a poll handle, which it keeps until it is closed. 0, or what failed, as libuv says it. */
static int make_poll(napi_env env, Socket *nl) {
  uv_loop_t *loop;
  napi_value name;
  if (napi_get_uv_event_loop(env, &loop) || napi_create_string_utf8(env, "NLWIRE", NAPI_AUTO_LENGTH, &name) ||
      napi_async_init(env, NULL, name, &nl->context))
    return UV_ECANCELED;
  int status = uv_poll_init(loop, &nl->poll, nl->fd);
  if (status < 0) {
    napi_async_destroy(env, nl->context);
    return status;
  }
  nl->poll.data = nl;
  nl->before_close = close_poll;
  nl->owners++;
  if (nl->idle)
    uv_unref((uv_handle_t *)&nl->poll);
  /* Fails only if an argument is NULL. */
  napi_add_async_cleanup_hook(env, on_env_end, nl, &nl->hook);
  return 0;
}

/*
 * watch(handle, callback): calls back whenever a receive has something to tell; undefined ends the watch. A handle
 * that is collected is closed, watched or not: the callback has to hold it.
 */
napi_value nl_watch(napi_env env, napi_callback_info info) {
  Socket *nl;
  napi_value callback;
  if (!read_args(env, info, "watch(handle, callback)", "sf", &nl, &callback))
    return NULL;
  if (nl->fd < 0)
    return throw_errno(env, "watch", EBADF);
  stop_watch(nl);
  if (!callback)
    return NULL;
  int status = has_poll(nl) ? 0 : make_poll(env, nl);
  if (status < 0)
    return throw_errno(env, "watch", -status);
  CALL(env, napi_create_reference(env, callback, 1, &nl->callback));
  status = uv_poll_start(&nl->poll, UV_READABLE, on_readable);
  if (status == 0)
    return NULL;
  stop_watch(nl);
  return throw_errno(env, "watch", -status);
}

/* keepAlive(handle, 1 or 0): whether a watch keeps the event loop alive. It does until this says otherwise. */
napi_value nl_keep_alive(napi_env env, napi_callback_info info) {
  Socket *nl;
  int alive;
  if (!read_args(env, info, "keepAlive(handle, alive)", "si", &nl, &alive))
    return NULL;
  if (nl->fd < 0)
    return throw_errno(env, "keepAlive", EBADF);
  nl->idle = !alive;
  if (has_poll(nl))
    (alive ? uv_ref : uv_unref)((uv_handle_t *)&nl->poll);
  return NULL;
}
