/*
 * nlwire's shim: what JavaScript cannot do by itself. Netlink sockets, network namespaces to open them and to
 * run programs in, and sysctls of those.
 *
 * A failed call throws { code: 'EPERM', errno: 1, syscall: 'socket' }; send, receive and exchange, which run for every
 * message, return -errno instead.
 */
#include "netns.h"
#include "run.h"
#include "socket.h"
#include "sysctl.h"
#include "watch.h"

#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>

/* open(protocol, netnsFd) -> handle. netnsFd -1: the namespace of this thread. */
static napi_value nl_open(napi_env env, napi_callback_info info) {
  int protocol, netns;
  const char *failed;
  if (!read_args(env, info, "open(protocol, netnsFd)", "ii", &protocol, &netns))
    return NULL;
  int fd = open_socket_in(netns, protocol, &failed);
  if (fd < 0)
    return throw_errno(env, failed, errno);
  return new_socket(env, fd);
}

/* close(handle). A second time: nothing happens. */
static napi_value nl_close(napi_env env, napi_callback_info info) {
  Socket *nl;
  if (read_args(env, info, "close(handle)", "s", &nl))
    shut_socket(nl);
  return NULL;
}

/* bind(handle, port) -> the port that the kernel gave. */
static napi_value nl_bind(napi_env env, napi_callback_info info) {
  Socket *nl;
  struct sockaddr_nl address = {.nl_family = AF_NETLINK};
  socklen_t size = sizeof address;
  napi_value port;
  if (!read_args(env, info, "bind(handle, port)", "su", &nl, &address.nl_pid))
    return NULL;
  if (bind(nl->fd, (struct sockaddr *)&address, size) < 0)
    return throw_errno(env, "bind", errno);
  if (getsockname(nl->fd, (struct sockaddr *)&address, &size) < 0)
    return throw_errno(env, "getsockname", errno);
  CALL(env, napi_create_uint32(env, address.nl_pid, &port));
  return port;
}

/* setOption(handle, level, name, value). Groups are joined and left in this way too. */
static napi_value nl_set_option(napi_env env, napi_callback_info info) {
  Socket *nl;
  int level, name, value;
  if (!read_args(env, info, "setOption(handle, level, name, value)", "siii", &nl, &level, &name, &value))
    return NULL;
  if (setsockopt(nl->fd, level, name, &value, sizeof value) < 0)
    return throw_errno(env, "setsockopt", errno);
  if (level == SOL_NETLINK && (name == NETLINK_PKTINFO || name == NETLINK_LISTEN_ALL_NSID))
    nl->told = true;
  return NULL;
}

/* getOption(handle, level, name) -> value. */
static napi_value nl_get_option(napi_env env, napi_callback_info info) {
  Socket *nl;
  int level, name, value = 0;
  socklen_t size = sizeof value;
  if (!read_args(env, info, "getOption(handle, level, name)", "sii", &nl, &level, &name))
    return NULL;
  if (getsockopt(nl->fd, level, name, &value, &size) < 0)
    return throw_errno(env, "getsockopt", errno);
  return from_int(env, value);
}

/* Sends `length` of the `room` bytes: the bytes sent, or -errno. */
static int send_one(Socket *nl, const void *bytes, size_t room, int length) {
  if (length < 0 || (size_t)length > room)
    return -EINVAL;
  ssize_t sent = send(nl->fd, bytes, (size_t)length, MSG_DONTWAIT);
  return sent < 0 ? -errno : (int)sent;
}

/* send(handle, bytes, length) -> bytes sent, or -errno. To the kernel: where an unconnected socket sends. */
static napi_value nl_send(napi_env env, napi_callback_info info) {
  Socket *nl;
  void *bytes;
  size_t room;
  int length;
  if (!read_args(env, info, "send(handle, bytes, length)", "sbi", &nl, &bytes, &room, &length))
    return NULL;
  return from_int(env, send_one(nl, bytes, room, length));
}

