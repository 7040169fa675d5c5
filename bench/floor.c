/*
 * The floor: what a dump, a round trip or an ack costs with nothing but the system calls and a walk over the message
 * headers. No library can be faster over the same socket. It also fills namespaces and makes events for the others.
 *
 *   floor NETNS dump route|link REPETITIONS        whole dumps
 *   floor NETNS getlink REPETITIONS INDEX          1,000 links by index each, one after the other
 *   floor NETNS neigh REPETITIONS INDEX            1,000 neighbours each, half of them added, half deleted, with acks
 *   floor NETNS add FIRST COUNT BATCH INDEX [RATE] adds COUNT /32 routes from FIRST on, BATCH in each send, at most
 *                                                  RATE in a second
 *   floor NETNS listen COUNT                       takes events of routes until COUNT came or a second was silent
 *
 * NETNS is the file of the namespace to work in. One line of JSON is printed; times are in nanoseconds.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ROUND_TRIPS = 1000, MAX_REPETITIONS = 1000, MAX_BATCH = 200 };

/* Large enough for any datagram of a dump (32 KiB). */
static char buffer[128 * 1024] __attribute__((aligned(4096)));
static double times[MAX_REPETITIONS];

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

/* A socket as nlwire has it: errors in the kernel's words, short acks, strict checking, and the group of messages. */
static int open_socket(unsigned groups) {
  static const int options[] = {NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_GET_STRICT_CHK, NETLINK_PKTINFO};
  struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = groups};
  int one = 1, fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (fd < 0)
    fail("socket");
  for (size_t i = 0; i < sizeof options / sizeof *options; i++)
    setsockopt(fd, SOL_NETLINK, options[i], &one, sizeof one);
  if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0)
    fail("bind");
  return fd;
}

/* Begins a request with a fixed header of `size` bytes after the nlmsghdr. */
static struct nlmsghdr *begin(void *at, int type, int flags, unsigned seq, size_t size) {
  struct nlmsghdr *h = at;
  memset(h, 0, NLMSG_SPACE(size));
  *h = (struct nlmsghdr){NLMSG_LENGTH(size), (unsigned short)type, (unsigned short)(NLM_F_REQUEST | flags), seq, 0};
  return h;
}

static void add_attribute(struct nlmsghdr *h, int type, const void *data, size_t size) {
  struct rtattr *a = (void *)((char *)h + NLMSG_ALIGN(h->nlmsg_len));
  memset(a, 0, RTA_SPACE(size));
  *a = (struct rtattr){(unsigned short)RTA_LENGTH(size), (unsigned short)type};
  memcpy(RTA_DATA(a), data, size);
  h->nlmsg_len = NLMSG_ALIGN(h->nlmsg_len) + RTA_SPACE(size);
}

static void send_all(int fd, const void *bytes, size_t size) {
  if (send(fd, bytes, size, 0) != (ssize_t)size)
    fail("send");
}

/* Receives one datagram and counts its messages. 1 when the last of an answer was among them. */
static int receive(int fd, long *messages) {
  ssize_t left = recv(fd, buffer, sizeof buffer, 0);
  if (left < 0)
    fail("recv");
  for (struct nlmsghdr *h = (void *)buffer; NLMSG_OK(h, left); h = NLMSG_NEXT(h, left)) {
    if (h->nlmsg_type == NLMSG_DONE)
      return 1;
    if (h->nlmsg_type == NLMSG_ERROR) {
      errno = -((struct nlmsgerr *)NLMSG_DATA(h))->error;
      if (errno)
        fail("the kernel says");
      return 1;
    }
    ++*messages;
  }
  return 0;
}

static void dump(int fd, const char *what, long *messages) {
  char request[64];
  struct nlmsghdr *h;
  if (!strcmp(what, "route")) {
    h = begin(request, RTM_GETROUTE, NLM_F_DUMP, 1, sizeof(struct rtmsg));
    ((struct rtmsg *)NLMSG_DATA(h))->rtm_family = AF_INET;
  } else
    h = begin(request, RTM_GETLINK, NLM_F_DUMP, 1, sizeof(struct ifinfomsg));
  send_all(fd, request, h->nlmsg_len);
  while (!receive(fd, messages))
    ;
}

static void get_links(int fd, int index, long *messages) {
  char request[64];
  for (unsigned i = 1; i <= ROUND_TRIPS; i++) {
    struct nlmsghdr *h = begin(request, RTM_GETLINK, 0, i, sizeof(struct ifinfomsg));
    ((struct ifinfomsg *)NLMSG_DATA(h))->ifi_index = index;
    send_all(fd, request, h->nlmsg_len);
    receive(fd, messages);
  }
}

