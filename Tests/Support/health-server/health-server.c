// A gRPC health server (grpc.health.v1) of the least kind, for tests: SERVING as long as DIRECTORY/<service> is there.
//
//   health-server PORT DIRECTORY
//
// It speaks as much HTTP/2 as one unary call at a time takes: it reads the service's name, and answers headers, message
// and trailers. Compiled by the tests, statically.
#include <arpa/inet.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { DATA = 0, HEADERS = 1, SETTINGS = 4, PING = 6, GOAWAY = 7 };
enum { ACK = 1, END_STREAM = 1, END_HEADERS = 4 };

static int read_all(int connection, void *buffer, size_t size) {
    for (size_t got = 0; got < size;) {
        ssize_t count = read(connection, (char *)buffer + got, size - got);
        if (count <= 0) return -1;
        got += (size_t)count;
    }
    return 0;
}

static void send_frame(int connection, uint8_t type, uint8_t flags, uint32_t stream, const void *payload, size_t size) {
    uint8_t frame[9 + 64] = {0, 0, (uint8_t)size, type, flags, (uint8_t)(stream >> 24), (uint8_t)(stream >> 16),
                             (uint8_t)(stream >> 8), (uint8_t)stream};
    memcpy(frame + 9, payload, size);
    if (write(connection, frame, 9 + size) < 0) _exit(0);
}

static void answer(int connection, uint32_t stream, const char *directory, const char *service) {
    // HPACK: ":status: 200" and "content-type" are of the static table, "grpc-status" is written out.
    static const char head[] = "\x88\x0f\x10\x10" "application/grpc";
    static const char trailers[] = "\x00\x0bgrpc-status\x01" "0";
    char path[512];
    snprintf(path, sizeof path, "%s/%s", directory, service);
    uint8_t message[7] = {0, 0, 0, 0, 2, 0x08, access(path, F_OK) == 0 ? 1 : 2};
    send_frame(connection, HEADERS, END_HEADERS, stream, head, sizeof head - 1);
    send_frame(connection, DATA, 0, stream, message, sizeof message);
    send_frame(connection, HEADERS, END_HEADERS | END_STREAM, stream, trailers, sizeof trailers - 1);
}

// The name in a HealthCheckRequest: five bytes of gRPC's own, then field 1, a string.
static void read_service(const uint8_t *body, size_t size, char *service, size_t limit) {
    service[0] = 0;
    if (size < 7 || body[5] != 0x0a || (size_t)body[6] + 7 > size || body[6] >= limit) return;
    memcpy(service, body + 7, body[6]);
    service[body[6]] = 0;
}

static _Noreturn void serve(int connection, const char *directory) {
    uint8_t preface[24], head[9], payload[1 << 14];
    char service[256] = "";
    if (read_all(connection, preface, sizeof preface) < 0) _exit(0);
    send_frame(connection, SETTINGS, 0, 0, "", 0);
    while (read_all(connection, head, sizeof head) == 0) {
        size_t size = (size_t)head[0] << 16 | (size_t)head[1] << 8 | head[2];
        uint32_t stream = (uint32_t)(head[5] & 0x7f) << 24 | (uint32_t)head[6] << 16 | (uint32_t)head[7] << 8 | head[8];
        if (size > sizeof payload || read_all(connection, payload, size) < 0 || head[3] == GOAWAY) break;
        if (head[3] == SETTINGS && !(head[4] & ACK)) send_frame(connection, SETTINGS, ACK, 0, "", 0);
        if (head[3] == PING && !(head[4] & ACK)) send_frame(connection, PING, ACK, 0, payload, size);
        if (head[3] == DATA) read_service(payload, size, service, sizeof service);
        if ((head[3] == DATA || head[3] == HEADERS) && head[4] & END_STREAM)
            answer(connection, stream, directory, service);
    }
    _exit(0);
}

int main(int count, char **arguments) {
    if (count != 3) return 2;
    signal(SIGCHLD, SIG_IGN);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(arguments[1]))};
    int listening = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listening, (struct sockaddr *)&address, sizeof address) < 0 || listen(listening, 16) < 0) {
        perror("health-server");
        return 1;
    }
    for (;;) {
        int connection = accept(listening, NULL, NULL);
        if (connection < 0) continue;
        if (fork() == 0) serve(connection, arguments[2]);
        close(connection);
    }
}