/* Receives with what else the kernel tells of a datagram: its group in out[1], its namespace's id in out[2]. */
static ssize_t receive_told(int fd, void *bytes, size_t room, struct sockaddr_nl *sender, socklen_t *size,
                            int32_t *out) {
  char control[CMSG_SPACE(sizeof(struct nl_pktinfo)) + CMSG_SPACE(sizeof(int))]
      __attribute__((aligned(sizeof(struct cmsghdr))));
  struct iovec vector = {bytes, room};
  struct msghdr message = {.msg_name = sender, .msg_namelen = *size, .msg_iov = &vector, .msg_iovlen = 1};
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  ssize_t length = recvmsg(fd, &message, MSG_DONTWAIT | MSG_TRUNC);
  if (length < 0)
    return length;
  *size = message.msg_namelen;
  for (struct cmsghdr *item = CMSG_FIRSTHDR(&message); item; item = CMSG_NXTHDR(&message, item)) {
    /* struct nl_pktinfo is one number, the group. */
    if (item->cmsg_level == SOL_NETLINK && item->cmsg_type == NETLINK_PKTINFO)
      memcpy(&out[1], CMSG_DATA(item), sizeof out[1]);
    if (item->cmsg_level == SOL_NETLINK && item->cmsg_type == NETLINK_LISTEN_ALL_NSID)
      memcpy(&out[2], CMSG_DATA(item), sizeof out[2]);
  }
  return length;
}

/* Receives one datagram: its length, or -errno. `out` is the info of receive(). */
static int receive_one(Socket *nl, void *bytes, size_t room, int32_t *out) {
  struct sockaddr_nl sender = {0};
  socklen_t size = sizeof sender;
  int32_t told[3] = {0, 0, -1};
  /* recvfrom takes 0.2 us less, a twentieth of a whole request. */
  ssize_t length;
  if (nl->told)
    length = receive_told(nl->fd, bytes, room, &sender, &size, told);
  else
    length = recvfrom(nl->fd, bytes, room, MSG_DONTWAIT | MSG_TRUNC, (struct sockaddr *)&sender, &size);
  if (length < 0)
    return -errno;
  if (size != sizeof sender || sender.nl_family != AF_NETLINK)
    return -EPROTO;
  out[0] = (int32_t)sender.nl_pid;
  out[1] = told[1];
  out[2] = told[2];
  out[3] = (size_t)length > room;
  return (int)length;
}

/*
 * receive(handle, bytes, info) -> length, or -errno. info: [sender's port, group, nsid or -1, 1 if truncated], also of a
 * truncated datagram, of which the whole length is returned. -EPROTO: the sender is no netlink socket.
 */
static napi_value nl_receive(napi_env env, napi_callback_info call) {
  Socket *nl;
  void *bytes, *info;
  size_t room, count;
  if (!read_args(env, call, "receive(handle, bytes, info)", "sbw", &nl, &bytes, &room, &info, &count))
    return NULL;
  return from_int(env, count < 4 ? -EINVAL : receive_one(nl, bytes, room, info));
}

/*
 * exchange(handle, bytes, length, buffer, info): sends as send() does, then receives into the buffer as receive() does,
 * what the kernel has answered within the send. When it was not sent whole, info[3] is 2, and the result is that of send().
 */
static napi_value nl_exchange(napi_env env, napi_callback_info call) {
  Socket *nl;
  void *bytes, *buffer, *info;
  size_t size, room, count;
  int length;
  if (!read_args(env, call, "exchange(handle, bytes, length, buffer, info)", "sbibw", &nl, &bytes, &size, &length,
                 &buffer, &room, &info, &count))
    return NULL;
  if (count < 4)
    return from_int(env, -EINVAL);
  int32_t *out = info;
  int sent = send_one(nl, bytes, size, length);
  out[3] = sent == length ? 0 : 2;
  return from_int(env, sent == length ? receive_one(nl, buffer, room, out) : sent);
}

/* The module. It keeps nothing of its own, so that each worker can load it. */
NAPI_MODULE_INIT() {
  static const struct {
    const char *name;
    napi_callback call;
  } functions[] = {
      {"open", nl_open},
      {"close", nl_close},
      {"bind", nl_bind},
      {"setOption", nl_set_option},
      {"getOption", nl_get_option},
      {"send", nl_send},
      {"receive", nl_receive},
      {"exchange", nl_exchange},
      {"watch", nl_watch},
      {"keepAlive", nl_keep_alive},
      {"netnsCreate", netns_create},
      {"netnsDelete", netns_delete},
      {"netnsOpen", netns_open},
      {"netnsRun", netns_run},
      {"netnsExec", netns_exec},
      {"sysctlRead", sysctl_read},
      {"sysctlWrite", sysctl_write},
  };
  for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
    napi_value function;
    CALL(env, napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].call, NULL, &function));
    CALL(env, napi_set_named_property(env, exports, functions[i].name, function));
  }
  return exports;
}