static void change_neighbours(int fd, int index, long *messages) {
  char request[128];
  in_addr_t ip = inet_addr("10.255.255.77");
  for (unsigned i = 1; i <= ROUND_TRIPS; i++) {
    int add = i & 1, flags = NLM_F_ACK | (add ? NLM_F_CREATE | NLM_F_EXCL : 0);
    struct nlmsghdr *h = begin(request, add ? RTM_NEWNEIGH : RTM_DELNEIGH, flags, i, sizeof(struct ndmsg));
    struct ndmsg *n = NLMSG_DATA(h);
    n->ndm_family = AF_INET;
    n->ndm_ifindex = index;
    n->ndm_state = NUD_PERMANENT;
    add_attribute(h, NDA_DST, &ip, sizeof ip);
    add_attribute(h, NDA_LLADDR, "\2\0\0\0\0\1", 6);
    send_all(fd, request, h->nlmsg_len);
    receive(fd, messages);
    ++*messages;
  }
}

/* Only the last request of a send asks for an ack; an error of any of them is told all the same. */
static void add_routes(int fd, const char *first, int count, int batch, int index, double rate) {
  static char requests[MAX_BATCH * 64];
  in_addr_t base = ntohl(inet_addr(first));
  long messages = 0;
  double start = now();
  for (int done = 0; done < count; done += batch) {
    while (rate > 0 && now() < start + done * 1e9 / rate)
      ;
    char *at = requests;
    for (int i = 0; i < batch; i++) {
      int flags = NLM_F_CREATE | NLM_F_EXCL | (i == batch - 1 ? NLM_F_ACK : 0);
      in_addr_t ip = htonl(base + (unsigned)(done + i));
      struct nlmsghdr *h = begin(at, RTM_NEWROUTE, flags, (unsigned)(done + i + 1), sizeof(struct rtmsg));
      struct rtmsg *r = NLMSG_DATA(h);
      *r = (struct rtmsg){.rtm_family = AF_INET, .rtm_dst_len = 32, .rtm_table = RT_TABLE_MAIN};
      r->rtm_protocol = RTPROT_BOOT;
      r->rtm_scope = RT_SCOPE_LINK;
      r->rtm_type = RTN_UNICAST;
      add_attribute(h, RTA_DST, &ip, sizeof ip);
      add_attribute(h, RTA_OIF, &index, sizeof index);
      at += NLMSG_ALIGN(h->nlmsg_len);
    }
    send_all(fd, requests, (size_t)(at - requests));
    receive(fd, &messages);
  }
}

/* Says when it listens. Overruns are counted: what was lost is what is missing from the count. */
static long listen_for(long count, long *overruns) {
  struct timeval second = {.tv_sec = 1};
  long messages = 0;
  int fd = open_socket(1 << (RTNLGRP_IPV4_ROUTE - 1));
  puts("ready");
  fflush(stdout);
  while (messages < count) {
    ssize_t left = recv(fd, buffer, sizeof buffer, 0);
    if (left < 0 && errno == ENOBUFS)
      ++*overruns;
    else if (left < 0 && errno == EAGAIN)
      break;
    else if (left < 0)
      fail("recv");
    for (struct nlmsghdr *h = (void *)buffer; left > 0 && NLMSG_OK(h, left); h = NLMSG_NEXT(h, left))
      messages++;
    /* The writer may take long to begin, so only then is silence the end. */
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
  }
  return messages;
}

int main(int count, char **words) {
  if (count < 4)
    return 2;
  const char *job = words[2];
  int netns = open(words[1], O_RDONLY | O_CLOEXEC);
  if (netns < 0 || setns(netns, CLONE_NEWNET) < 0)
    fail(words[1]);
  if (!strcmp(job, "listen")) {
    long overruns = 0, messages = listen_for(atol(words[3]), &overruns);
    printf("{\"items\":%ld,\"overruns\":%ld}\n", messages, overruns);
    return 0;
  }
  int fd = open_socket(0), adding = !strcmp(job, "add"), dumping = !strcmp(job, "dump");
  if (count < (adding ? 7 : 5))
    return 2;
  if (adding && atoi(words[5]) > MAX_BATCH)
    return 2;
  int repetitions = adding ? 1 : atoi(words[dumping ? 4 : 3]);
  long messages = 0;
  for (int i = 0; i < repetitions && i < MAX_REPETITIONS; i++) {
    double start = now();
    messages = 0;
    if (adding)
      add_routes(fd, words[3], atoi(words[4]), atoi(words[5]), atoi(words[6]), count > 7 ? atof(words[7]) : 0);
    else if (dumping)
      dump(fd, words[3], &messages);
    else if (!strcmp(job, "getlink"))
      get_links(fd, atoi(words[4]), &messages);
    else
      change_neighbours(fd, atoi(words[4]), &messages);
    times[i] = now() - start;
  }
  printf("{\"items\":%ld,\"times\":[", messages);
  for (int i = 0; i < repetitions; i++)
    printf("%s%.0f", i ? "," : "", times[i]);
  puts("]}");
  return 0;
}
