#include <cstdint>
#include <cstdio>
#include <exception>
#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <arpa/inet.h>
#include <netinet/in.h>

#include "load/load_error.hpp"
#include "load/scenarios.hpp"

namespace heliograph::load {
namespace {

struct Options {
  std::string scenario;
  Dialect dialect = Dialect::kSignaling;
  std::vector<std::uint16_t> ports;
  std::vector<std::uint16_t> bystander_ports;
  std::vector<int> server_processes;
  int redis_process = 0;
  std::string app_token;
  bool without_recovery = false;
  double warm_up = 1;
  double seconds = 2;
  RelayShape shape;
  std::size_t idle = 18000;
  bool tenth = false;
  double rate = 0;
};

void declare(CLI::App& app, Options& options) {
  const std::map<std::string, Dialect> dialects{{"signaling", Dialect::kSignaling},
                                                {"echo", Dialect::kEcho}};
  const std::map<std::string, BodyKind> bodies{
      {"session-description", BodyKind::kSessionDescription},
      {"ice-candidate", BodyKind::kIceCandidate}};
  app.add_option("scenario", options.scenario)
      ->required()
      ->check(CLI::IsMember({"relay", "relay-beside-idle", "connect", "call", "idle", "latency"}));
  app.add_option("--dialect", options.dialect)->transform(CLI::CheckedTransformer(dialects));
  app.add_option("--port", options.ports, "of the server's nodes, on 127.0.0.1")->required();
  app.add_option("--bystander-port", options.bystander_ports, "of nodes to leave idle, of relay");
  app.add_option("--server-process", options.server_processes, "ids of the processes to measure")
      ->required();
  app.add_option("--redis-process", options.redis_process, "the id of the one between the nodes");
  app.add_option("--app-token", options.app_token);
  app.add_flag("--without-recovery", options.without_recovery,
               "clients that do not ask to be the same peer again");
  app.add_option("--warm-up", options.warm_up, "seconds before the measured window");
  app.add_option("--seconds", options.seconds, "length of the measured window");
  app.add_option("--body", options.shape.body)->transform(CLI::CheckedTransformer(bodies));
  app.add_option("--rooms", options.shape.rooms);
  app.add_option("--room-size", options.shape.room_size)->check(CLI::Range(2, 100));
  app.add_option("--starters", options.shape.starters, "of each room, of relay");
  app.add_option("--in-flight", options.shape.in_flight)->check(CLI::PositiveNumber);
  app.add_option("--idle", options.idle, "clients beside, of relay-beside-idle");
  app.add_flag("--tenth", options.tenth, "500, 1 000 and 1 900 idle clients");
  app.add_option("--rate", options.rate, "messages a second, of latency");
}

std::chrono::milliseconds to_milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

Target target_at(const std::vector<std::uint16_t>& ports, const Options& options) {
  Target target{{}, options.dialect, options.app_token, !options.without_recovery};
  for (const std::uint16_t port : ports) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    target.addresses.push_back(address);
  }
  return target;
}

Server server_of(const Options& options) {
  Server server;
  for (const int id : options.server_processes) {
    server.nodes.emplace_back(id);
  }
  if (options.redis_process != 0) {
    server.redis.emplace(options.redis_process);
  }
  return server;
}

Report run(const Options& options) {
  const Run run{target_at(options.ports, options), target_at(options.bystander_ports, options),
                server_of(options),
                Window{to_milliseconds(options.warm_up), to_milliseconds(options.seconds)}};
  if (options.scenario == "relay") {
    return run_relay(run, options.shape);
  }
  if (options.scenario == "relay-beside-idle") {
    return run_relay_beside_idle(run, options.shape, options.idle);
  }
  if (options.scenario == "connect") {
    return run_connect(run);
  }
  if (options.scenario == "call") {
    return run_call(run);
  }
  if (options.scenario == "idle") {
    return run_idle_memory(run, options.tenth ? IdleSizes::kTenth : IdleSizes::kFull);
  }
  return run_latency(run, options.shape, options.rate);
}

}  // namespace
}  // namespace heliograph::load

int main(int argc, char** argv) {
  CLI::App app("Loads a signalling server and prints what it spent, as one line of JSON.");
  heliograph::load::Options options;
  heliograph::load::declare(app, options);
  CLI11_PARSE(app, argc, argv);
  try {
    std::puts(heliograph::load::run(options).json().c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
